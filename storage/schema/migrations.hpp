/// Schema changes: numbered scripts, forward only, run at start.
#pragma once

#include "storage/sql/engine.hpp"

#include <span>
#include <string_view>

namespace assistly::storage {

struct migration {
  int number;
  std::string_view script;
};

/// All scripts of the data file and of the key file, in order.
std::span<const migration> data_migrations();
std::span<const migration> key_migrations();

/// The number of the newest data script.
int schema_version();

/// The number of the last script that was run; 0 if none was.
int schema_of(sql::connection& db);

/// Runs what is missing, each in a transaction of its own. Refuses (throws
/// `sql::failure` with `errc::not_permitted`) a database that a newer program
/// wrote.
void migrate(sql::connection& db, const sql::engine& engine,
             std::span<const migration> all);

} // namespace assistly::storage
