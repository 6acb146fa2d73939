/// The SQLite driver (3.40). Knows sqlite3 alone.
#pragma once

#include "storage/sql/connection.hpp"

#include <cstdint>
#include <memory>
#include <string>

namespace assistly::sql {

struct sqlite_options {
  bool read_only = false;
  /// Page cache in KiB.
  int cache_kib = 64 * 1024;
  /// Nobody writes the file meanwhile, and there is no log beside it: it is
  /// read without locks, and without making any file.
  bool unchanging = false;
  /// For the connection that checkpoints: what it writes into the database
  /// reaches the disk a few pages at a time, so that nobody's commit waits
  /// behind a whole pass in the disk's queue.
  bool small_writes = false;
};

/// Opens or creates the file: WAL, synchronous=FULL, secure_delete=ON, and a
/// busy wait, without which a second connection's first lock attempt fails at
/// random (FEASIBILITY section 8). Throws `failure`.
std::unique_ptr<connection> open_sqlite(const std::string& path,
                                        const sqlite_options& options);

/// Schema tokens to SQLite's types.
std::string sqlite_schema(std::string_view script);

/// What one checkpoint pass left: frames in the log, and how many of them are
/// in the database.
struct checkpoint_result {
  std::int64_t log = -1;
  std::int64_t done = -1;
  /// False if another connection checkpoints, or a reader or writer was in the
  /// way of a TRUNCATE.
  bool whole = false;
};

/// PASSIVE never blocks; TRUNCATE empties the file, but only if no reader holds
/// it: it waits a few milliseconds for short ones, and no longer, for whoever
/// asks holds up everybody's commits.
checkpoint_result checkpoint_sqlite(connection& c, bool truncate);

/// Looks through the whole file for damage of its structure.
bool is_intact(connection& c);

} // namespace assistly::sql
