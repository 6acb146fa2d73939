// What happens to a conversation, in order; its answers are in
// conversation_reply.cpp.
#include "actors/conversation.hpp"

#include "actors/conversation_state.hpp"
#include "actors/failed_try.hpp"
#include "actors/send_later.hpp"
#include "storage/conversations.hpp"
#include "telemetry/log.hpp"

#include <caf/send.hpp>

#include <algorithm>

namespace assistly::actors {

using pointer = conversation_pointer;

conversation_policy policy_of(const conversation_state& state,
                              channel_id channel) {
  return state.shared->view.get()->policy(channel,
                                          state.services->limits.quiet);
}

void arm(pointer self, timestamp when) {
  auto& state = self->state;
  if (state.armed && *state.armed <= when)
    return;
  state.armed = when;
  send_later(*state.services, when, me(self), look_at_clock{when});
}

void doze(pointer self) {
  auto& state = self->state;
  bool busy = state.in_flight > 0 || !state.waiting.empty() || state.unread
              || state.replying_for != 0
              || (state.now && state.now->reply_due_at);
  auto now = clock_now(self);
  auto until = state.busy_at + state.services->limits.passivate_after;
  if (busy)
    return arm(self, now + state.services->limits.passivate_after);
  if (now < until)
    return arm(self, until);
  if (auto parent = caf::actor_cast<tenant_actor>(state.parent))
    self->send(parent, conversation_idle{state.hash, state.received});
  arm(self, now + state.services->limits.passivate_after);
}

void trim_lines(conversation_state& state) {
  while (!state.lines.empty() && state.now
         && state.lines.front().seq <= state.now->answered_seq)
    state.lines.pop_front();
}

namespace {

constexpr milliseconds longest_retry = minutes{1};

void submit_event(pointer self, const event_accepted& accepted) {
  auto& state = self->state;
  const auto& e = (*accepted.batch)[accepted.which];
  auto request = storage::request_for(e);
  request.conversation = state.hash;
  request.policy = policy_of(state, e.channel);
  ++state.in_flight;
  state.services->writer->submit_for(
    state.tenant,
    [request = std::move(request),
     faults = &state.services->faults](storage::work& w) {
      if (faults->in_unit)
        faults->in_unit(*request.event);
      return storage::take_in(w, request);
    },
    [to = me(self), accepted](outcome<storage::taken_in> result) {
      caf::anon_send(
        to, event_taken_in{accepted.batch, accepted.which, std::move(result)});
    });
}

/// Storage is in trouble: what is in hand stays there until it is not.
void hold(pointer self, const event_accepted& event) {
  auto& state = self->state;
  auto wait = std::min<milliseconds>(
    seconds{1} * (1 << std::min(state.failures++, 6)), longest_retry);
  state.waiting.push_back({event, state.busy_at + wait});
  arm(self, state.waiting.back().retry_at);
}

/// Done with an event, one way or another.
void leave(pointer self) {
  auto& state = self->state;
  if (!state.room->leave())
    return;
  if (auto parent = caf::actor_cast<tenant_actor>(state.parent))
    self->send(parent, mailbox_empty{state.hash});
}

/// The rest of the conversation goes on without it.
void give_back(pointer self, const event_accepted& event) {
  ++self->state.in_flight;
  count_failed_try(
    *self->state.services, (*event.batch)[event.which],
    [to = me(self), event](bool counted) {
      if (counted)
        return caf::anon_send(to, event_given_back{});
      caf::anon_send(
        to, event_taken_in{event.batch, event.which,
                           fault{errc::busy, "the try was not counted"}});
    });
}

bool is_waiting(const conversation_state& state, const event_accepted& event) {
  auto id = (*event.batch)[event.which].id;
  return std::any_of(
    state.waiting.begin(), state.waiting.end(),
    [&](const auto& w) { return (*w.event.batch)[w.event.which].id == id; });
}

void take_event(pointer self, const event_accepted& event) {
  auto& state = self->state;
  ++state.received;
  const auto& faults = state.services->faults;
  if (faults.in_mailbox)
    faults.in_mailbox(*(*event.batch)[event.which].event);
  // Handed out again after somebody's death; once is enough.
  if (is_waiting(state, event))
    return leave(self);
  submit_event(self, event);
}

void take_result(pointer self, const event_taken_in& message) {
  auto& state = self->state;
  --state.in_flight;
  state.busy_at = clock_now(self);
  event_accepted event{message.batch, message.which};
  if (!message.result) {
    const auto& why = message.result.error();
    state.services->repeated.log(state.busy_at, telemetry::level::warning,
                                 "take_in_failed", why);
    return is_events_fault(why.code) ? give_back(self, event)
                                     : hold(self, event);
  }
  state.failures = 0;
  const auto& taken = *message.result;
  if (taken.redirect || taken.what != assistly::taken::deferred)
    leave(self);
  if (taken.redirect) {
    if (auto parent = caf::actor_cast<tenant_actor>(state.parent))
      self->send(parent,
                 event_routed{message.batch, message.which, *taken.redirect});
    return doze(self);
  }
  if (taken.what == assistly::taken::deferred) {
    state.waiting.push_back({event, taken.retry_at});
    return arm(self, taken.retry_at);
  }
  if (!taken.now)
    return doze(self);
  const auto& before = state.now;
  if (taken.created
      || (before && before->answered_seq >= before->customer_seq)) {
    // Nothing older is owed, so what comes from now on is all there is.
    state.lines.clear();
    state.lines_whole = true;
  }
  state.now = taken.now;
  const auto& e = *(*message.batch)[message.which].event;
  if (taken.what == assistly::taken::stored) {
    if (e.kind == event_kind::customer_text && !e.edit)
      state.lines.push_back({taken.now->customer_seq, e.text});
    else
      // Words changed or went: what is in memory is no longer what is stored.
      state.lines_whole = false;
  }
  // A cancelled answer's turns are owed again, and may have left memory.
  if (!taken.cancelled.empty())
    state.lines_whole = false;
  trim_lines(state);
  if (!state.now->reply_due_at)
    state.replying_for = 0;
  reply_if_due(self);
  doze(self);
}

void read_state(pointer self) {
  auto& state = self->state;
  state.services->writer->submit_for(
    state.tenant,
    [tenant = state.tenant, hash = state.hash](storage::work& w) {
      return storage::find_conversation(w.db, w.keys, tenant, hash);
    },
    [to = me(self)](outcome<std::optional<conversation>> now) {
      caf::anon_send(to, state_read{std::move(now)});
    });
}

void take_state(pointer self, const state_read& read) {
  auto& state = self->state;
  state.unread = !read.result;
  if (state.unread)
    return arm(self, clock_now(self) + retry_after);
  state.now = *read.result;
  state.lines_whole = false;
  state.replying_for = 0;
  reply_if_due(self);
  doze(self);
}

void take_change(pointer self) {
  auto& state = self->state;
  ++state.received;
  state.busy_at = clock_now(self);
  read_state(self);
}

void look(pointer self, const look_at_clock& wake) {
  auto& state = self->state;
  // Armed anew for an earlier moment since: that wake-up has done the work, and
  // one that answered every one of them would never be the last.
  if (!state.armed || *state.armed != wake.armed_for)
    return;
  state.armed.reset();
  auto now = clock_now(self);
  auto due = std::partition(state.waiting.begin(), state.waiting.end(),
                            [&](const auto& w) { return w.retry_at > now; });
  std::vector<waiting_event> retry(due, state.waiting.end());
  state.waiting.erase(due, state.waiting.end());
  for (const auto& w : retry)
    submit_event(self, w.event);
  for (const auto& w : state.waiting)
    arm(self, w.retry_at);
  if (state.unread)
    read_state(self);
  try_held_draft(self);
  reply_if_due(self);
  doze(self);
}

conversation_self::behavior_type
conversation_behavior(pointer self, node_services* services,
                      std::shared_ptr<tenant_shared> shared, tenant_id tenant,
                      const lookup_hash& hash, caf::actor_addr parent,
                      std::shared_ptr<mailbox_room> room) {
  auto& state = self->state;
  state.services = services;
  state.shared = std::move(shared);
  state.tenant = tenant;
  state.hash = hash;
  state.parent = std::move(parent);
  state.room = std::move(room);
  state.busy_at = services->clock->now();
  doze(self);
  return {
    [self](const event_accepted& accepted) { take_event(self, accepted); },
    [self](const event_given_back&) {
      --self->state.in_flight;
      leave(self);
      doze(self);
    },
    [self](const look_at_clock& wake) { look(self, wake); },
    [self](const leave_memory&) { self->quit(); },
    [self](const draft_made& message) { take_draft(self, message); },
    [self](const draft_failed& failed) { take_failed_draft(self, failed); },
    [self](const place_free&) {
      self->state.in_line = false;
      try_held_draft(self);
      reply_if_due(self);
    },
    [self](const conversation_changed&) { take_change(self); },
    [self](const event_taken_in& message) { take_result(self, message); },
    [self](const lines_read& read) { take_lines(self, read); },
    [self](const draft_decided& message) { take_decision(self, message); },
    [self](const state_read& read) { take_state(self, read); },
  };
}

} // namespace

conversation_actor spawn_conversation(caf::actor_system& system,
                                      node_services& services,
                                      std::shared_ptr<tenant_shared> shared,
                                      tenant_id tenant, lookup_hash hash,
                                      caf::actor_addr parent,
                                      std::shared_ptr<mailbox_room> room) {
  return system.spawn(conversation_behavior, &services, std::move(shared),
                      tenant, hash, std::move(parent), std::move(room));
}

} // namespace assistly::actors
