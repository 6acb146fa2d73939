#include "commands/context.hpp"
#include "commands/shown.hpp"
#include "config/document.hpp"
#include "config/read_file.hpp"
#include "model/channel.hpp"
#include "protocol/json/fields.hpp"
#include "protocol/json/utf8.hpp"
#include "protocol/json/writer.hpp"

#include <iostream>
#include <limits>
#include <memory>
#include <sstream>

namespace assistly::commands {

namespace {

using arguments = std::map<std::string, std::string>;

using show = void (*)(std::ostream&, const json::json_fields&);

/// Prints the result as JSON or for people.
int print(const context& c, const std::string& result, show shown) {
  if (c.json) {
    std::cout << result << "\n";
    return exit_done;
  }
  json::json_fields fields;
  if (!fields.add_json(result, {}, std::numeric_limits<std::size_t>::max()))
    return fail({errc::internal,
                 "it is done, but the result cannot be shown; --json prints "
                 "it as it is"});
  shown(std::cout, fields);
  return exit_done;
}

int run_and_print(const context& c, const api::command_call& call, show shown) {
  auto settings = settings_of(c);
  if (!settings)
    return exit_configuration;
  auto result = run_anywhere(*settings, call);
  return result ? print(c, *result, shown) : fail(result.error());
}

/// Whatever was wrong, in the file that it was wrong in.
fault in_file(const std::string& file, const fault& why) {
  fault named{why.code, {}};
  std::istringstream lines{why.text};
  for (std::string line; std::getline(lines, line);)
    named.text += (named.text.empty() ? "" : "\n") + file + ": " + line;
  return named;
}

outcome<std::string> apply_file(const config::settings& settings,
                                const std::string& file) {
  auto text = config::read_file(file, config::max_document_bytes);
  if (!text)
    return text.error();
  // Before it is handed to a running server: JSON cannot carry such bytes, and
  // what it would make of them is not what the file says.
  if (!json::is_utf8(*text))
    return in_file(file, {errc::invalid,
                          "it is not in UTF-8; save it as UTF-8, nothing was "
                          "changed"});
  auto applied = run_anywhere(
    settings,
    {"apply",
     {{"text", *text},
      {"folder", std::filesystem::absolute(file).parent_path().string()}}});
  if (!applied)
    return in_file(file, applied.error());
  return applied;
}

/// One document whatever happens: an object for one file, a list for several.
/// The first file that is refused ends it; those before it are applied.
int apply_files(const context& c, const std::vector<std::string>& files) {
  auto settings = settings_of(c);
  if (!settings)
    return exit_configuration;
  json::json_writer list{json::json_form::utf8};
  list.open_list();
  int code = exit_done;
  for (const auto& file : files) {
    auto applied = apply_file(*settings, file);
    if (!applied) {
      code = fail(applied.error());
      break;
    }
    list.raw(*applied);
    if (!c.json || files.size() == 1)
      print(c, *applied, show_applied);
  }
  list.close_list();
  if (c.json && files.size() > 1)
    std::cout << list.view() << "\n";
  return code;
}

void add_apply(CLI::App& app, context& c) {
  auto* sub =
    app.add_subcommand("apply", "create or update businesses from their files");
  auto files = std::make_shared<std::vector<std::string>>();
  sub->add_option("FILE", *files, "tenant files (TOML)")->required();
  sub->callback(
    [&c, files] { c.chosen = [&c, files] { return apply_files(c, *files); }; });
}

std::vector<std::string> channel_kinds() {
  std::vector<std::string> all;
  for (auto kind : all_channel_kinds)
    all.emplace_back(to_string(kind));
  return all;
}

void add_ask(CLI::App& app, context& c) {
  auto* sub =
    app.add_subcommand("ask", "show what would be answered, sending nothing");
  auto a = std::make_shared<arguments>();
  sub->add_option("--tenant", (*a)["tenant"], "the business")->required();
  sub->add_option("--channel", (*a)["channel"], "kind of channel")
    ->check(CLI::IsMember(channel_kinds()));
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
    if (verb == "list") {
      (*a)["limit"] = "50";
      one->add_option("--limit", (*a)["limit"], "at most so many")
        ->check(CLI::Range(1, 1000))
        ->capture_default_str();
      one->add_option("--after", (*a)["after"],
                      "where the page before ended, as it says itself");
    }
    one->callback([&c, a, verb] {
      c.chosen = [&c, a, verb] {
        return run_and_print(c, {"conversation-" + verb, *a},
                             verb == "list" ? show_conversations
                                            : show_conversation);
      };
    });
  };
  add("list", "the conversations, latest activity first", false, false);
  add("show", "one conversation with its turns", true, false);
  add("take", "take over: the AI falls silent", true, false);
  add("reply", "say something as a human", true, true);
  add("return", "hand back to the AI", true, false);
}

void add_dead_letters(CLI::App& app, context& c) {
  auto* sub = app.add_subcommand(
    "dead-letter", "events that nobody could work off, after several tries");
  sub->require_subcommand(1);
  auto* list =
    sub->add_subcommand("list", "id, channel, reason, tries, and how long it "
                                "is kept; never what the customer wrote");
  auto a = std::make_shared<arguments>();
  (*a)["limit"] = "50";
  list->add_option("--tenant", (*a)["tenant"], "the business")->required();
  list->add_option("--limit", (*a)["limit"], "at most so many")
    ->check(CLI::Range(1, 1000))
    ->capture_default_str();
  list->add_option("--after", (*a)["after"],
                   "where the page before ended, as it says itself");
  list->callback([&c, a] {
    c.chosen = [&c, a] {
      return run_and_print(c, {"dead-letter-list", *a}, show_dead_letters);
    };
  });
  auto* again = sub->add_subcommand(
    "replay", "try them again as if they had just come; each has its effect "
              "once, and becomes a dead letter again if it still fails");
  auto r = std::make_shared<arguments>();
  auto all = std::make_shared<bool>(false);
  again->add_option("--tenant", (*r)["tenant"], "the business")->required();
  auto* which = again->add_option_group("which");
  which->add_option("--id", (*r)["id"], "this one");
  which->add_flag("--all", *all, "all of the business");
  which->require_option(1);
  again->callback([&c, r, all] {
    c.chosen = [&c, r, all] {
      if (*all)
        (*r)["all"] = "true";
      return run_and_print(c, {"dead-letter-replay", *r}, show_replayed);
    };
  });
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
  add_dead_letters(app, c);
  add_export(app, c);
  add_erase(app, c);
}

} // namespace assistly::commands
