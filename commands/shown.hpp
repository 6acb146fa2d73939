/// What people read of a command's result; programs ask for `--json`. This text
/// may change.
#pragma once

#include "protocol/json/fields.hpp"

#include <ostream>

namespace assistly::commands {

void show_applied(std::ostream& out, const json::json_fields& f);
void show_answer(std::ostream& out, const json::json_fields& f);
void show_conversations(std::ostream& out, const json::json_fields& f);
void show_conversation(std::ostream& out, const json::json_fields& f);
void show_dead_letters(std::ostream& out, const json::json_fields& f);
void show_replayed(std::ostream& out, const json::json_fields& f);
void show_exported(std::ostream& out, const json::json_fields& f);
void show_receipt(std::ostream& out, const json::json_fields& f);

} // namespace assistly::commands
