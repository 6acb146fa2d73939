/// Erasure at once, with the server up or down, and receipts as a file.
#pragma once

#include "api/run_command.hpp"
#include "storage/erasure.hpp"

#include <string>
#include <string_view>

namespace assistly::api {

outcome<std::string> erase(access& a, const command_call& call);

/// A receipt as the JSON that `verify-receipt` takes, and back. `invalid` if it
/// is no receipt.
std::string to_json(const storage::receipt& proof);
outcome<storage::receipt> receipt_from_json(std::string_view json);

} // namespace assistly::api
