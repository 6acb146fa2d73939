/// What the two halves of a channel adapter share. Included by them alone.
#pragma once

#include "actors/channel_adapter.hpp"
#include "model/breaker.hpp"

#include <caf/stateful_actor.hpp>
#include <caf/typed_event_based_actor.hpp>

#include <chrono>
#include <deque>
#include <map>
#include <unordered_map>
#include <unordered_set>

namespace assistly::actors {

using adapter_self = channel_adapter_actor::extend<
  caf::reacts_to<send_claimed>, caf::reacts_to<send_answered>,
  caf::reacts_to<settle_done>, caf::reacts_to<send_put_back>,
  caf::reacts_to<queue_read>, caf::reacts_to<doubts_read>,
  caf::reacts_to<look_up_doubt>, caf::reacts_to<look_up_next>,
  caf::reacts_to<doubt_opened>, caf::reacts_to<doubt_looked_up>,
  caf::reacts_to<look_up_settled>, caf::reacts_to<show_doubt>,
  caf::reacts_to<doubt_shown>>;

/// A send that is to be claimed.
struct pending_send {
  turn_id id;
  conversation_id conversation;
};

struct claimed_words {
  outbox_row row;
  correspondent to;
  std::string text;
};

struct adapter_state {
  static inline const char* name = "channel_adapter";
  node_services* services = nullptr;
  storage::directory_channel channel;
  std::shared_ptr<adapter_gate> gate;
  caf::actor_addr parent;
  std::deque<pending_send> queue;
  /// Not before their time.
  std::multimap<timestamp, pending_send> later;
  /// A conversation's next message waits for the one before it, so that they
  /// arrive in order; present = one is under way.
  std::unordered_map<conversation_id, std::deque<pending_send>> talking;
  /// Everything that is known here, wherever it waits.
  std::unordered_map<turn_id, std::chrono::steady_clock::time_point> known;
  /// Conversations with an answer for which there was no room, each once: they
  /// ask again while they wait.
  std::deque<caf::actor_addr> wanting;
  std::unordered_set<caf::actor_addr> in_line;
  std::optional<timestamp> paused_until;
  /// Sends to look up at the channel, one after the other.
  std::deque<look_up_doubt> to_look_up;
  bool looking = false;
  timestamp next_look_up{};
  /// What calls say of Meta's side as a whole.
  breaker guard;
  /// The wake-up that counts; what was armed for later than it does not.
  std::optional<timestamp> armed;
  bool reading = false;
  /// Storage holds more than was read.
  bool more = false;
};

using adapter_pointer = adapter_self::stateful_pointer<adapter_state>;

/// Rows read from storage at once.
inline constexpr std::size_t outbox_page = 1'000;

inline adapter_self me(adapter_pointer self) {
  return caf::actor_cast<adapter_self>(self->ctrl());
}

/// Wakes the adapter then, or earlier if that was asked for before.
void wake_at(adapter_pointer self, timestamp when);
void count(adapter_pointer self, telemetry::send_outcome outcome);

/// The conversation was handed over, or is owed an answer again.
void tell_mailbox(adapter_pointer self, const lookup_hash& conversation);

/// It waits to be claimed; nothing happens to what is known already.
void enqueue(adapter_pointer self, const pending_send& send);

/// All channels of the app are held until then, if they are.
std::optional<timestamp> app_paused_until(adapter_pointer self);

/// No call to Meta may begin now.
bool may_not_send(adapter_pointer self);

/// Nothing more goes out on the channel for so long.
void pause(adapter_pointer self, milliseconds how_long);
/// The same on every channel of the app.
void pause_app(adapter_pointer self, milliseconds how_long);

/// The queue as storage has it; what is known already stays where it is.
void read_queue(adapter_pointer self);

/// Starts what may start, and asks for more if there is room.
void pump(adapter_pointer self);

/// The send is over, or goes to wait: the conversation's next one may start.
void release(adapter_pointer self, conversation_id conversation);
void put_off(adapter_pointer self, turn_id id, conversation_id conversation,
             timestamp until);

/// The POST, for a row that is claimed and has its place.
void call(adapter_pointer self, claimed_words words);
void take_answer(adapter_pointer self, const send_answered& answered);
void finish(adapter_pointer self, const settle_done& done);

/// What nobody vouched for in time is shown to people. It is found again after
/// a restart, and after an adapter's death.
void find_doubts(adapter_pointer self);
void take_doubts(adapter_pointer self, const doubts_read& read);
void show(adapter_pointer self, const show_doubt& order);
void take_shown(adapter_pointer self, const doubt_shown& shown);
void show_later(adapter_pointer self, turn_id id, timestamp when);

/// What is in doubt is looked up at the channel first, if that can be done, and
/// shown to people at `shown_at` if that proves nothing.
void watch_doubt(adapter_pointer self, turn_id id, timestamp shown_at);
void take_look_up(adapter_pointer self, const look_up_doubt& order);
void look_up_one(adapter_pointer self);
void ask_channel(adapter_pointer self, const doubt_opened& opened);
void take_page(adapter_pointer self, const doubt_looked_up& looked);
void end_look_up(adapter_pointer self, const look_up_settled& settled);

} // namespace assistly::actors
