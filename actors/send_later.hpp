/// A message at a later moment, by the node's wake queue.
#pragma once

#include "actors/services.hpp"

#include <caf/actor_addr.hpp>
#include <caf/actor_cast.hpp>
#include <caf/send.hpp>

#include <utility>

namespace assistly::actors {

/// Sends `message` to `to` at `when` or soon after, if it still lives: weak,
/// for a wake-up must not keep an actor in memory.
template <class Handle, class Message>
void send_later(node_services& services, timestamp when, const Handle& to,
                Message message) {
  services.wakes->arm(when, [address = caf::actor_cast<caf::actor_addr>(to),
                             message = std::move(message)] {
    if (auto handle = caf::actor_cast<Handle>(address))
      caf::anon_send(handle, message);
  });
}

} // namespace assistly::actors
