#include "actors/channel_adapter.hpp"

#include "actors/channel_adapter_state.hpp"
#include "actors/send_later.hpp"
#include "actors/unused_claim.hpp"
#include "storage/outbox.hpp"
#include "storage/transactions/reply.hpp"
#include "telemetry/log.hpp"

#include <caf/send.hpp>

#include <algorithm>

namespace assistly::actors {

using pointer = adapter_pointer;

void wake_at(pointer self, timestamp when) {
  auto& state = self->state;
  if (state.armed && *state.armed <= when)
    return;
  state.armed = when;
  send_later(*state.services, when, me(self), look_at_clock{when});
}

void count(pointer self, telemetry::send_outcome outcome) {
  auto& state = self->state;
  state.services->metrics->sends_total.at(state.channel.kind, outcome).add();
}

/// The send is over, or goes to wait: the conversation's next one may start.
void release(pointer self, conversation_id conversation) {
  auto& state = self->state;
  auto it = state.talking.find(conversation);
  if (it == state.talking.end())
    return;
  auto waiting = std::move(it->second);
  state.talking.erase(it);
  for (auto rest = waiting.rbegin(); rest != waiting.rend(); ++rest)
    state.queue.push_front(*rest);
}

void put_off(pointer self, turn_id id, conversation_id conversation,
             timestamp until) {
  self->state.later.emplace(until, pending_send{id, conversation});
  wake_at(self, until);
}

void tell_mailbox(pointer self, const lookup_hash& conversation) {
  auto& state = self->state;
  if (auto parent = caf::actor_cast<tenant_actor>(state.parent))
    self->send(parent,
               conversation_changed{state.channel.tenant, conversation, {}});
}

namespace {

void ask_claim(pointer self, const pending_send& send) {
  self->state.services->writer->submit_for(
    self->state.channel.tenant,
    [tenant = self->state.channel.tenant, id = send.id](storage::work& w) {
      return storage::claim(w, tenant, id);
    },
    [handle = me(self), id = send.id,
     conversation = send.conversation](outcome<storage::claimed_send> result) {
      caf::anon_send(handle, send_claimed{id, conversation, std::move(result)});
    });
}

void start(pointer self, const pending_send& send) {
  auto& state = self->state;
  state.talking.try_emplace(send.conversation);
  ask_claim(self, send);
}

/// Starts what waits here while there is room; false if there is none left.
bool start_waiting(pointer self) {
  auto& state = self->state;
  while (!state.queue.empty()) {
    auto& next = state.queue.front();
    auto talk = state.talking.find(next.conversation);
    if (talk != state.talking.end()) {
      talk->second.push_back(next);
      state.queue.pop_front();
      continue;
    }
    if (!state.gate->try_enter(state.services->limits.sends_at_once))
      return false;
    auto send = next;
    state.queue.pop_front();
    start(self, send);
  }
  return true;
}

/// As many as may come in; all of them if nobody may, for then their answers
/// belong into the outbox.
void call_wanting(pointer self, bool paused) {
  auto& state = self->state;
  auto room = paused ? state.wanting.size()
                     : state.gate->room(state.services->limits.sends_at_once);
  for (; room > 0 && !state.wanting.empty(); --room) {
    auto who = caf::actor_cast<conversation_actor>(state.wanting.front());
    state.in_line.erase(state.wanting.front());
    state.wanting.pop_front();
    if (who)
      self->send(who, place_free{});
  }
}

} // namespace

std::optional<timestamp> app_paused_until(pointer self) {
  auto& state = self->state;
  return state.services->apps.until(state.channel.kind, state.channel.access,
                                    state.services->clock->now());
}

bool may_not_send(pointer self) {
  auto& state = self->state;
  auto now = state.services->clock->now();
  if (state.paused_until && now >= *state.paused_until)
    state.paused_until.reset();
  return !state.channel.connected || state.paused_until
         || state.services->sends->ending() || app_paused_until(self);
}

void enqueue(pointer self, const pending_send& send) {
  if (self->state.known.try_emplace(send.id).second)
    self->state.queue.push_back(send);
}

namespace {

/// Calls that may be under way at once, by what the last ones said of Meta's
/// side and by how slow storage is.
std::size_t places_now(pointer self) {
  auto& state = self->state;
  auto now = state.services->clock->now();
  state.guard = at_time(state.guard, now);
  if (state.guard.state == breaker_state::open)
    wake_at(self, state.guard.open_until);
  bool waits = !state.queue.empty() || !state.wanting.empty();
  if (waits && is_shed_now(*state.services, shed_work::send)) {
    wake_at(self, now + retry_after);
    return 0;
  }
  return calls_allowed(state.guard, state.services->limits.sends_at_once);
}

} // namespace

void read_queue(pointer self) {
  auto& state = self->state;
  if (state.reading)
    return;
  state.reading = true;
  state.services->reader->submit(
    [handle = me(self), tenant = state.channel.tenant,
     channel = state.channel.id](storage::session& s) {
      caf::anon_send(handle, queue_read{storage::waiting_sends(
                               *s.db, tenant, channel, outbox_page)});
    },
    [handle = me(self)](const fault& why) {
      caf::anon_send(handle, queue_read{why});
    });
}

void pump(pointer self) {
  auto& state = self->state;
  bool paused = may_not_send(self);
  state.gate->paused.store(paused, std::memory_order_relaxed);
  // Whoever else was told of it: this channel goes on by itself.
  if (auto until = app_paused_until(self))
    wake_at(self, *until);
  state.gate->most.store(places_now(self), std::memory_order_relaxed);
  bool room = !paused && start_waiting(self);
  if (room || paused)
    call_wanting(self, paused);
  if (room && state.more && state.known.size() < outbox_page / 2)
    read_queue(self);
}

namespace {

/// Claimed with its decision, but it cannot go out now: it waits in the outbox
/// like the others and is asked again before it goes.
void put_back(pointer self, const outbox_row& row) {
  auto& state = self->state;
  state.known.try_emplace(row.id);
  give_claim_back(*state.services, state.channel.tenant, row.id,
                  [address = caf::actor_cast<caf::actor_addr>(self->ctrl()),
                   id = row.id, conversation = row.conversation] {
                    if (auto handle = caf::actor_cast<adapter_self>(address))
                      caf::anon_send(handle, send_put_back{id, conversation});
                  });
}

void take_rows(pointer self, const send_rows& order) {
  auto& state = self->state;
  state.guard = at_time(state.guard, state.services->clock->now());
  bool shut = may_not_send(self) || state.guard.state == breaker_state::open;
  for (const auto& row : order.rows) {
    if (row.state != turn_state::sending) {
      enqueue(self, {row.id, row.conversation});
      continue;
    }
    // Claimed with its decision: the words came along.
    auto t = std::find_if(order.turns.begin(), order.turns.end(),
                          [&](const turn& one) { return one.id == row.id; });
    if (shut || t == order.turns.end()
        || !state.talking.try_emplace(row.conversation).second) {
      put_back(self, row);
      continue;
    }
    state.gate->enter();
    call(self, {row, order.to, t->text});
  }
  if (order.pass)
    order.pass->give_back();
  pump(self);
}

void take_claim(pointer self, const send_claimed& claimed) {
  auto& state = self->state;
  // All but a call to come give the place back.
  if (!claimed.result || !claimed.result->found
      || claimed.result->verdict != claim_verdict::proceed)
    state.gate->leave();
  auto end = [&] {
    state.known.erase(claimed.id);
    release(self, claimed.conversation);
  };
  if (!claimed.result) {
    state.services->repeated.log(state.services->clock->now(),
                                 telemetry::level::warning, "claim_failed",
                                 claimed.result.error());
    release(self, claimed.conversation);
    put_off(self, claimed.id, claimed.conversation,
            state.services->clock->now() + retry_after);
    return pump(self);
  }
  const auto& send = *claimed.result;
  if (send.changed)
    tell_mailbox(self, send.hash);
  switch (send.found ? send.verdict : claim_verdict::overtaken) {
  case claim_verdict::proceed:
    return call(self, {send.row, send.to, send.text});
  case claim_verdict::not_yet:
    release(self, claimed.conversation);
    put_off(self, claimed.id, claimed.conversation, send.row.next_try_at);
    break;
  case claim_verdict::overtaken:
    // An adapter that died since had it under way: how that ends is watched.
    if (send.found && send.row.state == turn_state::sending)
      show_later(self, claimed.id,
                 state.services->clock->now() + doubt_shown_after);
    else
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

void take_queue(pointer self, const queue_read& read) {
  auto& state = self->state;
  state.reading = false;
  if (!read.rows) {
    state.services->repeated.log(state.services->clock->now(),
                                 telemetry::level::error, "outbox_not_read",
                                 read.rows.error());
    // What waits there is nowhere else: asked again as soon as there is room.
    state.more = true;
    return wake_at(self, state.services->clock->now() + retry_after);
  }
  state.more = read.rows->size() == outbox_page;
  for (const auto& row : *read.rows)
    enqueue(self, {row.id, row.conversation});
  pump(self);
}

void look(pointer self, const look_at_clock& wake) {
  auto& state = self->state;
  // Armed anew for an earlier moment since: that wake-up has done the work.
  if (!state.armed || *state.armed != wake.armed_for)
    return;
  state.armed.reset();
  auto due = state.later.upper_bound(state.services->clock->now());
  for (auto it = state.later.begin(); it != due; ++it)
    state.queue.push_back(it->second);
  state.later.erase(state.later.begin(), due);
  pump(self);
  // What is not due yet waits for a later wake-up, also when this one came too
  // early because the clock was set back.
  if (!state.later.empty())
    wake_at(self, state.later.begin()->first);
  if (state.paused_until)
    wake_at(self, *state.paused_until);
}

void take_in_line(pointer self, const place_wanted& wanted) {
  auto& state = self->state;
  if (state.in_line.insert(wanted.who).second)
    state.wanting.push_back(wanted.who);
  pump(self);
}

adapter_self::behavior_type
channel_adapter(pointer self, node_services* services,
                const storage::directory_channel& channel,
                std::shared_ptr<adapter_gate> gate, caf::actor_addr parent) {
  auto& state = self->state;
  state.parent = std::move(parent);
  state.services = services;
  state.channel = channel;
  state.gate = std::move(gate);
  return {
    [self](const send_rows& order) { take_rows(self, order); },
    [self](const channel_changed& change) {
      self->state.channel = change.channel;
      // Connected anew, perhaps with a new token: try at once.
      self->state.paused_until.reset();
      read_queue(self);
    },
    [self](const look_at_clock& wake) { look(self, wake); },
    [self](const send_claimed& claimed) { take_claim(self, claimed); },
    [self](const send_answered& answered) { take_answer(self, answered); },
    [self](const settle_done& done) { finish(self, done); },
    [self](const send_put_back& back) {
      self->state.queue.push_back({back.id, back.conversation});
      pump(self);
    },
    [self](const place_wanted& wanted) { take_in_line(self, wanted); },
    [self](const queue_read& read) { take_queue(self, read); },
    [self](const recover&) { find_doubts(self); },
    [self](const doubts_read& read) { take_doubts(self, read); },
    [self](const look_up_doubt& order) { take_look_up(self, order); },
    [self](const look_up_next&) { look_up_one(self); },
    [self](const doubt_opened& opened) { ask_channel(self, opened); },
    [self](const doubt_looked_up& looked) { take_page(self, looked); },
    [self](const look_up_settled& settled) { end_look_up(self, settled); },
    [self](const show_doubt& order) { show(self, order); },
    [self](const doubt_shown& shown) { take_shown(self, shown); },
  };
}

} // namespace

channel_adapter_actor spawn_channel_adapter(caf::actor_system& system,
                                            node_services& services,
                                            storage::directory_channel channel,
                                            std::shared_ptr<adapter_gate> gate,
                                            caf::actor_addr parent) {
  return system.spawn(channel_adapter, &services, std::move(channel),
                      std::move(gate), std::move(parent));
}

} // namespace assistly::actors
