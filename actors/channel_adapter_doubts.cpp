// Sends that nobody vouched for: from doubt to the people who are told of it.
#include "actors/channel_adapter_state.hpp"
#include "actors/send_later.hpp"
#include "storage/transactions/undelivered.hpp"

#include <caf/send.hpp>

#include <algorithm>

namespace assistly::actors {

using pointer = adapter_pointer;

void find_doubts(pointer self) {
  auto& state = self->state;
  state.services->writer->submit_for(
    [tenant = state.channel.tenant,
     channel = state.channel.id](storage::work& w) {
      storage::doubt_sending(w, tenant, channel);
      return storage::sends_in_doubt(w.db, tenant, channel);
    },
    [handle = me(self)](outcome<std::vector<storage::waiting_send>> found) {
      caf::anon_send(handle, doubts_read{std::move(found)});
    });
}

void take_doubts(pointer self, const doubts_read& read) {
  auto& services = *self->state.services;
  if (!read.result) {
    services.repeated.log(services.clock->now(), telemetry::level::error,
                          "doubts_not_read", read.result.error());
    return send_later(services, services.clock->now() + retry_after, me(self),
                      recover{});
  }
  // No doubt has longer than this: a later time was written before the clock
  // was set back.
  auto latest = services.clock->now() + doubt_shown_after;
  for (const auto& send : *read.result)
    watch_doubt(self, send.id, std::min<timestamp>(send.next_try_at, latest));
  // What was on its way is in doubt now: nothing of it is taken for queued.
  read_queue(self);
}

void show_later(pointer self, turn_id id, timestamp when) {
  send_later(*self->state.services, when, me(self), show_doubt{id});
}

void show(pointer self, const show_doubt& order) {
  self->state.services->writer->submit_for(
    [tenant = self->state.channel.tenant, id = order.id](storage::work& w) {
      return storage::show_doubt(w, tenant, id);
    },
    [handle = me(self), order](outcome<storage::told_doubt> result) {
      caf::anon_send(handle, doubt_shown{order, std::move(result)});
    });
}

void take_shown(pointer self, const doubt_shown& shown) {
  auto& services = *self->state.services;
  if (!shown.result) {
    services.repeated.log(services.clock->now(), telemetry::level::warning,
                          "doubt_not_shown", shown.result.error());
    return show_later(self, shown.order.id,
                      services.clock->now() + retry_after);
  }
  const auto& told = *shown.result;
  if (told.due)
    return show_later(self, shown.order.id, *told.due);
  if (told.queued) {
    enqueue(self, {shown.order.id, *told.queued});
    return pump(self);
  }
  if (told.hash)
    tell_mailbox(self, *told.hash);
}

} // namespace assistly::actors
