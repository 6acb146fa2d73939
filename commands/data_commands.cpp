#include "commands/context.hpp"
#include "protocol/json/fields.hpp"

#include <fstream>
#include <iostream>
#include <memory>
#include <sstream>

namespace assistly::commands {

namespace {

using arguments = std::map<std::string, std::string>;

/// Prints the result as JSON or through `show`.
int run_and_print(const context& c, const api::command_call& call,
                  const std::function<void(const json::json_fields&)>& show) {
  auto settings = settings_of(c);
  if (!settings)
    return exit_configuration;
  auto result = run_anywhere(*settings, call);
  if (!result)
    return fail(result.error());
  json::json_fields fields;
  if (c.json || !fields.add_json(*result))
    std::cout << *result << "\n";
  else
    show(fields);
  return exit_done;
}

outcome<std::string> read_text(const std::string& file) {
  std::ifstream in{file, std::ios::binary};
  if (!in)
    return fault{errc::io_failed, "cannot read " + file};
  std::ostringstream text;
  text << in.rdbuf();
  return std::move(text).str();
}

void show_applied(const json::json_fields& f) {
  if (!f.flag("changed").value_or(false)) {
    std::cout << f.text("tenant") << ": nothing to change\n";
    return;
  }
  std::cout << f.text("tenant") << ": "
            << (f.flag("created").value_or(false) ? "created" : "updated");
  for (const auto* what :
       {"channels_connected", "channels_changed", "channels_disconnected",
        "knowledge_added", "knowledge_changed", "knowledge_removed"})
    if (auto n = f.number(what).value_or(0); n > 0) {
      std::string name{what};
      name[name.find('_')] = ' ';
      std::cout << ", " << n << " " << name;
    }
  std::cout << "\n";
}

void show_answer(const json::json_fields& f) {
  std::cout << "decision    " << f.text("decision") << "\n"
            << "confidence  " << f.text("confidence") << "\n"
            << "because     " << f.text("reason_text") << "\n";
  for (int i = 0; f.has("sources." + std::to_string(i)); ++i)
    std::cout << "source      "
              << f.text("sources." + std::to_string(i) + ".title") << " ("
              << f.text("sources." + std::to_string(i) + ".id") << ")\n";
  std::cout << "says        " << f.text("text") << "\n";
}

void show_list(const json::json_fields& f) {
  if (!f.has("conversations.0")) {
    std::cout << "There are no conversations yet. They begin when a customer "
                 "writes.\n";
    return;
  }
  for (int i = 0; f.has("conversations." + std::to_string(i)); ++i) {
    auto at = "conversations." + std::to_string(i) + ".";
    std::cout << f.text(at + "id") << "  " << f.text(at + "channel") << "  "
              << f.text(at + "mode") << "  " << f.text(at + "person")
              << "  last " << f.text(at + "last_activity") << "  erases itself "
              << f.text(at + "erase_at") << "\n";
  }
}

void show_one(const json::json_fields& f) {
  std::cout << f.text("channel") << " conversation " << f.text("id") << "\n"
            << "person " << f.text("person_id") << " " << f.text("person")
            << "\nanswered by "
            << (f.text("mode") == "human" ? "people" : "the AI")
            << "; erases itself " << f.text("erase_at") << "\n";
  for (int i = 0; f.has("turns." + std::to_string(i)); ++i) {
    auto at = "turns." + std::to_string(i) + ".";
    std::cout << f.text(at + "at") << "  " << f.text(at + "author") << " ("
              << f.text(at + "state") << "): " << f.text(at + "text") << "\n";
  }
}

void show_exported(const json::json_fields& f) {
  for (int i = 0; f.has("files." + std::to_string(i)); ++i) {
    auto at = "files." + std::to_string(i) + ".";
    std::cout << f.text(at + "name") << "  "
              << f.number(at + "records").value_or(0) << " records\n";
  }
}

void show_receipt(const json::json_fields& f) {
  for (const auto& field : f.all())
    std::cout << field.path << ": " << field.value << "\n";
}

void add_apply(CLI::App& app, context& c) {
  auto* sub =
    app.add_subcommand("apply", "create or update businesses from their files");
  auto files = std::make_shared<std::vector<std::string>>();
  sub->add_option("FILE", *files, "tenant files (TOML)")->required();
  sub->callback([&c, files] {
    c.chosen = [&c, files] {
      for (const auto& file : *files) {
        auto text = read_text(file);
        if (!text)
          return fail(text.error());
        api::command_call call{
          "apply",
          {{"text", *text},
           {"folder", std::filesystem::absolute(file).parent_path().string()}}};
        if (int code = run_and_print(c, call, show_applied); code != exit_done)
          return code;
      }
      return exit_done;
    };
  });
}

void add_ask(CLI::App& app, context& c) {
  auto* sub =
    app.add_subcommand("ask", "show what would be answered, sending nothing");
  auto a = std::make_shared<arguments>();
  sub->add_option("--tenant", (*a)["tenant"], "the business")->required();
  sub->add_option("--channel", (*a)["channel"], "kind of channel");
  sub->add_option("TEXT", (*a)["text"], "what the customer writes")->required();
  sub->callback([&c, a] {
    c.chosen = [&c, a] { return run_and_print(c, {"ask", *a}, show_answer); };
  });
}

void add_conversation(CLI::App& app, context& c) {
  auto* sub =
    app.add_subcommand("conversation", "what a member does in the inbox");
  sub->require_subcommand(1);
  auto add = [&](const std::string& verb, const char* help, bool with_id,
                 bool with_text) {
    auto* one = sub->add_subcommand(verb, help);
    auto a = std::make_shared<arguments>();
    one->add_option("--tenant", (*a)["tenant"], "the business")->required();
    if (with_id)
      one->add_option("CONVERSATION", (*a)["conversation"], "its id")
        ->required();
    if (with_text)
      one->add_option("TEXT", (*a)["text"], "what to say")->required();
    one->callback([&c, a, verb] {
      c.chosen = [&c, a, verb] {
        return run_and_print(c, {"conversation-" + verb, *a},
                             verb == "list" ? show_list : show_one);
      };
    });
  };
  add("list", "all conversations, newest first", false, false);
  add("show", "one conversation with its turns", true, false);
  add("take", "take over: the AI falls silent", true, false);
  add("reply", "say something as a human", true, true);
  add("return", "hand back to the AI", true, false);
}

void add_export(CLI::App& app, context& c) {
  auto* sub = app.add_subcommand(
    "export", "complete machine-readable copy of a business");
  auto a = std::make_shared<arguments>();
  sub->add_option("--tenant", (*a)["tenant"], "the business")->required();
  sub->add_option("--person", (*a)["person"], "only this person");
  sub->add_option("--to", (*a)["to"], "a new or empty folder")->required();
  sub->callback([&c, a] {
    c.chosen = [&c, a] {
      // The server may run elsewhere than here.
      (*a)["to"] = std::filesystem::absolute((*a)["to"]).string();
      return run_and_print(c, {"export", *a}, show_exported);
    };
  });
}

void add_erase(CLI::App& app, context& c) {
  auto* sub = app.add_subcommand("erase", "erase at once; prints the receipt");
  auto a = std::make_shared<arguments>();
  sub->add_option("--tenant", (*a)["tenant"], "the business")->required();
  sub->add_option("--person", (*a)["person"], "only this person");
  sub->add_option("--conversation", (*a)["conversation"],
                  "only this conversation");
  sub->callback([&c, a] {
    c.chosen = [&c, a] {
      return run_and_print(c, {"erase", *a}, show_receipt);
    };
  });
}

} // namespace

void add_data_commands(CLI::App& app, context& c) {
  add_apply(app, c);
  add_ask(app, c);
  add_conversation(app, c);
  add_export(app, c);
  add_erase(app, c);
}

} // namespace assistly::commands
