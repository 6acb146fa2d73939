#include "storage/restore.hpp"

#include "storage/backup.hpp"
#include "storage/ledger_mark.hpp"
#include "storage/restore_steps.hpp"
#include "storage/sql/run.hpp"
#include "storage/sql/sqlite.hpp"

#include <charconv>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace assistly::storage {

namespace fs = std::filesystem;

namespace {

constexpr sql::query read_value{"SELECT value FROM node WHERE name = $1"};
constexpr sql::query set_value{"INSERT INTO node(name, value) VALUES($1, $2) "
                               "ON CONFLICT(name) DO UPDATE SET value = $2"};
constexpr sql::query drop_value{"DELETE FROM node WHERE name = $1"};
constexpr sql::query check_copy{"PRAGMA quick_check(1)"};

std::string value_of(sql::connection& db, std::string_view name) {
  auto found = sql::ask_node(db, read_value, name);
  return found.next() ? std::string{found.bytes(0)} : std::string{};
}

fault no_backup(const fs::path& file) {
  return {errc::invalid, file.string()
                           + " is no backup of Assistly; restore takes what "
                             "assistly backup wrote"};
}

/// When it was taken, once it is known to be whole.
outcome<timestamp> look_at(const fs::path& file) {
  std::error_code ec;
  if (!fs::is_regular_file(file, ec))
    return fault{errc::not_found, "there is no file " + file.string()};
  try {
    auto db = sql::open_sqlite(file.string(), {true});
    auto taken = value_of(*db, backup_mark);
    std::int64_t ms = 0;
    if (std::from_chars(taken.data(), taken.data() + taken.size(), ms).ptr
          != taken.data() + taken.size()
        || taken.empty())
      return no_backup(file);
    auto found = sql::ask_node(*db, check_copy);
    if (!found.next() || found.bytes(0) != "ok")
      return fault{errc::storage_failed,
                   file.string() + " is damaged; take another backup"};
    return from_unix_ms(ms);
  } catch (const sql::failure&) {
    return no_backup(file);
  }
}

/// A restore that came to its end leaves no mark; one that did not may be begun
/// anew over what it left.
outcome<void> clear_place(const fs::path& file) {
  if (!fs::exists(file))
    return {};
  bool begun = false;
  try {
    begun = !value_of(*sql::open_sqlite(file.string(), {true}), restoring_mark)
               .empty();
  } catch (const sql::failure&) {
    begun = false;
  }
  if (!begun)
    return fault{errc::conflict,
                 "there is a database at " + file.string()
                   + "; a restore does not write over it. Stop the server and "
                     "move the file and its -wal away first"};
  std::error_code ec;
  for (const auto* end : {"", "-wal", "-shm"}) {
    auto part = file;
    part += end;
    fs::remove(part, ec);
    if (ec)
      return fault{errc::io_failed,
                   "cannot remove " + part.string() + ": " + ec.message()};
  }
  return {};
}

/// Under its name only when it says itself that it is not ready.
outcome<void> put_in_place(const fs::path& from, const fs::path& file) {
  auto partial = file;
  partial += ".restoring";
  std::error_code ec;
  fs::create_directories(fs::absolute(file).parent_path(), ec);
  fs::copy_file(from, partial, fs::copy_options::overwrite_existing, ec);
  if (!ec)
    fs::permissions(partial, fs::perms::owner_read | fs::perms::owner_write,
                    ec);
  if (ec) {
    std::error_code ignored; // The reason of the first failure is told.
    fs::remove(partial, ignored);
    return fault{ec == std::errc::no_space_on_device ? errc::storage_full
                                                     : errc::io_failed,
                 "cannot copy the backup to " + partial.string() + ": "
                   + ec.message()};
  }
  try {
    auto db = sql::open_sqlite(partial.string(), {});
    sql::run_node(*db, set_value, restoring_mark, std::string_view{"1"});
    sql::checkpoint_sqlite(*db, true);
  } catch (const sql::failure& e) {
    return fault{e.code(), e.what()};
  }
  fs::rename(partial, file, ec);
  if (ec)
    return fault{errc::io_failed,
                 "cannot make " + file.string() + ": " + ec.message()};
  return {};
}

outcome<ledger> ledger_for(database& db, const restore_order& order,
                           ledger_mark& mark) {
  mark = read_ledger_mark(*db.open_session(true).db);
  auto known = check_ledger(db, order.ledger_file);
  if (known)
    return ledger::open(order.ledger_file, db.root(), mark);
  if (known.error().code != errc::conflict
      && known.error().code != errc::not_found)
    return known.error();
  if (!order.accept_missing_ledger)
    return fault{
      errc::conflict,
      "the ledger " + order.ledger_file.string()
        + " does not reach to the moment of the backup, so what was erased "
          "since is not known. Put the newest ledger in its place; or go on "
          "without it (--accept-missing-ledger), and what was erased since "
          "the backup may be readable again"};
  mark.entries = 0;
  return ledger::open(order.ledger_file, db.root());
}

outcome<void> go_through(restored& r, const restore_order& order,
                         const ledger_mark& mark) {
  auto all = read_ledger(order.ledger_file);
  if (!all)
    return all.error();
  std::span<const receipt> since{*all};
  since = since.subspan(std::min(mark.entries, since.size()));
  if (auto done = erase_again(r, since); !done)
    return done;
  if (auto done = send_nothing_blindly(r); !done)
    return done;
  return r.w.run([&](work& w) {
    write_ledger_mark(w, r.book);
    sql::run_node(w.db, drop_value, restoring_mark);
    sql::run_node(w.db, drop_value, backup_mark);
  });
}

} // namespace

outcome<restore_facts> restore_backup(const restore_order& order,
                                      clock_source& clock,
                                      random_source& random) {
  auto taken_at = look_at(order.from);
  if (!taken_at)
    return taken_at.error();
  restore_facts facts;
  facts.taken_at = *taken_at;
  // What is written here is for the operator's eyes only.
  auto mask = ::umask(0077);
  auto placed = clear_place(order.place.file);
  if (placed)
    placed = put_in_place(order.from, order.place.file);
  ::umask(mask);
  if (!placed)
    return placed.error();
  auto place = order.place;
  place.restoring = true;
  auto db = database::open(place, random);
  if (!db)
    return db.error();
  ledger_mark mark;
  auto book = ledger_for(**db, order, mark);
  if (!book)
    return book.error();
  try {
    writer w{**db, clock, random, {}};
    restored r{**db, w, *book, facts};
    if (auto done = go_through(r, order, mark); !done)
      return done.error();
  } catch (const sql::failure& e) {
    return fault{e.code(), e.what()};
  }
  return facts;
}

} // namespace assistly::storage
