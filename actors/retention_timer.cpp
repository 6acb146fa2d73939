#include "actors/retention_timer.hpp"

#include "actors/send_later.hpp"
#include "storage/retention.hpp"
#include "telemetry/log.hpp"

#include <caf/send.hpp>
#include <caf/stateful_actor.hpp>
#include <caf/typed_event_based_actor.hpp>

namespace assistly::actors {

namespace {

using timer_self = retention_timer_actor::extend<caf::reacts_to<due_read>>;

struct timer_state {
  static inline const char* name = "retention_timer";
  node_services* services = nullptr;
  eraser_actor eraser;
  timestamp swept_at{};
};

using pointer = timer_self::stateful_pointer<timer_state>;

constexpr milliseconds period = seconds{1};
constexpr milliseconds sweep_period = hours{1};
constexpr std::size_t handed_out_at_once = 500;

void wake_at(pointer self, timestamp when) {
  send_later(*self->state.services, when,
             caf::actor_cast<timer_self>(self->ctrl()), look_at_clock{});
}

/// Asks first by a reader whether anything is due: an idle node then writes
/// nothing.
void look(pointer self) {
  auto me = caf::actor_cast<timer_self>(self->ctrl());
  auto* services = self->state.services;
  auto take = [me, services] {
    services->writer->submit_for(
      [](storage::work& w) { return storage::take_due(w, handed_out_at_once); },
      [me](outcome<std::vector<storage::due_conversation>> due) {
        due_read read;
        if (due) {
          read.more = due->size() == handed_out_at_once;
          read.due = std::move(*due);
        }
        caf::anon_send(me, std::move(read));
      });
  };
  services->reader->submit(
    [me, services, take](storage::session& s) {
      auto next = storage::next_due(*s.db);
      if (next && *next <= services->clock->now())
        take();
      else
        caf::anon_send(me, due_read{});
    },
    [me](const fault& why) {
      telemetry::log(telemetry::level::error, "due_queue_not_read",
                     {{"code", to_string(why.code)}});
      caf::anon_send(me, due_read{});
    });
}

/// In steps, so that no webhook waits for the rest.
void sweep_on(storage::writer* writer) {
  writer->submit_for([](storage::work& w) { return storage::sweep(w); },
                     [writer](outcome<bool> more) {
                       if (more && *more)
                         sweep_on(writer);
                     });
}

void sweep_turns_on(storage::writer* writer, storage::walk from) {
  writer->submit_for(
    [from](storage::work& w) { return storage::sweep_turns(w, from); },
    [writer](outcome<std::optional<storage::walk>> at) {
      if (at && *at)
        sweep_turns_on(writer, **at);
    });
}

void sweep(pointer self) {
  auto& state = self->state;
  auto now = state.services->clock->now();
  if (now < state.swept_at + sweep_period)
    return;
  state.swept_at = now;
  sweep_on(state.services->writer);
  sweep_turns_on(state.services->writer, {});
}

void hand_out(pointer self, const due_read& read) {
  auto& state = self->state;
  auto now = state.services->clock->now();
  for (const auto& d : read.due) {
    std::chrono::duration<double> late = now - d.erase_at;
    state.services->metrics->retention_lateness_seconds.observe(late.count());
    storage::erase_request request;
    request.id = make_uuid(now, *state.services->random);
    request.tenant = d.tenant;
    request.scope = storage::erase_scope::conversation;
    request.subject = d.id.value;
    request.reason = storage::erase_reason::retention;
    self->send(state.eraser, erase_order{request, nullptr});
  }
  // What was handed out is due until it is gone; it is looked for again only
  // when the eraser has had time for it.
  wake_at(self, now + (read.more ? milliseconds{200} : period));
}

timer_self::behavior_type retention_timer(pointer self, node_services* services,
                                          eraser_actor eraser) {
  self->state.services = services;
  self->state.eraser = std::move(eraser);
  wake_at(self, services->clock->now());
  return {
    [self](const look_at_clock&) {
      sweep(self);
      look(self);
    },
    [self](const due_read& read) { hand_out(self, read); },
  };
}

} // namespace

retention_timer_actor spawn_retention_timer(caf::actor_system& system,
                                            node_services& services,
                                            eraser_actor eraser) {
  return system.spawn(retention_timer, &services, std::move(eraser));
}

} // namespace assistly::actors
