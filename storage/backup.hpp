/// A consistent copy of the data while the node serves. It holds neither keys
/// nor the ledger, so that it ends nobody's right to be forgotten: without the
/// key store beside it, it is noise (DESIGN section 5, Keys).
#pragma once

#include "model/clock.hpp"
#include "model/outcome.hpp"
#include "storage/database.hpp"
#include "storage/writer.hpp"

#include <cstdint>
#include <filesystem>

namespace assistly::storage {

struct backup_facts {
  std::int64_t bytes = 0;
  timestamp taken_at{};
};

/// Name of the row that makes a copy a backup: the moment it was taken, in
/// milliseconds of Unix time. Restores refuse files without it.
inline constexpr std::string_view backup_mark = "backup_taken_at";

/// Writes `to` (mode 0600), which appears under its name only when it is whole,
/// checked and on disk. Commits go on meanwhile; the log grows by them until
/// the copy is done. Not from the writer's thread, not from an actor. Errors:
/// `conflict` = there is such a file; `io_failed`, `storage_full`,
/// `storage_failed`.
outcome<backup_facts> write_backup(database& db, writer& w, clock_source& clock,
                                   const std::filesystem::path& to);

} // namespace assistly::storage
