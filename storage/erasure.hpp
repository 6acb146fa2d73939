/// The end of a conversation, a person or a tenant: rows gone, keys destroyed,
/// receipt in the ledger.
#pragma once

#include "storage/erase_requests.hpp"
#include "storage/ledger.hpp"
#include "storage/writer.hpp"

#include <optional>
#include <vector>

namespace assistly::storage {

struct erase_progress {
  enum class state : std::uint8_t {
    more,    ///< Run another step.
    wait,    ///< A send is under way; try again, 30 s at most.
    held,    ///< A legal hold forbids it.
    not_due, ///< Its end moved on, or an event for it is about to be taken in.
    not_found, ///< There is nothing of that name.
    done,
  };

  state now = state::done;
  receipt proof;
  /// The conversation's hash, so that its mailbox is told.
  std::optional<lookup_hash> conversation;
};

/// For the negative control: with a step switched off the sweep must find what
/// it left. Never set outside tests.
struct erase_faults {
  bool keep_turns = false;
  bool keep_keys = false;
};

/// One step of at most some 500 rows, so that no webhook waits for an erasure.
/// The receipt is on disk before the last step's commit. It counts the whole:
/// of a person or a tenant the conversations, too, each of which has a receipt
/// of its own before it.
///
/// A conversation whose retention ran out is looked at again before the first
/// row goes, for it may have been handed out a while ago; once a row went, the
/// erasure is written down and goes on to its end. Events acknowledged but not
/// taken in: a request takes those along that were accepted before it was made;
/// all others stay in the journal, and are taken in anew when it is over.
erase_progress erase_step(work& w, ledger& book, const erase_request& r,
                          const erase_faults& faults = {});

/// The due queue (DESIGN section 4, retention_timer).
struct due_conversation {
  tenant_id tenant;
  conversation_id id;
  timestamp erase_at{};
};

/// Conversations whose end has come, oldest first. Those whose end has moved on
/// since are put back in the queue.
std::vector<due_conversation> take_due(work& w, std::size_t most);
/// When to look again.
std::optional<timestamp> next_due(sql::connection& db);

/// Deletes what only lives for days: dedupe keys past 8 days, kept events, the
/// quarantine past 7 days, and journal keys of days long gone. In steps;
/// returns true if there is more to do.
bool sweep(work& w);

} // namespace assistly::storage
