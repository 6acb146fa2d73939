/// What a send that never arrived, or perhaps, does to its conversation.
#pragma once

#include "model/undelivered.hpp"
#include "storage/writer.hpp"

#include <optional>

namespace assistly::storage {

/// What the business decided, as far as its own settings say it.
conversation_policy policy_of(work& w, tenant_id tenant, channel_id channel);

/// People take over if the model says so; returns true if they do.
bool hand_over_undelivered(work& w, const conversation& before, author who,
                           loss why, std::int32_t code);

/// The send has been in doubt for long enough: people get its conversation,
/// once. Nothing if it was settled meanwhile, or its conversation is being
/// erased; else whose mailbox is to be told.
std::optional<lookup_hash> show_doubt(work& w, tenant_id tenant, turn_id id);

} // namespace assistly::storage
