#include "storage/ledger_mark.hpp"

#include "storage/node_values.hpp"

namespace assistly::storage {

namespace {

namespace fs = std::filesystem;

constexpr std::string_view mark_entries = "ledger_entries";
constexpr std::string_view mark_head = "ledger_head";
constexpr std::string_view mark_made = "ledger_made";

struct known_ledger {
  ledger_mark mark;
  bool made = false;
};

known_ledger read_known(sql::connection& db) {
  known_ledger known{read_ledger_mark(db), false};
  known.made = known.mark.entries > 0 || node_value(db, mark_made).has_value();
  return known;
}

/// A ledger made anew would say that nothing was ever erased.
outcome<void> must_be_there(const known_ledger& known, const fs::path& file) {
  std::error_code ec;
  if (!known.made || fs::exists(file, ec))
    return {};
  return fault{
    errc::not_found,
    "the ledger " + file.string()
      + " of this database is missing; put it back, or set ledger.file to "
        "where it is"
      + (known.mark.entries == 0
           ? ". Nothing was erased yet: if it is lost, an empty file will do"
           : "")};
}

} // namespace

ledger_mark read_ledger_mark(sql::connection& db) {
  ledger_mark mark;
  if (auto entries = node_value(db, mark_entries))
    mark.entries = static_cast<std::size_t>(std::stoull(*entries));
  mark.head = node_value(db, mark_head).value_or("");
  return mark;
}

void write_ledger_mark(work& w, const ledger& book) {
  set_node_value(w.db, mark_entries, std::to_string(book.entries()));
  set_node_value(w.db, mark_head, book.head());
}

outcome<ledger> open_ledger(database& db, const fs::path& file) {
  try {
    auto known = read_known(*db.open_session(true).db);
    if (auto there = must_be_there(known, file); !there)
      return there.error();
    auto book = ledger::open(file, db.root(), known.mark);
    // Only when it is on disk: a crash before this makes it again.
    if (book && !known.made)
      set_node_value(*db.open_session(false).db, mark_made, "yes");
    return book;
  } catch (const sql::failure& e) {
    return fault{e.code(), e.what()};
  }
}

outcome<void> check_ledger(database& db, const fs::path& file) {
  try {
    auto known = read_known(*db.open_session(true).db);
    if (auto there = must_be_there(known, file); !there)
      return there;
    if (!known.made && !fs::exists(file))
      return {};
    return check_ledger(file, db.root(), known.mark);
  } catch (const sql::failure& e) {
    return fault{e.code(), e.what()};
  }
}

} // namespace assistly::storage
