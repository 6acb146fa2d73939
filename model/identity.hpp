/// Which conversation an event belongs to.
#pragma once

#include "model/event.hpp"

#include <string>

namespace assistly {

/// The text whose keyed hash finds the conversation: space, account and id of
/// the leading alias; for comments also the post, for a comment without an
/// author the comment. Empty if the event names nobody (it is then found by
/// external id).
std::string conversation_key(const inbound_event& event);

/// The text whose keyed hash finds a person by one of its ids.
std::string alias_key(const alias& who, std::string_view account_id);

/// The text whose keyed hash finds a turn by Meta's id.
std::string external_key(channel_kind channel, std::string_view account_id,
                         std::string_view external_id);

} // namespace assistly
