/// From an answer to the messages that carry it, for each kind of channel.
/// Pure.
#pragma once

#include "actors/services.hpp"
#include "answers/decide.hpp"
#include "model/decide.hpp"

#include <string>
#include <vector>

namespace assistly::actors {

/// `lines` are the customer's unanswered ones, oldest first. A comment that a
/// rule of the tenant names gets the rule's replies; else the answer stands
/// under it.
draft words_for(const tenant_view& tenant, channel_kind kind, channel_mode mode,
                const answers::answer& decided,
                const std::vector<std::string>& lines);

/// A hand-off that no engine decided: making the answer failed too often.
draft words_after_failures(const tenant_view& tenant, channel_kind kind,
                           const std::vector<std::string>& lines);

} // namespace assistly::actors
