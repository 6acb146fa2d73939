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

/// A customer's turn whose words are still there.
struct standing_turn {
  std::int64_t seq = 0;
  /// It came in time and has words: alone, it would be owed an answer.
  bool wants_answer = true;
  std::string external_id;
  /// Comments: the comment it replies to, if any.
  std::string parent_id;
};

/// What a withdrawal takes back, and what stands beside it.
struct withdrawal {
  /// The customer's turn; 0 if there is none of that id, or none any more.
  std::int64_t seq = 0;
  /// The customer's other turns: at least those that are owed an answer or
  /// answered by an open send. For the comment a reply hangs on, all of them.
  std::vector<standing_turn> others;
};

/// The rows an event is judged by.
struct surroundings {
  /// The conversation's sends without a receipt.
  std::span<const open_send> open;
  /// Only for `event_kind::withdrawn`.
  withdrawal withdrawn;
  /// Only for an echo without our mark: the account has a private reply on its
  /// way that this may be. It is a comment's, and who the author is in direct
  /// messages is not known before its receipt.
  bool private_reply_in_doubt = false;
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
  /// Sends that stand although the epoch was raised: they go on under the new
  /// one.
  std::vector<turn_id> carried;
  /// Sends on their way that are not to leave again if they come back unsent:
  /// their epoch becomes `question_gone`.
  std::vector<turn_id> not_again;
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

/// When an echo came as far as anybody knows: `first_seen` (its acceptance), or
/// sooner by its own time where it was delivered late.
timestamp told_at(const inbound_event& event, timestamp first_seen);

/// May an echo that came at `told` be this send's? Only of a send whose fate is
/// not known, and only as long after its claim as echoes take.
bool may_echo(const outbox_row& row, timestamp told) noexcept;

/// When to look again at an echo that may be of a send in doubt; nothing once
/// it has waited `echo_grace`.
std::optional<timestamp> wait_for_receipt(timestamp first_seen, timestamp now);

/// `first_seen` is when the event was accepted; an echo waits no longer than
/// `echo_grace` after it.
take_in_result take_in(const conversation& before, const surroundings& around,
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
