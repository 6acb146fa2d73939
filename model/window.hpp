/// What may be sent right now (CONTRACT 9-11, windows).
#pragma once

#include "model/conversation.hpp"
#include "model/turn.hpp"

#include <optional>

namespace assistly {

/// Until when a reply may be sent; nothing if it may not be sent at all.
/// Comments are answered in public without a limit.
std::optional<timestamp> window_closes_at(const conversation& c);

/// May a message of this kind go out at `now`?
bool may_send(const conversation& c, turn_kind kind, timestamp now);

inline constexpr milliseconds reply_window = hours{24};
inline constexpr milliseconds private_reply_window = days{7};

} // namespace assistly
