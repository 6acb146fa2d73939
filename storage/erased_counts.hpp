/// What an erasure has removed so far. A large one goes in steps, each with a
/// commit of its own, and its receipt counts all of them, whatever crashed in
/// between.
#pragma once

#include "storage/erase_requests.hpp"

namespace assistly::storage {

struct erased_counts {
  std::int64_t conversations = 0;
  std::int64_t persons = 0;
  std::int64_t sends = 0;
  std::int64_t journal = 0;
  std::int64_t kept = 0;
  std::int64_t keys = 0;

  erased_counts& operator+=(const erased_counts& other);
  bool operator==(const erased_counts&) const = default;
};

/// Of everything asked for about the same subject, for two requests may share
/// the work.
erased_counts counts_so_far(sql::connection& db, const erase_request& r);
/// Part of the commit of the step that is not the last.
void keep_counts(work& w, const erase_request& r, const erased_counts& n);
/// Part of the commit of the last step; of a tenant, all of its.
void drop_counts(work& w, const erase_request& r);

} // namespace assistly::storage
