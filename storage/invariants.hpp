/// What must be true of a database at rest, whatever died and when
/// (`assistly check --deep`, and every kill in the tests).
#pragma once

#include "storage/database.hpp"

#include <string>
#include <vector>

namespace assistly::storage {

struct violation {
  std::string rule;
  std::int64_t rows = 0;
};

struct deep_check {
  std::vector<violation> violations;
  /// Sealed values that were opened.
  std::int64_t opened = 0;
  /// Keys whose row was never committed: harmless left-overs of a crash.
  std::int64_t unused_keys = 0;
};

/// Reads the whole database. May throw `sql::failure`.
deep_check check_invariants(session& s, const crypto::root_key& root);

} // namespace assistly::storage
