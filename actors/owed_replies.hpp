/// Answers that storage says are owed, handed to their conversations.
#pragma once

#include "actors/services.hpp"
#include "storage/conversations.hpp"

#include <functional>
#include <vector>

namespace assistly::actors {

/// After somebody's death all at once. After a start, whatever was due may be
/// what the last process died of: each try is counted in a commit before it is
/// made, and what was tried at an earlier start is tried alone, so that the
/// next death can only be its own (decision 11). `tell` is called on any
/// thread.
void hand_out_replies(node_services& services,
                      const std::vector<storage::owed_reply>& owed,
                      bool starting,
                      std::function<void(const storage::owed_reply&)> tell);

} // namespace assistly::actors
