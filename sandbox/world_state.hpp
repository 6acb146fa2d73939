/// Everything the stand-in knows, for the files that make up `sandbox_world`.
/// Private to this room.
#pragma once

#include "sandbox/directory.hpp"
#include "sandbox/fault_rules.hpp"
#include "sandbox/message_ids.hpp"
#include "sandbox/recording.hpp"
#include "sandbox/talk.hpp"
#include "sandbox/webhook_queue.hpp"
#include "sandbox/world.hpp"

#include <string>
#include <unordered_map>

namespace assistly::sandbox {

struct world_state {
  world_state(world_options options, const clock_source& clock,
              random_source& random);

  timestamp now() const noexcept {
    return clock.now() + offset;
  }

  const clock_source& clock;
  milliseconds offset{0};
  std::string app_id;
  std::string app_name;
  crypto::hmac_sha256 proof_signer; ///< Keyed with the app secret.
  bool require_proof;
  world_settings settings;
  directory accounts;
  talk said;
  message_ids ids;
  webhook_queue webhooks;
  /// Accounts whose messages the server has not taken since then.
  std::unordered_map<std::string, timestamp> failing_since;
  fault_rules faults;
  recording record;
};

/// After an hour of failures the app is unsubscribed from the account, and what
/// waits for it is dropped (CONTRACT 3.2).
void unsubscribe_failing(world_state& world);

/// Queues a webhook of that account, unless the app is unsubscribed from it.
void notify(world_state& world, const business_node& account, webhook_kind kind,
            webhook_body body, timestamp when,
            std::optional<line_reference> about = {});

} // namespace assistly::sandbox
