/// Other people's words on an operator's terminal.
#pragma once

#include <string>
#include <string_view>

namespace assistly::commands {

/// The text with everything that would do something to a terminal, or to the
/// order in which it is read, shown as U+FFFD: control characters (C0, DEL, C1)
/// and the marks of direction (UAX 9, explicit and implicit). A line break
/// becomes one with `indent` after it, so that no line of the text can be taken
/// for one of ours; with no indent it becomes a space. `text` is UTF-8.
std::string for_terminal(std::string_view text, std::string_view indent = {});

} // namespace assistly::commands
