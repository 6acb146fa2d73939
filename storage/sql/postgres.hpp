/// The PostgreSQL driver (15 and later), on libpq (decision 10).
#pragma once

#include "storage/sql/connection.hpp"

#include <memory>
#include <string>

namespace assistly::sql {

struct postgres_options {
  /// May hold a password; reaches no text.
  std::string url;
  /// The schema that all tables are in; it need not exist yet.
  std::string schema;
  bool read_only = false;
  /// Who writes. A batch is committed only while `commit_mark` names the same:
  /// whoever took the database over writes itself there.
  std::string owner = {};
};

/// Opens it. When the connection is lost, the transaction fails with
/// `storage_failed`, and the next one opens it again. Throws `failure`.
std::unique_ptr<connection> open_postgres(const postgres_options& options);

} // namespace assistly::sql
