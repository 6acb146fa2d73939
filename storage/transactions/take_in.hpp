/// The transaction *take in*: what an accepted event does, in one commit with
/// the end of its journal row.
#pragma once

#include "model/take_in.hpp"
#include "storage/journal.hpp"

#include <memory>
#include <optional>
#include <vector>

namespace assistly::storage {

struct take_in_request {
  tenant_id tenant;
  channel_id channel;
  journal_id entry;
  std::optional<lookup_hash> conversation;
  timestamp received_at{};
  std::shared_ptr<const inbound_event> event;
  conversation_policy policy;
};

/// All but the policy, of an entry with its event.
take_in_request request_for(const journal_entry& e);

struct taken_in {
  taken what = taken::ignored;
  /// The conversation as it is now; nothing if the event belongs to none.
  std::optional<conversation> now;
  bool created = false;
  std::vector<turn_id> cancelled;
  /// What the customer wrote, if an answer is owed for it.
  bool owes_answer = false;
  /// The event belongs to this conversation, which another mailbox serves;
  /// nothing was written.
  std::optional<lookup_hash> redirect;
  timestamp retry_at{};
};

/// Idempotent: an entry that was worked off already changes nothing. What comes
/// for a conversation that is being erased (its retention ran out and its rows
/// have begun to go, or its key is gone) is deferred, and taken in anew when
/// the erasure is over. May throw `sql::failure`.
taken_in take_in(work& w, const take_in_request& request);

/// For an event that names nobody (a status with only an id, an own comment):
/// the conversation that holds the send or comment it is about. If there is
/// none, or it is being erased, its journal row ends here.
std::optional<lookup_hash> route_by_external(work& w,
                                             const take_in_request& request);

} // namespace assistly::storage
