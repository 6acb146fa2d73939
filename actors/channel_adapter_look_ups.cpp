// Sends that nobody vouched for, looked up at the channel: one after the other,
// no faster than the channel's read interface takes it, and only until people
// are told.
#include "actors/channel_adapter_state.hpp"
#include "actors/send_later.hpp"
#include "telemetry/log.hpp"

#include <caf/send.hpp>

namespace assistly::actors {

using pointer = adapter_pointer;

namespace {

/// Meta's read interface takes two calls a second for an account (CONTRACT 9).
constexpr milliseconds between_look_ups{500};
/// A look-up that learned nothing is tried once more, with time left before
/// people are told.
constexpr int most_tries = 2;
constexpr milliseconds try_again_after = seconds{12};

void begin_next(pointer self) {
  self->state.looking = false;
  look_up_one(self);
}

/// It learned nothing.
void try_again(pointer self, look_up_doubt order) {
  auto& services = *self->state.services;
  if (++order.tries < most_tries)
    send_later(services, services.clock->now() + try_again_after, me(self),
               order);
  begin_next(self);
}

} // namespace

void watch_doubt(pointer self, turn_id id, timestamp shown_at) {
  auto& state = self->state;
  if (state.services->limits.look_up_doubts)
    send_later(*state.services, look_up_at(shown_at), me(self),
               look_up_doubt{id});
  show_later(self, id, shown_at);
}

void take_look_up(pointer self, const look_up_doubt& order) {
  self->state.to_look_up.push_back(order);
  look_up_one(self);
}

void look_up_one(pointer self) {
  auto& state = self->state;
  if (state.looking || state.to_look_up.empty())
    return;
  auto now = state.services->clock->now();
  // No wait is longer than one pause, also when the clock was set back.
  if (now < state.next_look_up && state.next_look_up - now <= between_look_ups)
    return send_later(*state.services, state.next_look_up, me(self),
                      look_up_next{});
  state.looking = true;
  auto order = state.to_look_up.front();
  state.to_look_up.pop_front();
  state.services->reader->submit(
    [handle = me(self), tenant = state.channel.tenant,
     order](storage::session& s) {
      caf::anon_send(
        handle, doubt_opened{order, storage::open_doubt(s, tenant, order.id)});
    },
    [handle = me(self), order](const fault& why) {
      caf::anon_send(handle, doubt_opened{order, why});
    });
}

void ask_channel(pointer self, const doubt_opened& opened) {
  auto& state = self->state;
  if (!opened.result)
    return try_again(self, opened.order);
  const auto& doubt = *opened.result;
  if (doubt.queued) {
    enqueue(self, {opened.order.id, doubt.conversation});
    pump(self);
  }
  if (!doubt.to || !can_look_up(state.channel.kind, doubt.kind))
    return begin_next(self);
  if (may_not_send(self))
    return try_again(self, opened.order);
  state.next_look_up = state.services->clock->now() + between_look_ups;
  state.services->sender->look_up(
    {state.channel.kind, state.channel.access, *doubt.to, doubt.kind},
    [handle = me(self), order = opened.order](look_up_answer answer) {
      caf::anon_send(
        handle, doubt_looked_up{order, std::make_shared<const look_up_answer>(
                                         std::move(answer))});
    });
}

void take_page(pointer self, const doubt_looked_up& looked) {
  auto& state = self->state;
  if (looked.answer->pause_channel > milliseconds{0})
    pause(self, looked.answer->pause_channel);
  if (looked.answer->pause_app > milliseconds{0})
    pause_app(self, looked.answer->pause_app);
  if (!looked.answer->page)
    return try_again(self, looked.order);
  state.services->writer->submit_for(
    [tenant = state.channel.tenant, kind = state.channel.kind,
     account = state.channel.access.account_id, id = looked.order.id,
     answer = looked.answer](storage::work& w) {
      return storage::settle_look_up(w, tenant, kind, account, id,
                                     *answer->page);
    },
    [handle = me(self),
     order = looked.order](outcome<storage::settled_look_up> result) {
      caf::anon_send(handle, look_up_settled{order, std::move(result)});
    });
}

void end_look_up(pointer self, const look_up_settled& settled) {
  auto& state = self->state;
  if (!settled.result) {
    state.services->repeated.log(state.services->clock->now(),
                                 telemetry::level::warning,
                                 "look_up_not_settled", settled.result.error());
    return try_again(self, settled.order);
  }
  const auto& [end, conversation] = *settled.result;
  if (end != storage::doubt_end::open)
    telemetry::log(telemetry::level::info, "send_in_doubt_looked_up",
                   {{"channel", to_string(state.channel.kind)},
                    {"found", end == storage::doubt_end::sent}});
  if (end == storage::doubt_end::queued) {
    enqueue(self, {settled.order.id, conversation});
    pump(self);
  }
  begin_next(self);
}

} // namespace assistly::actors
