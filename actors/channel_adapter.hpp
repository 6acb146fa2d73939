/// A CHANNEL ADAPTER: claims outbox rows, paces, sends, settles.
#pragma once

#include "actors/interfaces.hpp"
#include "actors/tenant_shared.hpp"

#include <caf/actor_system.hpp>

#include <memory>

namespace assistly::actors {

/// `parent` is the tenant, told when a send has changed its conversation. It
/// begins with `recover`.
channel_adapter_actor spawn_channel_adapter(caf::actor_system& system,
                                            node_services& services,
                                            storage::directory_channel channel,
                                            std::shared_ptr<adapter_gate> gate,
                                            caf::actor_addr parent);

} // namespace assistly::actors
