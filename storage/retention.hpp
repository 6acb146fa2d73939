/// What a tenant's retention ends besides whole conversations, in steps, so
/// that no webhook waits for the rest.
#pragma once

#include "model/policy.hpp"
#include "storage/writer.hpp"

#include <optional>

namespace assistly::storage {

/// How far a walk over conversations has come: the last one looked at.
struct walk {
  tenant_id tenant;
  conversation_id after;
};

/// Deletes turns past the outer limit of their tenant (`retention.turn`),
/// however busy their conversation, over all tenants. Turns that a send still
/// waits for stay until it is settled. Returns where to go on, or nothing at
/// the end.
std::optional<walk> sweep_turns(work& w, const walk& from);

/// Pulls the ends of a tenant's conversations forward to what `policy` says,
/// for a period that was made shorter; a longer one counts from the next
/// activity on. Returns where to go on, or nothing at the end.
std::optional<walk> shorten_ends(work& w, const walk& from,
                                 const retention_policy& policy);

} // namespace assistly::storage
