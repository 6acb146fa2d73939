/// Is there room to write?
#pragma once

#include "storage/writer.hpp"

namespace assistly::storage {

/// Writes about as much as a dozen webhooks do and takes it back in the same
/// transaction. Nothing stays but what the disk had to give for it, so the
/// unit's result says whether storage can keep what comes next.
void prove_room(work& w);

} // namespace assistly::storage
