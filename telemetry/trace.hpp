/// A number that follows one message from the webhook to the send, through
/// every line of the log. It says nothing about whose message it is.
#pragma once

#include "model/clock.hpp"

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace assistly::telemetry {

struct trace_id {
  /// Random; 0 means "none".
  std::uint64_t value = 0;

  auto operator<=>(const trace_id&) const = default;
};

/// A new id, never 0.
trace_id make_trace_id(random_source& random) noexcept;

/// 16 lower-case hexadecimal digits, and back. Anything else is no trace id.
std::string to_string(trace_id id);
std::optional<trace_id> parse_trace_id(std::string_view text) noexcept;

} // namespace assistly::telemetry
