/// What the end of a send that never arrived does to its conversation.
#pragma once

#include "model/undelivered.hpp"
#include "storage/writer.hpp"

namespace assistly::storage {

/// What the business decided, as far as its own settings say it.
conversation_policy policy_of(work& w, tenant_id tenant, channel_id channel);

/// People take over if the model says so; returns true if they do.
bool hand_over_undelivered(work& w, const conversation& before, author who,
                           loss why, std::int32_t code);

} // namespace assistly::storage
