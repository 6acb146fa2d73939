/// A TENANT: settings and knowledge of a business, and its conversations and
/// adapters in memory.
#pragma once

#include "actors/interfaces.hpp"
#include "actors/services.hpp"

#include <caf/actor_system.hpp>

#include <functional>
#include <memory>

namespace assistly::actors {

/// Precondition: `picture` holds the tenant.
tenant_actor spawn_tenant(caf::actor_system& system, node_services& services,
                          std::shared_ptr<const storage::directory> picture,
                          tenant_id id, std::function<void()> replay);

} // namespace assistly::actors
