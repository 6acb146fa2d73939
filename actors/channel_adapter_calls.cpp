// From a claimed row to the written result of its call.
#include "actors/channel_adapter_state.hpp"
#include "actors/send_later.hpp"
#include "storage/transactions/reply.hpp"
#include "telemetry/log.hpp"

#include <caf/send.hpp>

namespace assistly::actors {

using pointer = adapter_pointer;

void call(pointer self, claimed_words words) {
  auto& state = self->state;
  state.known[words.row.id] = std::chrono::steady_clock::now();
  auto counted = std::make_shared<const counted_send>(*state.services->sends);
  outgoing_message message;
  message.channel = state.channel.kind;
  message.access = state.channel.access;
  message.to = std::move(words.to);
  message.kind = words.row.kind;
  message.who = words.row.who;
  message.text = std::move(words.text);
  message.id = words.row.id;
  state.services->sender->send(
    std::move(message), [handle = me(self), id = words.row.id,
                         conversation = words.row.conversation,
                         counted = std::move(counted)](send_answer answer) {
      caf::anon_send(handle, send_answered{id, conversation,
                                           std::make_shared<const send_answer>(
                                             std::move(answer)),
                                           false, counted});
    });
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

void pause_app(pointer self, milliseconds how_long) {
  auto& state = self->state;
  auto until = state.services->clock->now() + how_long;
  if (state.services->apps.extend(state.channel.kind, state.channel.access,
                                  until))
    telemetry::log(telemetry::level::warning, "app_paused",
                   {{"channel", to_string(state.channel.kind)},
                    {"seconds", std::int64_t{how_long.count() / 1000}}});
}

namespace {

/// No connection, or no word in time: that says something of Meta's side.
/// Anything that Meta did say does not.
call_end end_of(const send_report& report) {
  return report.unreached || report.what == send_class::in_doubt
           ? call_end::outage
           : call_end::answered;
}

void note_end(pointer self, call_end how) {
  auto& state = self->state;
  auto& services = *state.services;
  auto now = services.clock->now();
  auto before = at_time(state.guard, now);
  state.guard = after_call(before, how, now, services.limits.outages_to_open);
  if (state.guard.openings == before.openings
      || state.guard.state != breaker_state::open)
    return;
  services.metrics->breaker_openings_total.at(state.channel.kind).add();
  telemetry::log(telemetry::level::warning, "channel_answers_nobody",
                 {{"channel", to_string(state.channel.kind)},
                  {"outages", std::int64_t{state.guard.outages}},
                  {"seconds", (state.guard.open_until - now).count() / 1000}});
}

void write_result(pointer self, const send_answered& answered) {
  auto& state = self->state;
  state.services->writer->submit_for(
    state.channel.tenant,
    [tenant = state.channel.tenant, kind = state.channel.kind,
     account = state.channel.access.account_id, id = answered.id,
     reply = answered.answer](storage::work& w) {
      return storage::settle(w, tenant, kind, account, id, reply->report,
                             reply->private_recipient);
    },
    [handle = me(self), answered](outcome<storage::settled> result) {
      caf::anon_send(handle, settle_done{answered, std::move(result)});
    });
}

/// What Meta said must not be lost because the disk was full for a moment.
void write_again(pointer self, const send_answered& answered) {
  auto again = answered;
  again.again = true;
  auto& services = *self->state.services;
  send_later(services, services.clock->now() + retry_after, me(self),
             std::move(again));
}

} // namespace

void take_answer(pointer self, const send_answered& answered) {
  auto& state = self->state;
  if (!answered.again) {
    // The place is for calls to Meta; what is written about them is not one.
    state.gate->leave();
    std::chrono::duration<double> took =
      std::chrono::steady_clock::now() - state.known[answered.id];
    state.services->metrics->send_seconds.observe(took.count());
    note_end(self, end_of(answered.answer->report));
    if (answered.answer->pause_channel > milliseconds{0})
      pause(self, answered.answer->pause_channel);
    if (answered.answer->pause_app > milliseconds{0})
      pause_app(self, answered.answer->pause_app);
  }
  write_result(self, answered);
  pump(self);
}

void finish(pointer self, const settle_done& done) {
  auto& state = self->state;
  using telemetry::send_outcome;
  const auto& [id, conversation, answer, again, counted] = done.answered;
  if (!done.result) {
    if (!again)
      state.services->repeated.log(state.services->clock->now(),
                                   telemetry::level::error, "settle_failed",
                                   done.result.error());
    return write_again(self, done.answered);
  }
  release(self, conversation);
  if (done.result->changed)
    tell_mailbox(self, done.result->hash);
  switch (done.result->how.state) {
  case turn_state::sent:
    count(self, send_outcome::sent);
    // Its echo is to come; an own comment's may not.
    if (state.services->accounts && graph::has_history(state.channel.kind))
      state.services->traffic.sent({state.channel.tenant, state.channel.id},
                                   state.services->clock->now());
    break;
  case turn_state::queued:
    count(self, send_outcome::retried);
    put_off(self, id, conversation, done.result->how.next_try_at);
    return pump(self);
  case turn_state::unknown:
    // Without a conversation an echo was quicker than the answer, or the
    // conversation is gone.
    if (done.result->conversation) {
      count(self, send_outcome::unknown);
      watch_doubt(self, id, done.result->how.next_try_at);
    }
    break;
  default:
    count(self, send_outcome::failed);
    break;
  }
  state.known.erase(id);
  pump(self);
}

} // namespace assistly::actors
