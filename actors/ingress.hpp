/// The INGRESS of a node.
#pragma once

#include "actors/interfaces.hpp"
#include "actors/services.hpp"

#include <caf/actor_system.hpp>

namespace assistly::actors {

ingress_actor spawn_ingress(caf::actor_system& system, node_services& services,
                            channel_directory_actor directory);

} // namespace assistly::actors
