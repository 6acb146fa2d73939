/// The end of a conversation, a person or a tenant: rows gone, keys destroyed,
/// receipt in the ledger.
#pragma once

#include "storage/ledger.hpp"
#include "storage/writer.hpp"

#include <optional>
#include <vector>

namespace assistly::storage {

enum class erase_scope : std::uint8_t {
  conversation = 1,
  person = 2,
  tenant = 3
};
enum class erase_reason : std::uint8_t { retention = 1, request = 2 };

std::string_view to_string(erase_scope scope) noexcept;
std::string_view to_string(erase_reason reason) noexcept;

struct erase_request {
  uuid id; ///< of the request; survives a crash with it
  tenant_id tenant;
  erase_scope scope = erase_scope::conversation;
  uuid subject; ///< conversation or person; unused for a tenant
  erase_reason reason = erase_reason::request;
};

struct erase_progress {
  enum class state : std::uint8_t {
    more,      ///< Run another step.
    wait,      ///< A send is under way; try again, 30 s at most.
    held,      ///< A legal hold forbids it.
    not_found, ///< There is nothing of that name.
    done,
  };

  state now = state::done;
  receipt proof;
  /// The conversation's hash, so that its mailbox is told.
  std::optional<lookup_hash> conversation;
};

/// Writes the request down, so that a crash does not lose it.
void request_erasure(work& w, const erase_request& r);
/// It was refused: nothing is owed.
void withdraw_erasure(work& w, const erase_request& r);
std::vector<erase_request> pending_erasures(sql::connection& db);

/// For the negative control: with a step switched off the sweep must find what
/// it left. Never set outside tests.
struct erase_faults {
  bool keep_turns = false;
  bool keep_keys = false;
};

/// One step of at most some 500 rows, so that no webhook waits for an erasure.
/// The receipt is on disk before the last step's commit.
erase_progress erase_step(work& w, ledger& book, const erase_request& r,
                          const erase_faults& faults = {});

/// Where the ledger stood when the last erasure was committed; what
/// `ledger::open` must find at least.
ledger_mark read_ledger_mark(sql::connection& db);

/// The ledger of a database, held against its mark: one whose end was cut off
/// is refused, which its own chain cannot show.
outcome<ledger> open_ledger(database& db, const std::filesystem::path& file);

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
