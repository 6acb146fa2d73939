/// SQLite as an engine: the data in a file, the keys in another beside it.
#pragma once

#include "storage/sql/engine.hpp"

namespace assistly::sql {

/// The caller sees to it that one process has the file.
std::unique_ptr<engine> make_sqlite_engine(const std::filesystem::path& file);

} // namespace assistly::sql
