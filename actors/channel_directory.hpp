/// The CHANNEL DIRECTORY of a node.
#pragma once

#include "actors/interfaces.hpp"
#include "actors/services.hpp"

#include <caf/actor_system.hpp>

#include <functional>

namespace assistly::actors {

/// `replay` is called when a tenant's actor died with work in hand.
channel_directory_actor spawn_channel_directory(caf::actor_system& system,
                                                node_services& services,
                                                std::function<void()> replay);

} // namespace assistly::actors
