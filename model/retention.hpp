/// When content ends.
#pragma once

#include "model/conversation.hpp"
#include "model/policy.hpp"

namespace assistly {

/// The second a conversation erases itself, from its last activity. Rounded up
/// to the whole second, so that what is shown is what happens.
timestamp erase_at(timestamp last_activity, const retention_policy& policy);

/// True if the conversation is to be erased now. A hold stops the clock.
bool is_expired(const conversation& c, timestamp now) noexcept;

} // namespace assistly
