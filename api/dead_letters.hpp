/// `dead-letter`: events that nobody could work off, and their second chance.
#pragma once

#include "api/run_command.hpp"

#include <string_view>

namespace assistly::api {

/// `list` and `replay`, of one business. Tells id, channel, times, tries and
/// reason; the content stays sealed.
outcome<std::string> dead_letter_command(access& a, const command_call& call,
                                         std::string_view verb);

} // namespace assistly::api
