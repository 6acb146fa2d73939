/// The SUBSCRIPTION WATCH of a node: no account stays unsubscribed, and what
/// Meta could not tell us meanwhile is fetched, as far as Meta keeps it.
#pragma once

#include "actors/interfaces.hpp"
#include "actors/services.hpp"

#include <caf/actor_system.hpp>

namespace assistly::actors {

/// Precondition: `services.accounts` is set.
subscription_watch_actor spawn_subscription_watch(caf::actor_system& system,
                                                  node_services& services,
                                                  ingress_actor ingress);

} // namespace assistly::actors
