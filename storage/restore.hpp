/// The way back from a backup. What was erased since the backup goes again, and
/// what may have been sent since is not sent again, before anybody can read or
/// send anything (RELIABILITY P14, G10).
#pragma once

#include "model/clock.hpp"
#include "model/outcome.hpp"
#include "storage/database.hpp"

#include <cstdint>
#include <filesystem>

namespace assistly::storage {

struct restore_order {
  std::filesystem::path from;
  /// Where the database stood; there must be none now. Its key store and key
  /// file must be there.
  database_options place;
  std::filesystem::path ledger_file;
  /// Go on though the ledger does not reach the backup: what was erased since
  /// is not known, and stays.
  bool accept_missing_ledger = false;
  /// Go on though the key store is older than the backup: what began since its
  /// copy cannot be read any more, and is dropped.
  bool accept_older_keys = false;
};

struct restore_facts {
  timestamp taken_at{};
  /// Entries of the ledger since the backup, and how many still found something
  /// to erase.
  std::int64_t replayed = 0;
  std::int64_t erased_again = 0;
  /// Conversations and businesses without a key: nobody can read them any more.
  std::int64_t dropped = 0;
  /// Events that the backup had acknowledged but not taken in.
  std::int64_t taken_in = 0;
  /// Sends that may have left since.
  std::int64_t in_doubt = 0;
  /// Conversations given to people, since their customers may have been
  /// answered meanwhile.
  std::int64_t to_people = 0;
};

/// Until it has come to its end, `database::open` refuses the place; it can be
/// begun anew. Errors: `invalid` = no backup; `conflict` = there is a database,
/// or the ledger is older than the backup; `wrong_key`, `not_found` = keys that
/// are another's or missing; `io_failed`, `storage_full`, `storage_failed`.
outcome<restore_facts> restore_backup(const restore_order& order,
                                      clock_source& clock,
                                      random_source& random);

} // namespace assistly::storage
