/// A send that was claimed, and then not called.
#pragma once

#include "actors/services.hpp"

#include <functional>

namespace assistly::actors {

/// The send waits in the outbox again, and is asked once more before it goes.
/// Tried each second until storage takes it, for nobody else knows that it did
/// not leave. `written` is called then, on the writer's thread; it may be
/// empty, and must not hold an actor.
void give_claim_back(node_services& services, tenant_id tenant, turn_id id,
                     std::function<void()> written);

} // namespace assistly::actors
