/// What a restored database must go through before anybody reads or sends, in
/// this order.
#pragma once

#include "storage/ledger.hpp"
#include "storage/restore.hpp"
#include "storage/writer.hpp"

#include <set>
#include <span>
#include <utility>

namespace assistly::storage {

/// A restored database that nobody else has yet.
struct restored {
  database& db;
  writer& w;
  ledger& book;
  restore_facts& facts;
  /// Conversations that were owed something: tenant and conversation.
  std::set<std::pair<std::int64_t, uuid>> owed;
};

/// Every send without a receipt may have left: it is `unknown` now, and neither
/// looked up nor repeated. The watch-dog's book is forgotten, so that nothing
/// from before the restore is fetched.
outcome<void> doubt_unsent(restored& r);

/// Erases again what the ledger says was erased, with receipts of their own,
/// and ends what had begun when the backup was taken.
outcome<void> erase_again(restored& r, std::span<const receipt> since);

/// Drops conversations and tenants that have no key, so that nobody can read
/// them: erased, or newer than the key store. That is no erasure anybody asked
/// for, so the receipts go to `scratch`.
outcome<void> drop_keyless(restored& r, ledger& scratch);

/// Persons that were joined since the backup have no key of their own any more,
/// but conversations again: a new key, and the ids that these know.
outcome<void> mend_persons(restored& r);

/// Numbers of tenants are never given twice, so none below the ledger's and the
/// key store's is.
outcome<void> keep_numbers_used(restored& r, std::span<const receipt> all);

/// Works the journal off without owing an answer.
outcome<void> take_in_silently(restored& r);

/// Whatever was owed something goes to people, with a note that says why.
outcome<void> give_to_people(restored& r);

} // namespace assistly::storage
