/// What an accepted event does to its conversation (DESIGN section 2, take in).
/// Pure: rows in, rows out.
#pragma once

#include "model/conversation.hpp"
#include "model/policy.hpp"
#include "model/turn.hpp"

#include <span>

namespace assistly {

/// An outgoing message of the conversation that has no receipt yet.
struct open_send {
  outbox_row row;
  std::string text;
};

/// A state learned about one of our sends.
struct send_news {
  turn_id id;
  turn_state state = turn_state::sent;
  std::string external_id;
  std::int32_t failure_code = 0;
};

enum class taken : std::uint8_t {
  stored,     ///< A new turn, or a change of one.
  reconciled, ///< It told of one of our own sends.
  deferred,   ///< Wait until `retry_at`; the journal row stays.
  ignored,    ///< Nothing to keep: it adds nothing or creates nothing.
};

struct take_in_result {
  taken what = taken::ignored;
  conversation after;
  /// The new turn; its id and seq are final.
  std::optional<turn> added;
  /// Queued sends that this overtakes.
  std::vector<turn_id> cancelled;
  std::optional<send_news> news;
  /// The turn with this external id was taken back by the customer.
  std::string withdrawn_external_id;
  /// A comment edited by its author: new text for the turn with this id.
  std::string edited_external_id;
  timestamp retry_at{};
};

/// True if the event may create a conversation or person: only a customer's act
/// or a human's echo does.
bool creates_conversation(const inbound_event& event) noexcept;

/// A conversation that does not exist yet, for the event that opens it.
conversation open_conversation(const inbound_event& event, tenant_id tenant,
                               channel_id channel, lookup_hash hash,
                               timestamp now, random_source& random);

/// `open` are the conversation's sends without a receipt. `first_seen` is when
/// the event was accepted; an echo waits no longer than `echo_grace` after it.
take_in_result take_in(const conversation& before,
                       std::span<const open_send> open,
                       const inbound_event& event, timestamp first_seen,
                       const conversation_policy& policy, timestamp now,
                       random_source& random);

/// The owner at `now`: a human's turn that ran out counts as given back.
/// Returns true if it changed (the epoch is then raised).
bool give_back_if_unattended(conversation& c, timestamp now);

/// A person takes over, or hands back. Both raise the epoch unless it is so
/// already; taking over clears the owed answer.
bool take_over(conversation& c, const conversation_policy& policy,
               timestamp now);
bool hand_back(conversation& c);

} // namespace assistly
