/// `apply` and `ask`.
#pragma once

#include "api/run_command.hpp"

namespace assistly::api {

outcome<std::string> apply(access& a, const command_call& call);
outcome<std::string> ask(access& a, const command_call& call);

} // namespace assistly::api
