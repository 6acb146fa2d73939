/// An AI REPLY: retrieve, decide, draft; ends with its answer.
#pragma once

#include "actors/interfaces.hpp"
#include "actors/services.hpp"

#include <caf/actor_system.hpp>

namespace assistly::actors {

/// Tells `conversation` the draft, or that there will be none.
ai_reply_actor spawn_ai_reply(caf::actor_system& system,
                              node_services& services,
                              conversation_actor conversation);

} // namespace assistly::actors
