/// The place of an event in `seen` (DESIGN section 5).
#pragma once

#include "model/event.hpp"

namespace assistly {

/// How long keys are kept: longer than WhatsApp's seven days of retries
/// (CONTRACT 3.3).
inline constexpr milliseconds seen_for = days{8};

/// The time a key is filed under: the event's own, to the second, for no more
/// is told of a message that is fetched and not delivered (CONTRACT 3.4). An
/// event without its own time is filed under
/// the start of the day it came on, so that redeliveries near it land in the
/// same place; the days before are probed too.
timestamp filed_at(const inbound_event& event, timestamp arrival) noexcept;

} // namespace assistly
