/// The complete machine-readable copy (INTERFACE section 7).
#pragma once

#include "api/run_command.hpp"

namespace assistly::api {

outcome<std::string> export_tenant(access& a, const command_call& call);

} // namespace assistly::api
