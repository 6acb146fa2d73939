/// What a restored database must go through before anybody reads or sends.
#pragma once

#include "storage/ledger.hpp"
#include "storage/restore.hpp"
#include "storage/writer.hpp"

#include <set>
#include <span>
#include <utility>

namespace assistly::storage {

/// A restored database between two writers' threads: nobody else has it.
struct restored {
  database& db;
  writer& w;
  ledger& book;
  restore_facts& facts;
};

/// Erases again what the ledger says was erased, and whatever has lost its key
/// in the key store, which says the same. Each gets a receipt of its own.
outcome<void> erase_again(restored& r, std::span<const receipt> since);

/// Works off the journal without owing an answer, and doubts every send that
/// had not its receipt; then people are given all conversations that were owed
/// something, with a note that says why.
outcome<void> send_nothing_blindly(restored& r);

} // namespace assistly::storage
