#include "commands/shown.hpp"

#include "commands/terminal_text.hpp"

#include <string>

namespace assistly::commands {

namespace {

struct change {
  const char* field;
  const char* one;
  const char* many;
};

constexpr change changes[] = {
  {"channels_connected", "channel connected", "channels connected"},
  {"channels_changed", "channel changed", "channels changed"},
  {"channels_disconnected", "channel disconnected", "channels disconnected"},
  {"knowledge_added", "entry added", "entries added"},
  {"knowledge_changed", "entry changed", "entries changed"},
  {"knowledge_removed", "entry removed", "entries removed"},
};

/// Before the second and every later line of somebody's words.
constexpr std::string_view under_words = "            ";

} // namespace

void show_applied(std::ostream& out, const json::json_fields& f) {
  if (!f.flag("changed").value_or(false)) {
    out << f.text("tenant") << ": nothing to change\n";
    return;
  }
  out << f.text("tenant") << ": "
      << (f.flag("created").value_or(false) ? "created" : "updated");
  for (const auto& c : changes)
    if (auto n = f.number(c.field).value_or(0); n > 0)
      out << ", " << n << " " << (n == 1 ? c.one : c.many);
  out << "\n";
}

void show_answer(std::ostream& out, const json::json_fields& f) {
  out << "decision    " << f.text("decision") << "\n"
      << "confidence  " << f.text("confidence") << "\n"
      << "because     " << f.text("reason_text") << "\n";
  for (const auto& source : f.objects_of("sources"))
    out << "source      " << for_terminal(source.text("title")) << " ("
        << source.text("id") << ")\n";
  out << "says        " << for_terminal(f.text("text"), under_words) << "\n";
}

void show_conversations(std::ostream& out, const json::json_fields& f) {
  auto all = f.objects_of("conversations");
  if (all.empty())
    out << "There are no conversations here. They begin when a customer "
           "writes.\n";
  for (const auto& c : all)
    out << c.text("id") << "  " << c.text("channel") << "  " << c.text("mode")
        << "  " << for_terminal(c.text("person")) << "  last "
        << c.text("last_activity") << "  erases itself " << c.text("erase_at")
        << "\n";
  if (auto next = f.text("next"); !next.empty())
    out << "There are more: repeat this with --after " << next << "\n";
}

void show_conversation(std::ostream& out, const json::json_fields& f) {
  out << f.text("channel") << " conversation " << f.text("id") << "\n"
      << "person " << f.text("person_id") << " "
      << for_terminal(f.text("person")) << "\nanswered by "
      << (f.text("mode") == "human" ? "people" : "the AI") << "; erases itself "
      << f.text("erase_at") << "\n";
  for (const auto& turn : f.objects_of("turns")) {
    auto kind = turn.text("kind");
    out << turn.text("at") << "  " << turn.text("author") << " ("
        << (kind == "note" ? kind : turn.text("state"))
        << "): " << for_terminal(turn.text("text"), under_words) << "\n";
  }
}

void show_dead_letters(std::ostream& out, const json::json_fields& f) {
  auto all = f.objects_of("dead_letters");
  if (all.empty())
    out << "There are no dead letters here: every event was worked off, or is "
           "still being tried.\n";
  for (const auto& d : all)
    out << d.text("id") << "  " << d.text("channel") << "  " << d.text("reason")
        << " after " << d.number("tries").value_or(0) << " tries  received "
        << d.text("received_at") << "  given up " << d.text("given_up_at")
        << "  kept until " << d.text("until") << "\n";
  if (auto next = f.text("next"); !next.empty())
    out << "There are more: repeat this with --after " << next << "\n";
}

void show_replayed(std::ostream& out, const json::json_fields& f) {
  auto back = f.number("replayed").value_or(0);
  out << back << (back == 1 ? " event is" : " events are")
      << " being tried again\n";
  if (auto left = f.number("unreadable").value_or(0); left > 0)
    out << left << " cannot be read by this version and "
        << (left == 1 ? "stays" : "stay") << " where "
        << (left == 1 ? "it is" : "they are") << "\n";
}

void show_exported(std::ostream& out, const json::json_fields& f) {
  for (const auto& file : f.objects_of("files"))
    out << file.text("name") << "  " << file.number("records").value_or(0)
        << " records\n";
}

void show_receipt(std::ostream& out, const json::json_fields& f) {
  for (const auto& field : f.all())
    out << field.path << ": " << field.value << "\n";
}

} // namespace assistly::commands
