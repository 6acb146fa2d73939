/// `assistly demo` and `assistly sandbox`.
#pragma once

#include "commands/context.hpp"

namespace assistly::commands {

int run_demo(const context& c);

/// The stand-in in a process of its own. Without recording nothing is
/// remembered of customers, so that a load which writes its own webhooks is
/// answered.
int run_sandbox_alone(const context& c, const std::string& business_file,
                      const std::string& webhook_url, bool record);

} // namespace assistly::commands
