#include "actors/eraser.hpp"

#include "telemetry/log.hpp"

#include <caf/send.hpp>
#include <caf/stateful_actor.hpp>
#include <caf/typed_event_based_actor.hpp>

#include <deque>
#include <set>

namespace assistly::actors {

namespace {

using eraser_self = eraser_actor::extend<caf::reacts_to<erase_stepped>,
                                         caf::reacts_to<log_emptied>>;

struct eraser_state {
  static inline const char* name = "eraser";
  node_services* services = nullptr;
  erasure_listener listener;
  std::deque<erase_order> queue;
  /// What waits or runs, so that the due queue may name it twice.
  std::set<uuid> subjects;
  bool running = false;
  bool emptying = false;
  /// Erased since the log was last emptied.
  bool log_holds_erased = false;
};

using pointer = eraser_self::stateful_pointer<eraser_state>;

eraser_self me(pointer self) {
  return caf::actor_cast<eraser_self>(self->ctrl());
}

void step(pointer self) {
  auto& state = self->state;
  state.running = true;
  auto* services = state.services;
  services->writer->submit_for(
    [services, request = state.queue.front().request](storage::work& w) {
      return storage::erase_step(w, *services->ledger, request);
    },
    [handle = me(self)](outcome<storage::erase_progress> result) {
      caf::anon_send(handle, erase_stepped{std::move(result)});
    });
}

/// Erased pages are gone from the database at once; from the log when it is
/// emptied, which is done when nothing more is to be erased.
void empty_log(pointer self) {
  auto& state = self->state;
  if (!state.log_holds_erased || state.emptying)
    return;
  state.emptying = true;
  state.log_holds_erased = false;
  state.services->writer->empty_log([handle = me(self)](outcome<void> done) {
    if (!done)
      telemetry::log(telemetry::level::warning, "log_not_emptied",
                     {{"code", to_string(done.error().code)}});
    caf::anon_send(handle, log_emptied{});
  });
}

void next(pointer self) {
  auto& state = self->state;
  state.subjects.erase(state.queue.front().request.subject);
  state.queue.pop_front();
  state.running = false;
  if (!state.queue.empty())
    step(self);
  else
    empty_log(self);
}

void tell(const erase_order& order, outcome<storage::receipt> result) {
  if (order.done)
    (*order.done)(std::move(result));
}

void wait_a_second(pointer self) {
  auto& state = self->state;
  state.running = false;
  auto address = caf::actor_cast<caf::actor_addr>(self->ctrl());
  state.services->wakes->arm(
    state.services->clock->now() + seconds{1}, [address] {
      if (auto handle = caf::actor_cast<eraser_actor>(address))
        caf::anon_send(handle, look_at_clock{});
    });
}

void done(pointer self, const storage::erase_progress& progress) {
  auto& state = self->state;
  const auto& order = state.queue.front();
  state.log_holds_erased = true;
  auto reason = order.request.reason == storage::erase_reason::retention
                  ? telemetry::erasure_reason::retention
                  : telemetry::erasure_reason::request;
  state.services->metrics->erasures_total.at(reason).add();
  telemetry::log(telemetry::level::info, "erased",
                 {{"scope", storage::to_string(order.request.scope)},
                  {"reason", storage::to_string(order.request.reason)}});
  if (order.request.scope == storage::erase_scope::tenant)
    state.listener.tenant_gone();
  tell(order, progress.proof);
  next(self);
}

void take_step(pointer self, const erase_stepped& stepped) {
  auto& state = self->state;
  const auto& order = state.queue.front();
  if (!stepped.result) {
    telemetry::log(telemetry::level::error, "erasure_failed",
                   {{"code", to_string(stepped.result.error().code)}});
    tell(order, stepped.result.error());
    return next(self);
  }
  const auto& progress = *stepped.result;
  if (progress.conversation)
    state.listener.changed(order.request.tenant, *progress.conversation);
  using state_of = storage::erase_progress::state;
  switch (progress.now) {
  case state_of::more:
    return step(self);
  case state_of::wait:
    return wait_a_second(self);
  case state_of::held:
    tell(order, fault{errc::not_permitted,
                      "a legal hold forbids the erasure; lift it first"});
    return next(self);
  case state_of::not_found:
    tell(order, fault{errc::not_found, "there is nothing of that name"});
    return next(self);
  case state_of::done:
    return done(self, progress);
  }
}

eraser_self::behavior_type eraser(pointer self, node_services* services,
                                  erasure_listener listener) {
  self->state.services = services;
  self->state.listener = std::move(listener);
  return {
    [self](const erase_order& order) {
      auto& state = self->state;
      bool fresh = state.subjects.insert(order.request.subject).second;
      // Named again by the due queue while it waits: once is enough. Somebody
      // who waits for the proof is told in turn.
      if (!fresh && !order.done)
        return;
      state.queue.push_back(order);
      if (!state.running && state.queue.size() == 1)
        step(self);
    },
    [self](const look_at_clock&) {
      if (!self->state.running && !self->state.queue.empty())
        step(self);
    },
    [self](const erase_stepped& stepped) { take_step(self, stepped); },
    [self](const log_emptied&) {
      self->state.emptying = false;
      empty_log(self);
    },
  };
}

} // namespace

eraser_actor spawn_eraser(caf::actor_system& system, node_services& services,
                          erasure_listener listener) {
  return system.spawn(eraser, &services, std::move(listener));
}

} // namespace assistly::actors
