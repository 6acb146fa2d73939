/// PostgreSQL as an engine: the data in the schema `assistly`, the keys in
/// `assistly_keys`, so that a dump of the one holds nothing of the other.
#pragma once

#include "storage/sql/engine.hpp"

namespace assistly::sql {

/// `url` is `postgresql://…` as libpq takes it, and may hold a password.
std::unique_ptr<engine> make_postgres_engine(const std::string& url);

} // namespace assistly::sql
