/// The ERASER: one erasure at a time, in steps; receipt in the ledger.
#pragma once

#include "actors/interfaces.hpp"
#include "actors/services.hpp"

#include <caf/actor_system.hpp>

#include <functional>

namespace assistly::actors {

/// `changed` is told of every conversation that lost its rows, so that its
/// mailbox forgets what it holds; `tenant_gone` when a whole tenant went.
struct erasure_listener {
  std::function<void(tenant_id, const lookup_hash&)> changed;
  std::function<void()> tenant_gone;
};

eraser_actor spawn_eraser(caf::actor_system& system, node_services& services,
                          erasure_listener listener);

} // namespace assistly::actors
