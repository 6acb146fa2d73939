#include "actors/supervisor.hpp"

#include "actors/channel_directory.hpp"
#include "actors/eraser.hpp"
#include "actors/ingress.hpp"
#include "actors/owed_replies.hpp"
#include "actors/retention_timer.hpp"
#include "actors/send_later.hpp"
#include "actors/subscription_watch.hpp"
#include "storage/conversations.hpp"
#include "storage/erasure.hpp"
#include "telemetry/log.hpp"

#include <caf/send.hpp>
#include <caf/stateful_actor.hpp>
#include <caf/typed_event_based_actor.hpp>

#include <algorithm>

namespace assistly::actors {

namespace {

struct supervisor_state {
  static inline const char* name = "supervisor";
  node_services* services = nullptr;
  node_handles* handles = nullptr;
  int deaths = 0;
  bool restarting = false;
  timestamp directory_day{};
};

using pointer = supervisor_actor::stateful_pointer<supervisor_state>;

constexpr milliseconds first_back_off = milliseconds{100};
constexpr milliseconds longest_back_off = seconds{30};
/// The picture is read anew this often, so that tomorrow's journal keys exist
/// before tomorrow.
constexpr milliseconds picture_period = hours{6};

void wake_at(pointer self, timestamp when) {
  send_later(*self->state.services, when,
             caf::actor_cast<supervisor_actor>(self->ctrl()), look_at_clock{});
}

/// The node's actors lean on each other, so they start and fall together; what
/// they hold is in storage.
void start_all(pointer self) {
  auto& state = self->state;
  auto* handles = state.handles;
  auto& services = *state.services;
  auto& system = self->system();
  auto replay = [handles, &services] {
    resume_what_is_owed(services, *handles, false);
  };
  node_handles::set all;
  all.directory = spawn_channel_directory(system, services, replay);
  all.ingress = spawn_ingress(system, services, all.directory);
  erasure_listener listener;
  listener.changed = [handles](tenant_id tenant, const lookup_hash& hash) {
    caf::anon_send(handles->get().directory,
                   conversation_changed{tenant, hash, {}});
  };
  listener.tenant_gone = [handles] {
    caf::anon_send(handles->get().directory, refresh_directory{nullptr});
  };
  all.eraser = spawn_eraser(system, services, std::move(listener));
  all.timer = spawn_retention_timer(system, services, all.eraser);
  if (services.accounts) {
    all.watch = spawn_subscription_watch(system, services, all.ingress);
    self->monitor(all.watch);
  }
  self->monitor(all.directory);
  self->monitor(all.ingress);
  self->monitor(all.eraser);
  self->monitor(all.timer);
  handles->put(all);
  // Starts every tenant: their queues and doubts are owed as well.
  caf::anon_send(all.directory, refresh_directory{nullptr});
}

void stop_all(node_handles& handles) {
  auto all = handles.get();
  if (all.watch)
    caf::anon_send_exit(all.watch, caf::exit_reason::user_shutdown);
  caf::anon_send_exit(all.timer, caf::exit_reason::user_shutdown);
  caf::anon_send_exit(all.eraser, caf::exit_reason::user_shutdown);
  caf::anon_send_exit(all.ingress, caf::exit_reason::user_shutdown);
  caf::anon_send_exit(all.directory, caf::exit_reason::user_shutdown);
}

void take_death(pointer self, const caf::down_msg& down) {
  auto& state = self->state;
  if (!down.reason || down.reason == caf::exit_reason::user_shutdown
      || state.restarting)
    return;
  state.restarting = true;
  ++state.deaths;
  telemetry::log(telemetry::level::error, "node_actor_died",
                 {{"reason", std::int64_t{down.reason.code()}},
                  {"deaths", std::int64_t{state.deaths}}});
  stop_all(*state.handles);
  auto wait = std::min<milliseconds>(
    first_back_off * (1 << std::min(state.deaths, 12)), longest_back_off);
  wake_at(self, state.services->clock->now() + wait);
}

supervisor_actor::behavior_type
supervisor(pointer self, node_services* services, node_handles* handles) {
  auto& state = self->state;
  state.services = services;
  state.handles = handles;
  state.directory_day = services->clock->now();
  self->set_down_handler(
    [self](const caf::down_msg& down) { take_death(self, down); });
  start_all(self);
  wake_at(self, services->clock->now() + picture_period);
  return {
    [self](const look_at_clock&) {
      auto& s = self->state;
      auto now = s.services->clock->now();
      if (s.restarting) {
        s.restarting = false;
        start_all(self);
        resume_what_is_owed(*s.services, *s.handles, false);
      }
      if (now >= s.directory_day + picture_period) {
        s.directory_day = now;
        caf::anon_send(s.handles->get().directory, refresh_directory{nullptr});
        wake_at(self, now + picture_period);
      }
    },
  };
}

} // namespace

void resume_what_is_owed(node_services& services, node_handles& handles,
                         bool starting) {
  caf::anon_send(handles.get().ingress, replay_journal{});
  services.reader->submit(
    [&services, &handles, starting](storage::session& s) {
      auto replies = storage::owed_replies(*s.db);
      auto erasures = storage::pending_erasures(*s.db);
      auto all = handles.get();
      auto count = std::int64_t(replies.size());
      hand_out_replies(services, replies, starting,
                       [&handles](const storage::owed_reply& one) {
                         if (auto directory = handles.get().directory)
                           caf::anon_send(directory,
                                          conversation_changed{
                                            one.tenant, one.conversation, {}});
                       });
      for (const auto& request : erasures)
        caf::anon_send(all.eraser, erase_order{request, nullptr});
      telemetry::log(telemetry::level::info, "resumed",
                     {{"replies_owed", count},
                      {"erasures_owed", std::int64_t(erasures.size())}});
    },
    [&services, &handles, starting](const fault& why) {
      telemetry::log(telemetry::level::error, "what_is_owed_not_read",
                     {{"code", to_string(why.code)}});
      services.wakes->arm(services.clock->now() + seconds{1},
                          [&services, &handles, starting] {
                            resume_what_is_owed(services, handles, starting);
                          });
    });
}

supervisor_actor spawn_supervisor(caf::actor_system& system,
                                  node_services& services,
                                  node_handles& handles) {
  return system.spawn(supervisor, &services, &handles);
}

} // namespace assistly::actors
