#include "actors/channel_adapter.hpp"

#include "storage/outbox.hpp"
#include "storage/transactions/reply.hpp"
#include "telemetry/log.hpp"

#include <caf/send.hpp>
#include <caf/stateful_actor.hpp>
#include <caf/typed_event_based_actor.hpp>

#include <algorithm>
#include <deque>
#include <map>
#include <unordered_map>

namespace assistly::actors {

namespace {

using adapter_self = channel_adapter_actor::extend<
  caf::reacts_to<send_claimed>, caf::reacts_to<send_answered>,
  caf::reacts_to<settle_done>, caf::reacts_to<queue_read>>;

/// A send on its way: to be claimed, or claimed with its decision.
struct pending_send {
  turn_id id;
  conversation_id conversation;

  struct claimed_words {
    outbox_row row;
    correspondent to;
    std::string text;
  };

  std::optional<claimed_words> claimed;
};

struct adapter_state {
  static inline const char* name = "channel_adapter";
  node_services* services = nullptr;
  storage::directory_channel channel;
  std::shared_ptr<adapter_gate> gate;
  std::deque<pending_send> queue;
  /// Not before their time.
  std::multimap<timestamp, pending_send> later;
  /// A conversation's next message waits for the one before it, so that they
  /// arrive in order; present = one is under way.
  std::unordered_map<conversation_id, std::deque<pending_send>> talking;
  /// Everything that is known here, wherever it waits.
  std::unordered_map<turn_id, std::chrono::steady_clock::time_point> known;
  std::size_t under_way = 0;
  std::optional<timestamp> paused_until;
  bool reading = false;
};

using pointer = adapter_self::stateful_pointer<adapter_state>;

/// Rows read from storage at once.
constexpr std::size_t page = 1'000;

adapter_self me(pointer self) {
  return caf::actor_cast<adapter_self>(self->ctrl());
}

void wake_at(pointer self, timestamp when) {
  auto address = caf::actor_cast<caf::actor_addr>(self->ctrl());
  self->state.services->wakes->arm(when, [address] {
    if (auto handle = caf::actor_cast<channel_adapter_actor>(address))
      caf::anon_send(handle, look_at_clock{});
  });
}

void count(pointer self, telemetry::send_outcome outcome) {
  auto& state = self->state;
  state.services->metrics->sends_total.at(state.channel.kind, outcome).add();
}

void call(pointer self, pending_send::claimed_words words) {
  auto& state = self->state;
  state.known[words.row.id] = std::chrono::steady_clock::now();
  outgoing_message message;
  message.channel = state.channel.kind;
  message.access = state.channel.access;
  message.to = std::move(words.to);
  message.kind = words.row.kind;
  message.who = words.row.who;
  message.text = std::move(words.text);
  message.id = words.row.id;
  state.services->sender->send(
    std::move(message),
    [handle = me(self), id = words.row.id,
     conversation = words.row.conversation](send_answer answer) {
      caf::anon_send(handle, send_answered{id, conversation,
                                           std::make_shared<const send_answer>(
                                             std::move(answer))});
    });
}

void ask_claim(pointer self, const pending_send& send) {
  self->state.services->writer->submit_for(
    [tenant = self->state.channel.tenant, id = send.id](storage::work& w) {
      return storage::claim(w, tenant, id);
    },
    [handle = me(self), id = send.id,
     conversation = send.conversation](outcome<storage::claimed_send> result) {
      caf::anon_send(handle, send_claimed{id, conversation, std::move(result)});
    });
}

void start(pointer self, pending_send send) {
  auto& state = self->state;
  ++state.under_way;
  state.talking.try_emplace(send.conversation);
  if (send.claimed)
    call(self, std::move(*send.claimed));
  else
    ask_claim(self, send);
}

void pump(pointer self) {
  auto& state = self->state;
  auto now = state.services->clock->now();
  if (state.paused_until && now >= *state.paused_until)
    state.paused_until.reset();
  bool paused = !state.channel.connected || state.paused_until;
  state.gate->paused.store(paused, std::memory_order_relaxed);
  while (!paused && !state.queue.empty()
         && state.under_way < state.services->limits.sends_at_once) {
    auto send = std::move(state.queue.front());
    state.queue.pop_front();
    if (auto it = state.talking.find(send.conversation);
        it != state.talking.end())
      it->second.push_back(std::move(send));
    else
      start(self, std::move(send));
  }
  state.gate->under_way.store(state.under_way + state.queue.size(),
                              std::memory_order_relaxed);
}

void enqueue(adapter_state& state, pending_send send) {
  if (state.known.try_emplace(send.id).second)
    state.queue.push_back(std::move(send));
}

/// The send is over, or goes to wait: the conversation's next one may start.
void release(pointer self, conversation_id conversation) {
  auto& state = self->state;
  --state.under_way;
  auto it = state.talking.find(conversation);
  if (it == state.talking.end())
    return;
  auto waiting = std::move(it->second);
  state.talking.erase(it);
  for (auto rest = waiting.rbegin(); rest != waiting.rend(); ++rest)
    state.queue.push_front(std::move(*rest));
}

void put_off(pointer self, turn_id id, conversation_id conversation,
             timestamp until) {
  self->state.later.emplace(until, pending_send{id, conversation, {}});
  wake_at(self, until);
}

void take_rows(pointer self, const send_rows& order) {
  auto& state = self->state;
  for (const auto& row : order.rows) {
    pending_send send{row.id, row.conversation, {}};
    if (row.state == turn_state::sending) {
      // Claimed with its decision: the words came along.
      auto t = std::find_if(order.turns.begin(), order.turns.end(),
                            [&](const turn& one) { return one.id == row.id; });
      if (t == order.turns.end())
        continue;
      send.claimed = {row, order.to, t->text};
    }
    enqueue(state, std::move(send));
  }
  pump(self);
}

void take_claim(pointer self, const send_claimed& claimed) {
  auto& state = self->state;
  auto end = [&] {
    state.known.erase(claimed.id);
    release(self, claimed.conversation);
  };
  if (!claimed.result) {
    telemetry::log(telemetry::level::warning, "claim_failed",
                   {{"code", to_string(claimed.result.error().code)}});
    release(self, claimed.conversation);
    put_off(self, claimed.id, claimed.conversation,
            state.services->clock->now() + seconds{1});
    return pump(self);
  }
  const auto& send = *claimed.result;
  switch (send.found ? send.verdict : claim_verdict::overtaken) {
  case claim_verdict::proceed:
    return call(self, {send.row, send.to, send.text});
  case claim_verdict::not_yet:
    release(self, claimed.conversation);
    put_off(self, claimed.id, claimed.conversation, send.row.next_try_at);
    break;
  case claim_verdict::overtaken:
    count(self, telemetry::send_outcome::cancelled);
    end();
    break;
  case claim_verdict::window_closed:
    count(self, telemetry::send_outcome::failed);
    end();
    break;
  }
  pump(self);
}

void pause(pointer self, milliseconds how_long) {
  auto& state = self->state;
  auto until = state.services->clock->now() + how_long;
  if (state.paused_until && *state.paused_until >= until)
    return;
  state.paused_until = until;
  telemetry::log(telemetry::level::warning, "channel_paused",
                 {{"channel", to_string(state.channel.kind)},
                  {"seconds", std::int64_t{how_long.count() / 1000}}});
  wake_at(self, until);
}

void take_answer(pointer self, const send_answered& answered) {
  auto& state = self->state;
  std::chrono::duration<double> took =
    std::chrono::steady_clock::now() - state.known[answered.id];
  state.services->metrics->send_seconds.observe(took.count());
  if (answered.answer->pause_channel > milliseconds{0})
    pause(self, answered.answer->pause_channel);
  state.services->writer->submit_for(
    [tenant = state.channel.tenant, kind = state.channel.kind,
     account = state.channel.access.account_id, id = answered.id,
     reply = answered.answer](storage::work& w) {
      return storage::settle(w, tenant, kind, account, id, reply->report,
                             reply->private_recipient);
    },
    [handle = me(self), id = answered.id,
     conversation = answered.conversation](outcome<storage::settled> result) {
      caf::anon_send(handle, settle_done{id, conversation, std::move(result)});
    });
}

void finish(pointer self, const settle_done& done) {
  auto& state = self->state;
  using telemetry::send_outcome;
  release(self, done.conversation);
  if (!done.result) {
    // It may be sent, but that could not be written down. The row stays
    // `sending`; its echo or status, or the next start, makes it known.
    telemetry::log(telemetry::level::error, "settle_failed",
                   {{"code", to_string(done.result.error().code)}});
    count(self, send_outcome::unknown);
    state.known.erase(done.id);
    return pump(self);
  }
  switch (done.result->how.state) {
  case turn_state::sent:
    count(self, send_outcome::sent);
    break;
  case turn_state::queued:
    count(self, send_outcome::retried);
    put_off(self, done.id, done.conversation, done.result->how.next_try_at);
    return pump(self);
  case turn_state::unknown:
    // Without a conversation an echo was quicker than the answer, or the
    // conversation is gone.
    if (done.result->conversation)
      count(self, send_outcome::unknown);
    break;
  default:
    count(self, send_outcome::failed);
    break;
  }
  state.known.erase(done.id);
  pump(self);
}

void take_due(pointer self) {
  auto& state = self->state;
  auto due = state.later.upper_bound(state.services->clock->now());
  for (auto it = state.later.begin(); it != due; ++it)
    state.queue.push_back(std::move(it->second));
  state.later.erase(state.later.begin(), due);
  pump(self);
}

void read_queue(pointer self) {
  auto& state = self->state;
  if (state.reading)
    return;
  state.reading = true;
  state.services->reader->submit(
    [handle = me(self), tenant = state.channel.tenant,
     channel = state.channel.id](storage::session& s) {
      caf::anon_send(handle, queue_read{storage::waiting_sends(*s.db, tenant,
                                                               channel, page)});
    },
    [handle = me(self)](const fault& why) {
      telemetry::log(telemetry::level::error, "outbox_not_read",
                     {{"code", to_string(why.code)}});
      caf::anon_send(handle, queue_read{});
    });
}

adapter_self::behavior_type
channel_adapter(pointer self, node_services* services,
                const storage::directory_channel& channel,
                std::shared_ptr<adapter_gate> gate, bool after_death) {
  auto& state = self->state;
  state.services = services;
  state.channel = channel;
  state.gate = std::move(gate);
  if (after_death)
    services->writer->submit(
      [tenant = channel.tenant, id = channel.id](storage::work& w) {
        storage::doubt_sending(w, tenant, id);
      },
      {});
  // Start is recovery: what waited when the last process ended goes out now.
  read_queue(self);
  return {
    [self](const send_rows& order) { take_rows(self, order); },
    [self](const channel_changed& change) {
      self->state.channel = change.channel;
      // Connected anew, perhaps with a new token: try at once.
      self->state.paused_until.reset();
      read_queue(self);
    },
    [self](const look_at_clock&) { take_due(self); },
    [self](const send_claimed& claimed) { take_claim(self, claimed); },
    [self](const send_answered& answered) { take_answer(self, answered); },
    [self](const settle_done& done) { finish(self, done); },
    [self](const queue_read& read) {
      self->state.reading = false;
      for (const auto& row : read.rows)
        enqueue(self->state, {row.id, row.conversation, {}});
      pump(self);
    },
  };
}

} // namespace

channel_adapter_actor spawn_channel_adapter(caf::actor_system& system,
                                            node_services& services,
                                            storage::directory_channel channel,
                                            std::shared_ptr<adapter_gate> gate,
                                            bool after_death) {
  return system.spawn(channel_adapter, &services, std::move(channel),
                      std::move(gate), after_death);
}

} // namespace assistly::actors
