#include "actors/eraser.hpp"

#include "actors/send_later.hpp"
#include "telemetry/log.hpp"

#include <caf/send.hpp>
#include <caf/stateful_actor.hpp>
#include <caf/typed_event_based_actor.hpp>

#include <algorithm>
#include <deque>
#include <optional>
#include <set>
#include <tuple>

namespace assistly::actors {

namespace {

using eraser_self = eraser_actor::extend<caf::reacts_to<erase_stepped>,
                                         caf::reacts_to<log_emptied>>;

/// What an order is about. A tenant's has no subject, so the tenant belongs to
/// it, and the scope, for ids of different things are not compared.
using matter = std::tuple<tenant_id, storage::erase_scope, uuid>;

matter matter_of(const storage::erase_request& r) {
  return {r.tenant, r.scope, r.subject};
}

struct waiting_order {
  erase_order order;
  timestamp not_before{};
  int failures = 0;
};

struct eraser_state {
  static inline const char* name = "eraser";
  node_services* services = nullptr;
  erasure_listener listener;
  /// The one that runs is in front.
  std::deque<waiting_order> queue;
  /// What waits or runs, so that the due queue may name it twice.
  std::set<matter> matters;
  bool running = false;
  bool emptying = false;
  /// Erased since the log was last emptied. True at first, for a crash may have
  /// come in between.
  bool log_holds_erased = true;
  timestamp empty_not_before{};
  std::optional<timestamp> armed;
};

using pointer = eraser_self::stateful_pointer<eraser_state>;

eraser_self me(pointer self) {
  return caf::actor_cast<eraser_self>(self->ctrl());
}

timestamp clock_now(pointer self) {
  return self->state.services->clock->now();
}

void arm(pointer self, timestamp when) {
  auto& state = self->state;
  if (state.armed && *state.armed <= when)
    return;
  state.armed = when;
  send_later(*state.services, when, me(self), look_at_clock{});
}

void step(pointer self) {
  auto& state = self->state;
  state.running = true;
  auto* services = state.services;
  services->writer->submit_for(
    state.queue.front().order.request.tenant,
    [services, request = state.queue.front().order.request](storage::work& w) {
      return storage::erase_step(w, *services->ledger, request);
    },
    [handle = me(self)](outcome<storage::erase_progress> result) {
      caf::anon_send(handle, erase_stepped{std::move(result)});
    });
}

constexpr milliseconds log_looks_again = seconds{30};

/// Erased pages are gone from the database at once; from the log when it is
/// emptied, which is done when nothing more can be erased now. A reader may be
/// in the way for as long as an export takes, and nobody's commit is to wait
/// for it.
void empty_log(pointer self) {
  auto& state = self->state;
  if (!state.log_holds_erased || state.emptying)
    return;
  if (clock_now(self) < state.empty_not_before)
    return arm(self, state.empty_not_before);
  state.emptying = true;
  state.log_holds_erased = false;
  state.services->writer->empty_log(
    [handle = me(self)](const outcome<void>& done) {
      if (!done)
        telemetry::log(telemetry::level::warning, "log_not_emptied",
                       {{"code", to_string(done.error().code)}});
      caf::anon_send(handle, log_emptied{static_cast<bool>(done)});
    });
}

void take_emptied(pointer self, const log_emptied& emptied) {
  auto& state = self->state;
  state.emptying = false;
  if (!emptied.whole) {
    state.log_holds_erased = true;
    state.empty_not_before = clock_now(self) + log_looks_again;
    arm(self, state.empty_not_before);
  } else if (!state.running) {
    empty_log(self);
  }
}

/// The first order that may run now; those put off let others pass.
void run_next(pointer self) {
  auto& state = self->state;
  if (state.running)
    return;
  auto now = clock_now(self);
  auto ready = std::find_if(state.queue.begin(), state.queue.end(),
                            [&](const auto& w) { return w.not_before <= now; });
  if (ready != state.queue.end()) {
    std::rotate(state.queue.begin(), ready, ready + 1);
    return step(self);
  }
  if (!state.queue.empty())
    arm(self, std::min_element(state.queue.begin(), state.queue.end(),
                               [](const auto& a, const auto& b) {
                                 return a.not_before < b.not_before;
                               })
                ->not_before);
  empty_log(self);
}

void next(pointer self) {
  auto& state = self->state;
  state.matters.erase(matter_of(state.queue.front().order.request));
  state.queue.pop_front();
  state.running = false;
  run_next(self);
}

void put_off(pointer self, milliseconds delay) {
  auto& state = self->state;
  state.queue.front().not_before = clock_now(self) + delay;
  state.running = false;
  run_next(self);
}

void tell(const erase_order& order, outcome<storage::receipt> result) {
  if (order.done)
    (*order.done)(std::move(result));
}

constexpr milliseconds first_back_off = seconds{1};
constexpr milliseconds longest_back_off = minutes{5};

/// What is owed stays owed: it is tried until it is done. Whoever waits is told
/// at once.
void fail(pointer self, const fault& why) {
  auto& waiting = self->state.queue.front();
  telemetry::log(telemetry::level::error, "erasure_failed",
                 {{"code", to_string(why.code)},
                  {"failures", std::int64_t{waiting.failures + 1}}});
  tell(waiting.order, why);
  waiting.order.done = nullptr;
  auto delay = std::min<milliseconds>(
    first_back_off * (1 << std::min(waiting.failures, 12)), longest_back_off);
  ++waiting.failures;
  put_off(self, delay);
}

void done(pointer self, const storage::erase_progress& progress) {
  auto& state = self->state;
  const auto& order = state.queue.front().order;
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
  if (!stepped.result)
    return fail(self, stepped.result.error());
  const auto& order = state.queue.front().order;
  const auto& progress = *stepped.result;
  if (progress.conversation)
    state.listener.changed(order.request.tenant, *progress.conversation);
  using state_of = storage::erase_progress::state;
  switch (progress.now) {
  case state_of::more:
    return step(self);
  case state_of::wait:
    return put_off(self, seconds{1});
  case state_of::not_due:
    return next(self);
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
  empty_log(self);
  return {
    [self](const erase_order& order) {
      auto& state = self->state;
      bool fresh = state.matters.insert(matter_of(order.request)).second;
      // Named again by the due queue while it waits: once is enough. Somebody
      // who waits for the proof is told in turn.
      if (!fresh && !order.done)
        return;
      state.queue.push_back({order, {}, 0});
      run_next(self);
    },
    [self](const look_at_clock&) {
      self->state.armed.reset();
      run_next(self);
    },
    [self](const erase_stepped& stepped) { take_step(self, stepped); },
    [self](const log_emptied& emptied) { take_emptied(self, emptied); },
  };
}

} // namespace

eraser_actor spawn_eraser(caf::actor_system& system, node_services& services,
                          erasure_listener listener) {
  return system.spawn(eraser, &services, std::move(listener));
}

} // namespace assistly::actors
