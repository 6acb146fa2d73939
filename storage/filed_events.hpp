/// Under which hashes the events of somebody may be filed: an event goes by its
/// own leading id, and a person has several.
#pragma once

#include "storage/writer.hpp"

#include <vector>

namespace assistly::storage {

/// Of a conversation: each id of its person on its channel (and under its
/// post), its own hash first. Without the keys, which a lost commit may have
/// taken, its own alone.
std::vector<lookup_hash> hashes_of(work& w, tenant_id tenant,
                                   conversation_id id, const lookup_hash& own);

/// Of a person: each id on each channel that is no comment channel, whether or
/// not there is a conversation. Nothing without the keys.
std::vector<lookup_hash> hashes_of(work& w, tenant_id tenant, person_id id);

} // namespace assistly::storage
