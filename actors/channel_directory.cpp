#include "actors/channel_directory.hpp"

#include "actors/send_later.hpp"
#include "actors/tenant.hpp"
#include "telemetry/log.hpp"

#include <caf/send.hpp>
#include <caf/stateful_actor.hpp>
#include <caf/typed_event_based_actor.hpp>

#include <unordered_map>

namespace assistly::actors {

namespace {

using directory_self =
  channel_directory_actor::extend<caf::reacts_to<directory_read>>;

struct directory_state {
  static inline const char* name = "channel_directory";
  node_services* services = nullptr;
  std::function<void()> replay;
  std::unordered_map<tenant_id, tenant_actor> tenants;
};

using pointer = directory_self::stateful_pointer<directory_state>;

directory_self me(pointer self) {
  return caf::actor_cast<directory_self>(self->ctrl());
}

/// The tenant's actor, started if need be; nothing if there is no such tenant.
tenant_actor tenant_of(pointer self, tenant_id id) {
  auto& state = self->state;
  if (auto it = state.tenants.find(id); it != state.tenants.end())
    return it->second;
  auto picture = state.services->directory.get();
  if (!picture || !picture->tenant(id))
    return {};
  auto tenant =
    spawn_tenant(self->system(), *state.services, picture, id, state.replay);
  self->monitor(tenant);
  state.tenants.emplace(id, tenant);
  return tenant;
}

void read_anew(pointer self, const refresh_directory& order) {
  auto* services = self->state.services;
  services->writer->submit_for(
    [](storage::work& w) { return storage::read_directory(w); },
    [handle = me(self), services, done = order.done](
      outcome<std::shared_ptr<const storage::directory>> result) {
      if (result)
        return caf::anon_send(handle, directory_read{std::move(*result), done});
      auto now = services->clock->now();
      services->repeated.log(now, telemetry::level::error, "directory_not_read",
                             result.error());
      send_later(*services, now + retry_after, handle,
                 refresh_directory{nullptr});
      // Whoever asked does not wait for that.
      if (done)
        (*done)();
    });
}

void take_death(pointer self, const caf::down_msg& down) {
  auto& state = self->state;
  for (auto it = state.tenants.begin(); it != state.tenants.end(); ++it)
    if (it->second.address() == down.source) {
      state.tenants.erase(it);
      break;
    }
  if (down.reason == caf::exit_reason::user_shutdown || !down.reason)
    return;
  telemetry::log(telemetry::level::error, "tenant_actor_died",
                 {{"reason", std::int64_t{down.reason.code()}}});
  state.replay();
  // The picture starts it again if nothing else does, for its queue and its
  // doubts. Not at once: by then what its conversations were writing is in the
  // queue, and one that dies at every start keeps nobody busy.
  send_later(*state.services, state.services->clock->now() + retry_after,
             me(self), refresh_directory{nullptr});
}

void take_picture(pointer self, const directory_read& read) {
  auto& state = self->state;
  state.services->directory.set(read.picture);
  for (auto& [id, tenant] : state.tenants)
    self->send(tenant, tenant_changed{read.picture});
  for (const auto& t : read.picture->tenants())
    tenant_of(self, t.id);
  if (read.done)
    (*read.done)();
}

directory_self::behavior_type channel_directory(pointer self,
                                                node_services* services,
                                                std::function<void()> replay) {
  self->state.services = services;
  self->state.replay = std::move(replay);
  self->set_down_handler(
    [self](const caf::down_msg& down) { take_death(self, down); });
  return {
    [self](const tenant_events& events) {
      const auto& first = (*events.batch)[events.which.front()];
      if (auto tenant = tenant_of(self, first.tenant))
        self->send(tenant, events);
      else
        // Erased between its webhook and now: nobody owes anything any more.
        telemetry::log(telemetry::level::info, "events_of_no_tenant",
                       {{"count", std::int64_t(events.which.size())}});
    },
    [self](const refresh_directory& order) { read_anew(self, order); },
    [self](const conversation_changed& change) {
      if (auto tenant = tenant_of(self, change.tenant))
        self->send(tenant, change);
    },
    [self](const directory_read& read) { take_picture(self, read); },
  };
}

} // namespace

channel_directory_actor spawn_channel_directory(caf::actor_system& system,
                                                node_services& services,
                                                std::function<void()> replay) {
  return system.spawn(channel_directory, &services, std::move(replay));
}

} // namespace assistly::actors
