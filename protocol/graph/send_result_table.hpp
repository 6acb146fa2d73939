/// CONTRACT 12's table as data. Private to protocol/graph.
#pragma once

#include "protocol/graph/send_result.hpp"

#include <optional>

namespace assistly::graph {

struct error_meaning {
  outcome_class what = outcome_class::in_doubt;
  rate_scope scope = rate_scope::none;
  /// Zero: no retry, or nothing known.
  milliseconds retry_after{0};
};

/// The row of (code, subcode), else the row of the code, else nothing.
std::optional<error_meaning> meaning_of(std::int32_t code,
                                        std::int32_t subcode) noexcept;

} // namespace assistly::graph
