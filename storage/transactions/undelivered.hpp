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

/// The parts of a reply that were to follow `lost`, which was refused, are
/// cancelled; returns how many.
std::size_t cancel_rest(work& w, tenant_id tenant, const outbox_row& lost);

/// The same, and people are told; false if there were none.
bool hold_back_rest(work& w, tenant_id tenant, const outbox_row& lost);

/// What came of showing a doubt; nothing of both if the send was settled
/// meanwhile, or its conversation is being erased.
struct told_doubt {
  /// People have the conversation now: its mailbox is to be told.
  std::optional<lookup_hash> hash;
  /// Too early, as when the clock was set back, or somebody has it under way:
  /// to be asked again then.
  std::optional<timestamp> due;
  /// It waits in the queue of this conversation. What became clear only after
  /// its adapter had died is known to no adapter that lives.
  std::optional<conversation_id> queued;
};

/// The send has been in doubt for long enough: people get its conversation,
/// once.
told_doubt show_doubt(work& w, tenant_id tenant, turn_id id);

} // namespace assistly::storage
