/// Meta's times, in one unit.
#pragma once

#include "model/clock.hpp"

#include <optional>
#include <string_view>

namespace assistly::webhook {

/// Milliseconds since 1970 from a JSON token: a number or a numeric string;
/// below 10^11 it counts seconds (CONTRACT 3.4). Nothing for zero, a sign, a
/// fraction, or a time after the year 5138.
std::optional<timestamp> read_time(std::string_view token) noexcept;

} // namespace assistly::webhook
