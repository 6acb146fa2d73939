/// What a customer's words taken back undo: the answers to them, and the
/// comment that would have been answered.
#pragma once

#include "model/take_in.hpp"

namespace assistly {

/// Applies the withdrawal that `around` describes to `r.after`. Nothing is said
/// about words that were taken back, and what else the customer said is not
/// forgotten with them.
void take_back(take_in_result& r, const surroundings& around,
               const conversation_policy& policy, timestamp now);

} // namespace assistly
