// From an answer that is owed to its decision.
#include "actors/ai_reply.hpp"
#include "actors/conversation_state.hpp"
#include "actors/reply_words.hpp"
#include "actors/unused_claim.hpp"
#include "model/take_in.hpp"
#include "storage/conversations.hpp"
#include "storage/turns.hpp"
#include "telemetry/log.hpp"

#include <caf/send.hpp>

namespace assistly::actors {

using pointer = conversation_pointer;

namespace {

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
  // Goes with the order, or is free again.
  auto pass = std::move(state.pass);
  const auto& c = *state.now;
  auto view = state.shared->view.get();
  if (lines.empty()) {
    // All that was asked has been taken back.
    draft none;
    none.kind = draft_kind::silence;
    none.epoch = c.epoch;
    none.for_seq = c.customer_seq;
    self->send(me(self), draft_made{std::move(none)});
    return;
  }
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
  order.pass = std::move(pass);
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

/// The sends, or the place that was kept for them.
void hand_to_adapter(node_services& services, const tenant_shared& shared,
                     tenant_id tenant, channel_id channel,
                     const outcome<storage::decided>& result,
                     const std::shared_ptr<const gate_pass>& pass) {
  send_rows order{{}, {}, {}, pass};
  if (result && !result->sends.empty()) {
    order.rows = result->sends;
    order.turns = result->turns;
    order.to = result->now->to;
  }
  if (order.rows.empty() && !pass)
    return;
  if (auto seat = shared.adapter(channel))
    return caf::anon_send(seat->handle, std::move(order));
  // The tenant died meanwhile, and its adapters with it. Nobody made a call of
  // this, so it is not in doubt: those that come find it in their queue.
  for (const auto& row : order.rows)
    if (row.state == turn_state::sending)
      give_claim_back(services, tenant, row.id, {});
}

void decide(pointer self, const draft& made,
            const std::shared_ptr<const gate_pass>& pass) {
  auto& state = self->state;
  auto channel = state.now->channel;
  auto policy = policy_of(state, channel);
  ++state.in_flight;
  state.deciding = true;
  state.services->writer->submit_for(
    state.tenant,
    [tenant = state.tenant, id = state.now->id, made, policy,
     claim_now = pass != nullptr](storage::work& w) {
      return storage::decide(w, tenant, id, made, policy, claim_now);
    },
    // Straight to the adapter: a conversation that dies takes none along.
    [to = me(self), pass, tenant = state.tenant, channel,
     services = state.services,
     shared = state.shared](outcome<storage::decided> result) {
      hand_to_adapter(*services, *shared, tenant, channel, result, pass);
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

/// A business makes so many answers at once; the others of its conversations
/// wait in turn.
bool take_answer_place(pointer self) {
  auto& state = self->state;
  if (state.pass)
    return true;
  auto most = state.services->limits.answers_at_once;
  if (!state.shared->begin_answer(most, self->address(), state.in_line)) {
    state.in_line = true;
    return false;
  }
  state.pass = std::make_shared<const answer_pass>(state.shared);
  return true;
}

} // namespace

void reply_if_due(pointer self) {
  auto& state = self->state;
  if (!state.now || !state.now->reply_due_at)
    return state.pass.reset();
  auto now = clock_now(self);
  auto due = *state.now->reply_due_at;
  // No answer is ever put off for longer than this, so a due time beyond it was
  // written before the clock was set back.
  auto quiet = policy_of(state, state.now->channel).quiet;
  if (due > now && due <= now + quiet * longest_wait_in_quiet_times)
    return arm(self, due);
  if (state.replying_for == state.now->customer_seq || state.deciding
      || state.held)
    return;
  if (!state.shared->view.get()->index)
    // The first build of the tenant's knowledge is under way.
    return arm(self, now + milliseconds{20});
  if (is_shed_now(*state.services, shed_work::answer))
    // It stays owed.
    return arm(self, now + retry_after);
  if (!take_answer_place(self))
    // Should who has it die, nobody else would tell us.
    return arm(self, now + retry_after);
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

void take_lines(pointer self, const lines_read& read) {
  auto& state = self->state;
  const auto& c = state.now;
  if (c && read.for_seq == c->customer_seq && read.epoch == c->epoch)
    return start_reply(self, read.lines);
  if (state.replying_for == read.for_seq)
    state.replying_for = 0;
  reply_if_due(self);
}

void take_draft(pointer self, const draft_made& message) {
  auto& state = self->state;
  const auto& made = message.made;
  if (!state.now || made.for_seq != state.now->customer_seq
      || made.epoch != state.now->epoch) {
    // Overtaken while it was made; what is owed now is being made or due.
    if (state.replying_for == made.for_seq)
      state.replying_for = 0;
    return reply_if_due(self);
  }
  if (state.services->sends->ending())
    // It stays owed; the next start answers it.
    return;
  auto seat = state.shared->adapter(state.now->channel);
  if (!seat || made.messages.empty())
    return decide(self, made, nullptr);
  if (seat->gate->try_enter(state.services->limits.sends_at_once))
    return decide(
      self, made,
      std::make_shared<const gate_pass>(seat->gate, *state.services->sends));
  // A channel that may not send at all keeps its answers in the outbox, where
  // people see them. One that is only busy lets them wait here: what is not
  // written yet cannot be overtaken and owed again.
  if (seat->gate->paused.load(std::memory_order_relaxed))
    return decide(self, made, nullptr);
  if (state.now->reply_attempts > 0) {
    // The answer could be made, so nobody dies of it.
    state.now->reply_attempts = 0;
    state.services->writer->submit_for(
      state.tenant,
      [tenant = state.tenant, id = state.now->id](storage::work& w) {
        storage::forget_reply_tries(w, tenant, id);
        return true;
      },
      [](const outcome<bool>&) {});
  }
  state.held = made;
  self->send(seat->handle, place_wanted{self->address()});
  // Should the adapter die, nobody else would tell us.
  arm(self, clock_now(self) + seconds{1});
}

void try_held_draft(pointer self) {
  auto& state = self->state;
  if (!state.held)
    return;
  draft_made again{std::move(*state.held)};
  state.held.reset();
  take_draft(self, again);
}

void take_failed_draft(pointer self, const draft_failed& failed) {
  auto& state = self->state;
  if (!state.now || state.replying_for != failed.for_seq)
    return;
  state.replying_for = 0;
  // Counted in storage, so that a poisonous question cannot restart the count
  // by taking the process with it.
  state.services->writer->submit_for(
    state.tenant,
    [tenant = state.tenant, id = state.now->id](storage::work& w) {
      storage::count_failed_reply(w, tenant, id);
      return storage::find_conversation(w.db, w.keys, tenant, id);
    },
    [to = me(self)](outcome<std::optional<conversation>> now) {
      caf::anon_send(to, state_read{std::move(now)});
    });
}

void take_decision(pointer self, const draft_decided& message) {
  auto& state = self->state;
  --state.in_flight;
  state.busy_at = clock_now(self);
  state.replying_for = 0;
  state.deciding = false;
  if (!message.result) {
    state.services->repeated.log(clock_now(self), telemetry::level::warning,
                                 "decide_failed", message.result.error());
    // The answer is still owed; the due time in storage says so.
    state.armed.reset();
    return arm(self, state.busy_at + retry_after);
  }
  const auto& d = *message.result;
  if (!d.found) {
    state.now.reset();
    return doze(self);
  }
  if (d.stale)
    // What was answered may be owed again, and have left memory.
    state.lines_whole = false;
  else
    count_decision(self, d);
  state.now = d.now;
  trim_lines(state);
  reply_if_due(self);
  doze(self);
}

} // namespace assistly::actors
