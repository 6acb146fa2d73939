/// The place of an event in `seen` (DESIGN section 5).
#pragma once

#include "model/event.hpp"

namespace assistly {

/// How long keys are kept: longer than WhatsApp's seven days of retries
/// (CONTRACT 3.3).
inline constexpr milliseconds seen_for = days{8};

/// The time a key is filed under: the event's own, so that keys which arrive
/// together are written beside each other. An event without its own time is
/// filed under the start of the day it came on, so that redeliveries near it
/// land in the same place; the days before are probed too.
timestamp filed_at(const inbound_event& event, timestamp arrival) noexcept;

/// Where the key of the same event stands if it was fetched and not delivered:
/// Meta's read interface tells whole seconds (CONTRACT 3.4).
timestamp fetched_place(timestamp filed) noexcept;

} // namespace assistly
