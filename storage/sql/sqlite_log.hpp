/// The write-ahead log of a SQLite database, kept short by a thread of its own.
#pragma once

#include "storage/sql/engine.hpp"

namespace assistly::sql {

/// `data` and `keys` are the writer's; `file` is the data's. Throws `failure`
/// if it cannot be opened once more.
std::unique_ptr<log_keeper> keep_sqlite_log(connection& data, connection& keys,
                                            const std::string& file,
                                            const log_limits& limits);

} // namespace assistly::sql
