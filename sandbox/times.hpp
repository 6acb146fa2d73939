/// Times as the two kinds of reader expect them.
#pragma once

#include "model/clock.hpp"

#include <string>

namespace assistly::sandbox {

/// `2026-11-20T00:00:00.000Z` (RFC 3339), for our own pages and tests.
std::string rfc3339(timestamp t);

/// `2026-11-20T00:00:00+0000`, as Graph's read calls write it (CONTRACT 3.4).
std::string graph_time(timestamp t);

/// Whole seconds since 1970.
constexpr std::int64_t unix_seconds(timestamp t) noexcept {
  return to_unix_ms(t) / 1000;
}

} // namespace assistly::sandbox
