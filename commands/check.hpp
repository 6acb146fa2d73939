/// `assistly check`.
#pragma once

#include "commands/context.hpp"

namespace assistly::commands {

/// Prints a line for each thing that can be wrong; `exit_failed` if one is.
int run_check(const context& c, bool deep);

} // namespace assistly::commands
