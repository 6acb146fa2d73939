/// The RETENTION TIMER: the due queue, which lives in storage.
#pragma once

#include "actors/interfaces.hpp"
#include "actors/services.hpp"

#include <caf/actor_system.hpp>

namespace assistly::actors {

retention_timer_actor spawn_retention_timer(caf::actor_system& system,
                                            node_services& services,
                                            eraser_actor eraser);

} // namespace assistly::actors
