/// What the two halves of a conversation share: its state, and the few things
/// both do. Included by them alone.
#pragma once

#include "actors/conversation.hpp"

#include <caf/stateful_actor.hpp>
#include <caf/typed_event_based_actor.hpp>

#include <deque>
#include <optional>

namespace assistly::actors {

using conversation_self = conversation_actor::extend<
  caf::reacts_to<event_taken_in>, caf::reacts_to<event_given_back>,
  caf::reacts_to<lines_read>, caf::reacts_to<draft_decided>,
  caf::reacts_to<state_read>>;

struct waiting_event {
  event_accepted event;
  timestamp retry_at{};
};

struct customer_line {
  std::int64_t seq = 0;
  std::string text;
};

struct conversation_state {
  static inline const char* name = "conversation";
  node_services* services = nullptr;
  std::shared_ptr<tenant_shared> shared;
  tenant_id tenant;
  lookup_hash hash;
  caf::actor_addr parent;
  /// Of the events in hand, whatever became of them so far.
  std::shared_ptr<mailbox_room> room;

  /// As of the last commit heard of; nothing until then.
  std::optional<conversation> now;
  /// `now` could not be read and must be asked for again.
  bool unread = false;
  /// The customer's unanswered lines; whole only while `lines_whole`.
  std::deque<customer_line> lines;
  bool lines_whole = false;

  std::vector<waiting_event> waiting;
  /// Take-ins that failed in a row.
  int failures = 0;
  std::uint64_t received = 0;
  std::size_t in_flight = 0;
  /// What an answer is being made for; 0 = none.
  std::int64_t replying_for = 0;
  ai_reply_actor reply;
  /// To make an answer; nothing while none is made, or it was passed on.
  std::shared_ptr<const answer_pass> pass;
  /// Somebody tells us when there is a place.
  bool in_line = false;
  /// Made, and waiting for a place at the channel.
  std::optional<draft> held;
  /// A decision is being written; the next answer waits for what it says.
  bool deciding = false;
  timestamp busy_at{};
  std::optional<timestamp> armed;
};

using conversation_pointer =
  conversation_self::stateful_pointer<conversation_state>;

inline conversation_self me(conversation_pointer self) {
  return caf::actor_cast<conversation_self>(self->ctrl());
}

inline timestamp clock_now(conversation_pointer self) {
  return self->state.services->clock->now();
}

conversation_policy policy_of(const conversation_state& state,
                              channel_id channel);

/// Wakes the conversation then, or earlier if that was asked for before.
void arm(conversation_pointer self, timestamp when);

/// Sees to it that somebody wakes us while something is to be done, and that
/// the tenant hears when nothing is.
void doze(conversation_pointer self);

/// Drops the lines that have their answer.
void trim_lines(conversation_state& state);

/// Starts the answer if it is owed and its time has come; else sees to it that
/// somebody wakes us.
void reply_if_due(conversation_pointer self);

/// A draft whose channel had no place for it tries again.
void try_held_draft(conversation_pointer self);

void take_lines(conversation_pointer self, const lines_read& read);
void take_draft(conversation_pointer self, const draft_made& message);
void take_failed_draft(conversation_pointer self, const draft_failed& failed);
void take_decision(conversation_pointer self, const draft_decided& message);

} // namespace assistly::actors
