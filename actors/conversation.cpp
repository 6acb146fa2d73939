// Long because it is one mailbox: every branch of what may happen to a
// conversation stands beside the others it must agree with.
#include "actors/conversation.hpp"

#include "actors/ai_reply.hpp"
#include "actors/reply_words.hpp"
#include "storage/conversations.hpp"
#include "storage/turns.hpp"
#include "telemetry/log.hpp"

#include <caf/send.hpp>
#include <caf/stateful_actor.hpp>
#include <caf/typed_event_based_actor.hpp>

#include <algorithm>
#include <deque>

namespace assistly::actors {

namespace {

using conversation_self = conversation_actor::extend<
  caf::reacts_to<event_taken_in>, caf::reacts_to<lines_read>,
  caf::reacts_to<draft_decided>, caf::reacts_to<state_read>>;

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

  /// As of the last commit heard of; nothing until then.
  std::optional<conversation> now;
  /// The customer's unanswered lines; whole only while `lines_whole`.
  std::deque<customer_line> lines;
  bool lines_whole = false;

  std::vector<waiting_event> waiting;
  std::uint64_t received = 0;
  std::size_t in_flight = 0;
  /// What an answer is being made for; 0 = none.
  std::int64_t replying_for = 0;
  ai_reply_actor reply;
  timestamp busy_at{};
  std::optional<timestamp> armed;
};

using pointer = conversation_self::stateful_pointer<conversation_state>;

conversation_self me(pointer self) {
  return caf::actor_cast<conversation_self>(self->ctrl());
}

void arm(pointer self, timestamp when) {
  auto& state = self->state;
  if (state.armed && *state.armed <= when)
    return;
  state.armed = when;
  // Weak: a wake-up must not keep a conversation in memory.
  auto address = caf::actor_cast<caf::actor_addr>(self->ctrl());
  state.services->wakes->arm(when, [address] {
    if (auto handle = caf::actor_cast<conversation_actor>(address))
      caf::anon_send(handle, look_at_clock{});
  });
}

timestamp clock_now(pointer self) {
  return self->state.services->clock->now();
}

conversation_policy policy_of(const conversation_state& state,
                              channel_id channel) {
  return state.shared->view.get()->policy(channel,
                                          state.services->limits.quiet);
}

void submit_event(pointer self, const event_accepted& accepted) {
  auto& state = self->state;
  const auto& e = (*accepted.batch)[accepted.which];
  storage::take_in_request request;
  request.tenant = e.tenant;
  request.channel = e.channel;
  request.entry = e.id;
  request.conversation = state.hash;
  request.received_at = e.received_at;
  request.event = e.event;
  request.policy = policy_of(state, e.channel);
  ++state.in_flight;
  state.services->writer->submit_for(
    [request = std::move(request)](storage::work& w) {
      return storage::take_in(w, request);
    },
    [to = me(self), accepted](outcome<storage::taken_in> result) {
      caf::anon_send(
        to, event_taken_in{accepted.batch, accepted.which, std::move(result)});
    });
}

void trim_lines(conversation_state& state) {
  while (!state.lines.empty() && state.now
         && state.lines.front().seq <= state.now->answered_seq)
    state.lines.pop_front();
}

/// The texts of all turns an answer is owed for, if they are in memory.
std::optional<std::vector<std::string>>
owed_lines(const conversation_state& state) {
  if (!state.lines_whole || state.lines.empty()
      || state.lines.back().seq != state.now->customer_seq)
    return std::nullopt;
  std::vector<std::string> all;
  for (const auto& line : state.lines)
    all.push_back(line.text);
  return all;
}

void start_reply(pointer self, std::vector<std::string> lines) {
  auto& state = self->state;
  const auto& c = *state.now;
  auto view = state.shared->view.get();
  if (lines.empty())
    lines.emplace_back();
  if (c.reply_attempts >= state.services->limits.most_reply_attempts) {
    auto made = words_after_failures(*view, c.kind, lines);
    made.epoch = c.epoch;
    made.for_seq = c.customer_seq;
    self->send(me(self), draft_made{std::move(made)});
    return;
  }
  make_draft order;
  order.tenant = std::move(view);
  order.channel = c.channel;
  order.kind = c.kind;
  order.epoch = c.epoch;
  order.for_seq = c.customer_seq;
  order.lines = std::move(lines);
  state.reply = spawn_ai_reply(self->system(), *state.services, me(self));
  self->send(state.reply, std::move(order));
}

void read_lines(pointer self) {
  auto& state = self->state;
  const auto& c = *state.now;
  state.services->reader->submit(
    [to = me(self), tenant = c.tenant, id = c.id, after = c.answered_seq,
     epoch = c.epoch, for_seq = c.customer_seq](storage::session& s) {
      lines_read read;
      read.epoch = epoch;
      read.for_seq = for_seq;
      for (auto& t : storage::read_turns(*s.db, s.keys, tenant, id, after))
        if (t.who == author::customer && t.state == turn_state::received)
          read.lines.push_back(std::move(t.text));
      caf::anon_send(to, std::move(read));
    },
    [to = me(self), epoch = c.epoch, for_seq = c.customer_seq](const fault&) {
      caf::anon_send(to, draft_failed{epoch, for_seq});
    });
}

/// Starts the answer if it is owed and its time has come; else sees to it that
/// somebody wakes us.
void reply_if_due(pointer self) {
  auto& state = self->state;
  if (!state.now || !state.now->reply_due_at)
    return;
  auto now = clock_now(self);
  if (*state.now->reply_due_at > now)
    return arm(self, *state.now->reply_due_at);
  if (state.replying_for == state.now->customer_seq)
    return;
  if (!state.shared->view.get()->index)
    // The first build of the tenant's knowledge is under way.
    return arm(self, now + milliseconds{20});
  if (state.reply)
    // Made for something older: nobody will use it.
    self->send_exit(state.reply, caf::exit_reason::user_shutdown);
  state.replying_for = state.now->customer_seq;
  trim_lines(state);
  if (auto lines = owed_lines(state))
    start_reply(self, std::move(*lines));
  else
    read_lines(self);
}

void doze(pointer self) {
  auto& state = self->state;
  bool busy = state.in_flight > 0 || !state.waiting.empty()
              || state.replying_for != 0
              || (state.now && state.now->reply_due_at);
  auto now = clock_now(self);
  auto until = state.busy_at + state.services->limits.passivate_after;
  if (busy || now < until)
    return arm(self, std::max(until, now + milliseconds{1}));
  if (auto parent = caf::actor_cast<tenant_actor>(state.parent))
    self->send(parent, conversation_idle{state.hash, state.received});
  arm(self, now + state.services->limits.passivate_after);
}

void take_result(pointer self, const event_taken_in& message) {
  auto& state = self->state;
  --state.in_flight;
  state.busy_at = clock_now(self);
  event_accepted event{message.batch, message.which};
  if (!message.result) {
    telemetry::log(telemetry::level::warning, "take_in_failed",
                   {{"code", to_string(message.result.error().code)}});
    state.waiting.push_back({event, state.busy_at + seconds{1}});
    return arm(self, state.waiting.back().retry_at);
  }
  const auto& taken = *message.result;
  if (taken.redirect) {
    if (auto parent = caf::actor_cast<tenant_actor>(state.parent))
      self->send(parent,
                 event_routed{message.batch, message.which, *taken.redirect});
    return;
  }
  if (taken.what == assistly::taken::deferred) {
    state.waiting.push_back({event, taken.retry_at});
    return arm(self, taken.retry_at);
  }
  if (!taken.now)
    return;
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

void take_draft(pointer self, const draft_made& message) {
  auto& state = self->state;
  if (!state.now || message.made.for_seq != state.now->customer_seq
      || message.made.epoch != state.now->epoch) {
    // Overtaken while it was made; what is owed now is being made or due.
    if (state.replying_for == message.made.for_seq)
      state.replying_for = 0;
    return reply_if_due(self);
  }
  auto seat = state.shared->adapter(state.now->channel);
  bool claim_now =
    seat && seat->gate->idle(state.services->limits.sends_at_once);
  auto policy = policy_of(state, state.now->channel);
  ++state.in_flight;
  state.services->writer->submit_for(
    [tenant = state.tenant, id = state.now->id, made = message.made, policy,
     claim_now](storage::work& w) {
      return storage::decide(w, tenant, id, made, policy, claim_now);
    },
    [to = me(self)](outcome<storage::decided> result) {
      caf::anon_send(to, draft_decided{std::move(result)});
    });
}

void count_decision(pointer self, const storage::decided& d) {
  auto kind = d.now->kind;
  auto& metric = self->state.services->metrics->replies_total;
  using telemetry::reply_decision;
  if (d.now->owner == speaker::human)
    metric.at(kind, reply_decision::hand_off).add();
  else if (d.sends.empty())
    metric.at(kind, reply_decision::silent).add();
  for (const auto& row : d.sends)
    if (d.now->owner == speaker::ai)
      metric
        .at(kind, row.kind == turn_kind::private_reply
                    ? reply_decision::private_reply
                    : reply_decision::answer)
        .add();
}

void take_decision(pointer self, const draft_decided& message) {
  auto& state = self->state;
  --state.in_flight;
  state.busy_at = clock_now(self);
  state.replying_for = 0;
  if (!message.result) {
    telemetry::log(telemetry::level::warning, "decide_failed",
                   {{"code", to_string(message.result.error().code)}});
    // The answer is still owed; the due time in storage says so.
    state.armed.reset();
    return arm(self, state.busy_at + seconds{1});
  }
  const auto& d = *message.result;
  if (!d.found) {
    state.now.reset();
    return;
  }
  if (!d.stale) {
    count_decision(self, d);
    if (!d.sends.empty())
      if (auto seat = state.shared->adapter(d.now->channel))
        self->send(seat->handle, send_rows{d.sends, d.turns, d.now->to});
  }
  state.now = d.now;
  trim_lines(state);
  reply_if_due(self);
  doze(self);
}

void count_failure(pointer self, const draft_failed& failed) {
  auto& state = self->state;
  if (!state.now || state.replying_for != failed.for_seq)
    return;
  state.replying_for = 0;
  // Counted in storage, so that a poisonous question cannot restart the count
  // by taking the process with it.
  state.services->writer->submit_for(
    [tenant = state.tenant, id = state.now->id](storage::work& w) {
      storage::count_failed_reply(w, tenant, id);
      return storage::find_conversation(w.db, w.keys, tenant, id);
    },
    [to = me(self)](outcome<std::optional<conversation>> now) {
      if (now)
        caf::anon_send(to, state_read{std::move(*now)});
    });
}

void read_state(pointer self) {
  auto& state = self->state;
  state.services->writer->submit_for(
    [tenant = state.tenant, hash = state.hash](storage::work& w) {
      return storage::find_conversation(w.db, w.keys, tenant, hash);
    },
    [to = me(self)](outcome<std::optional<conversation>> now) {
      if (now)
        caf::anon_send(to, state_read{std::move(*now)});
    });
}

void take_change(pointer self, const conversation_changed& change) {
  auto& state = self->state;
  ++state.received;
  state.busy_at = clock_now(self);
  if (!change.sends.empty())
    if (auto seat = state.shared->adapter(change.sends.front().channel))
      self->send(seat->handle, send_rows{change.sends, {}, {}});
  read_state(self);
}

void look(pointer self) {
  auto& state = self->state;
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
  reply_if_due(self);
  doze(self);
}

conversation_self::behavior_type
conversation_behavior(pointer self, node_services* services,
                      std::shared_ptr<tenant_shared> shared, tenant_id tenant,
                      const lookup_hash& hash, caf::actor_addr parent) {
  auto& state = self->state;
  state.services = services;
  state.shared = std::move(shared);
  state.tenant = tenant;
  state.hash = hash;
  state.parent = std::move(parent);
  state.busy_at = services->clock->now();
  return {
    [self](const event_accepted& accepted) {
      ++self->state.received;
      submit_event(self, accepted);
    },
    [self](const look_at_clock&) { look(self); },
    [self](const leave_memory&) { self->quit(); },
    [self](const draft_made& message) { take_draft(self, message); },
    [self](const draft_failed& failed) { count_failure(self, failed); },
    [self](const conversation_changed& change) { take_change(self, change); },
    [self](const event_taken_in& message) { take_result(self, message); },
    [self](const lines_read& read) {
      const auto& c = self->state.now;
      if (c && read.for_seq == c->customer_seq && read.epoch == c->epoch)
        start_reply(self, read.lines);
    },
    [self](const draft_decided& message) { take_decision(self, message); },
    [self](const state_read& read) {
      self->state.now = read.now;
      self->state.lines_whole = false;
      self->state.replying_for = 0;
      reply_if_due(self);
      doze(self);
    },
  };
}

} // namespace

conversation_actor spawn_conversation(caf::actor_system& system,
                                      node_services& services,
                                      std::shared_ptr<tenant_shared> shared,
                                      tenant_id tenant, lookup_hash hash,
                                      caf::actor_addr parent) {
  return system.spawn(conversation_behavior, &services, std::move(shared),
                      tenant, hash, std::move(parent));
}

} // namespace assistly::actors
