/// Every sealed value of a database, tried one by one: the part of the deep
/// check that shows whether what is kept can be read.
#pragma once

#include "storage/database.hpp"

namespace assistly::storage {

struct seals_tried {
  std::int64_t opened = 0;
  /// The key is gone, another's, or the value was altered.
  std::int64_t failed = 0;
};

/// Reads all rows that hold one. May throw `sql::failure`.
seals_tried try_all_seals(session& s, const crypto::root_key& root);

} // namespace assistly::storage
