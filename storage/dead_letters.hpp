/// Events that nobody could work off: kept sealed as they stood in the journal,
/// for people to look at and to try again, until their day's key ends.
#pragma once

#include "model/tries.hpp"
#include "storage/journal.hpp"

#include <optional>
#include <vector>

namespace assistly::storage {

/// Without its content: that stays sealed.
struct dead_letter {
  journal_id id;
  channel_id channel;
  timestamp received_at{};
  timestamp died_at{};
  /// Gone after that.
  timestamp until{};
  std::int32_t attempts = 0;
  dead_reason reason = dead_reason::failed;
};

/// Out of the journal and among the dead letters, in one commit; false if it is
/// no longer in the journal. `tries` is how often it was tried.
bool bury(work& w, tenant_id tenant, journal_id id, std::int32_t tries,
          dead_reason reason);

/// Of one business, in the order in which they were accepted, those behind
/// `after`.
std::vector<dead_letter> read_dead_letters(sql::connection& db,
                                           tenant_id tenant, journal_id after,
                                           std::size_t most);

/// Over all tenants: a figure for operators.
std::int64_t count_dead_letters(sql::connection& db);

/// What became of a letter that was to be tried again.
struct raised_letter {
  enum class state : std::uint8_t {
    back,       ///< In the journal again, without tries.
    not_found,  ///< There is none of that id, or its end has come.
    unreadable, ///< It still does not open, or is still no event; it stays.
  };

  state now = state::not_found;
  /// To be handed out after the commit, with `back`.
  journal_entry entry;
};

raised_letter raise_letter(work& w, tenant_id tenant, journal_id id);

} // namespace assistly::storage
