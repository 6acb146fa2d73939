/// A CONVERSATION: a cache and a serialiser; the truth is in storage, and it
/// can be dropped at any moment and rebuilt.
#pragma once

#include "actors/interfaces.hpp"
#include "actors/mailbox_room.hpp"
#include "actors/tenant_shared.hpp"

#include <caf/actor_system.hpp>

#include <memory>

namespace assistly::actors {

/// `parent` is the tenant, told when there is nothing left to do.
conversation_actor spawn_conversation(caf::actor_system& system,
                                      node_services& services,
                                      std::shared_ptr<tenant_shared> shared,
                                      tenant_id tenant, lookup_hash hash,
                                      caf::actor_addr parent,
                                      std::shared_ptr<mailbox_room> room);

} // namespace assistly::actors
