/// The SUPERVISOR: starts the node's actors, watches them, starts them again
/// with back-off.
#pragma once

#include "actors/interfaces.hpp"
#include "actors/services.hpp"

#include <caf/actor_system.hpp>

#include <memory>
#include <mutex>

namespace assistly::actors {

/// Where the node's actors are now; a restart changes it.
class node_handles {
public:
  struct set {
    ingress_actor ingress;
    channel_directory_actor directory;
    eraser_actor eraser;
    retention_timer_actor timer;
    /// Nothing if nobody watches.
    subscription_watch_actor watch;
  };

  set get() const {
    std::lock_guard lock{mutex_};
    return handles_;
  }

  void put(set handles) {
    std::lock_guard lock{mutex_};
    handles_ = std::move(handles);
  }

private:
  mutable std::mutex mutex_;
  set handles_;
};

using supervisor_actor = caf::typed_actor<caf::reacts_to<look_at_clock>>;

/// Hands out everything that is owed according to storage: the journal, answers
/// that are due, erasures that were asked for. At start, and whenever somebody
/// who had work in hand died; what is under way already is not done twice.
void resume_what_is_owed(node_services& services, node_handles& handles,
                         bool starting);

/// Starts all; `handles` outlives the system.
supervisor_actor spawn_supervisor(caf::actor_system& system,
                                  node_services& services,
                                  node_handles& handles);

} // namespace assistly::actors
