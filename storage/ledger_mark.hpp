/// What the database knows of the ledger beside it, which its own chain cannot
/// tell: that it was made, and how far it had come.
#pragma once

#include "storage/ledger.hpp"
#include "storage/writer.hpp"

namespace assistly::storage {

/// Where the ledger stood when the last erasure was committed; what
/// `ledger::open` must find at least.
ledger_mark read_ledger_mark(sql::connection& db);

/// Part of the commit whose receipt was appended last.
void write_ledger_mark(work& w, const ledger& book);

/// The ledger of a database, held against its mark: one that is missing though
/// it was made once, or whose end was cut off, is refused. Made if the database
/// never had one.
outcome<ledger> open_ledger(database& db, const std::filesystem::path& file);

/// The same, without making or changing anything. One that is still to be made
/// is fine.
outcome<void> check_ledger(database& db, const std::filesystem::path& file);

} // namespace assistly::storage
