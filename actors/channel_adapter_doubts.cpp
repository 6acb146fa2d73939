// Sends that nobody vouched for: from doubt to the people who are told of it.
#include "actors/channel_adapter_state.hpp"
#include "actors/send_later.hpp"
#include "storage/transactions/undelivered.hpp"

#include <caf/send.hpp>

namespace assistly::actors {

using pointer = adapter_pointer;

namespace {

/// What storage refused is asked for again.
constexpr milliseconds retry_after = seconds{1};

} // namespace

void find_doubts(pointer self, const recover& order) {
  auto& state = self->state;
  auto tell = [handle = me(self),
               order](outcome<std::vector<storage::waiting_send>> found) {
    caf::anon_send(handle, doubts_read{order, std::move(found)});
  };
  auto tenant = state.channel.tenant;
  auto channel = state.channel.id;
  if (order.after_death)
    return state.services->writer->submit_for(
      [tenant, channel](storage::work& w) {
        storage::doubt_sending(w, tenant, channel);
        return storage::sends_in_doubt(w.db, tenant, channel);
      },
      tell);
  state.services->reader->submit(
    [tenant, channel, tell](storage::session& s) {
      tell(storage::sends_in_doubt(*s.db, tenant, channel));
    },
    tell);
}

void take_doubts(pointer self, const doubts_read& read) {
  auto& services = *self->state.services;
  if (!read.result) {
    services.repeated.log(services.clock->now(), telemetry::level::error,
                          "doubts_not_read", read.result.error());
    return send_later(services, services.clock->now() + retry_after, me(self),
                      read.order);
  }
  for (const auto& send : *read.result)
    show_later(self, send.id, send.next_try_at);
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
    [handle = me(self), order](outcome<std::optional<lookup_hash>> result) {
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
  if (*shown.result)
    tell_mailbox(self, **shown.result);
}

} // namespace assistly::actors
