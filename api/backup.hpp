/// A copy of the data on disk, taken while the node serves.
#pragma once

#include "api/access.hpp"
#include "api/run_command.hpp"

namespace assistly::api {

/// `to` is an absolute path. Answers `{"file", "bytes", "taken_at"}`.
outcome<std::string> backup(access& a, const command_call& call);

} // namespace assistly::api
