#include "storage/restore.hpp"

#include "storage/backup.hpp"
#include "storage/ledger_mark.hpp"
#include "storage/node_values.hpp"
#include "storage/owners_only.hpp"
#include "storage/restore_steps.hpp"
#include "storage/sql/sqlite.hpp"

#include <charconv>
#include <unistd.h>

namespace assistly::storage {

namespace fs = std::filesystem;

namespace {

fs::path beside(const fs::path& file, const char* end) {
  auto path = file;
  path += end;
  return path;
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
    auto db =
      sql::open_sqlite(file.string(), {.read_only = true, .unchanging = true});
    auto taken = node_value(*db, backup_mark).value_or("");
    std::int64_t ms = 0;
    const auto* end = taken.data() + taken.size();
    if (taken.empty() || std::from_chars(taken.data(), end, ms).ptr != end)
      return no_backup(file);
    if (!sql::is_intact(*db))
      return fault{errc::storage_failed,
                   file.string() + " is damaged; take another backup"};
    return from_unix_ms(ms);
  } catch (const sql::failure&) {
    return no_backup(file);
  }
}

/// A restore that came to its end leaves no mark; one that did not may be begun
/// anew over what it left.
bool is_half_restored(const fs::path& file) {
  try {
    auto db = sql::open_sqlite(file.string(), {.read_only = true});
    return node_value(*db, restoring_mark).has_value();
  } catch (const sql::failure&) {
    return false;
  }
}

outcome<void> remove_all_of(const fs::path& file) {
  // The log first: without its database it would be taken for the next one's.
  for (const auto* end : {"-wal", "-shm", "-journal", ""}) {
    std::error_code ec;
    fs::remove(beside(file, end), ec);
    if (ec)
      return fault{errc::io_failed, "cannot remove "
                                      + beside(file, end).string() + ": "
                                      + ec.message()};
  }
  return {};
}

outcome<void> clear_place(const fs::path& file) {
  if (fs::exists(file) && is_half_restored(file))
    return remove_all_of(file);
  for (const auto* end : {"", "-wal"})
    if (auto part = beside(file, end); fs::exists(part))
      return fault{errc::conflict,
                   "there is " + part.string()
                     + " of a database; a restore does not write over one. "
                       "Stop the server, and move the database away together "
                       "with its -wal and -shm, which belong to it"};
  return {};
}

/// Under its name only when it says itself that it is not ready.
outcome<void> put_in_place(const fs::path& from, const fs::path& file) {
  owners_only mask;
  auto partial = beside(file, ".restoring");
  if (auto cleared = remove_all_of(partial); !cleared)
    return cleared;
  std::error_code ec;
  fs::copy_file(from, partial, ec);
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
    set_node_value(*db, restoring_mark, "1");
    if (!sql::checkpoint_sqlite(*db, true).whole)
      return fault{errc::io_failed,
                   "cannot finish " + partial.string() + "; try again"};
  } catch (const sql::failure& e) {
    return fault{e.code(), e.what()};
  }
  fs::rename(partial, file, ec);
  if (ec)
    return fault{errc::io_failed,
                 "cannot make " + file.string() + ": " + ec.message()};
  return {};
}

outcome<void> check_key_store(database& db, const restore_order& order,
                              timestamp taken_at) {
  if (order.accept_older_keys
      || db.open_session(true).keys.exists(backup_key(taken_at)))
    return {};
  return fault{
    errc::conflict,
    "the key store " + db.key_store_name()
      + " is older than the backup, so it lacks the keys of what began since "
        "its copy. Put the newest one in its place, with its -wal; or go on "
        "without them (--accept-older-keys), and what cannot be read is "
        "dropped"};
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

outcome<void> drop_unreadable(restored& r, const fs::path& file) {
  auto place = beside(file, ".restoring-ledger");
  std::error_code ec;
  fs::remove(place, ec);
  auto scratch = ledger::open(place, r.db.root());
  if (!scratch)
    return scratch.error();
  auto done = drop_keyless(r, *scratch);
  fs::remove(place, ec);
  return done;
}

outcome<void> go_through(restored& r, const restore_order& order,
                         const ledger_mark& mark) {
  auto all = read_ledger(order.ledger_file);
  if (!all)
    return all.error();
  std::span<const receipt> since{*all};
  since = since.subspan(std::min(mark.entries, since.size()));
  auto done = doubt_unsent(r);
  if (done)
    done = erase_again(r, since);
  if (done)
    done = drop_unreadable(r, order.place.file);
  if (done)
    done = mend_persons(r);
  if (done)
    done = keep_numbers_used(r, *all);
  if (done)
    done = take_in_silently(r);
  if (done)
    done = give_to_people(r);
  if (!done)
    return done;
  return r.w.run([&](work& w) {
    write_ledger_mark(w, r.book);
    drop_node_value(w.db, restoring_mark);
    drop_node_value(w.db, backup_mark);
  });
}

outcome<restore_facts> restore_into(const restore_order& order, int lock,
                                    timestamp taken_at, clock_source& clock,
                                    random_source& random) {
  auto place = order.place;
  place.restoring = true;
  place.lock = lock;
  auto db = database::open(place, random);
  if (!db)
    return db.error();
  restore_facts facts;
  facts.taken_at = taken_at;
  try {
    if (auto keys = check_key_store(**db, order, taken_at); !keys)
      return keys.error();
    ledger_mark mark;
    auto book = ledger_for(**db, order, mark);
    if (!book)
      return book.error();
    writer w{**db, clock, random, {}};
    restored r{**db, w, *book, facts, {}};
    if (auto done = go_through(r, order, mark); !done)
      return done.error();
  } catch (const sql::failure& e) {
    return fault{e.code(), e.what()};
  }
  return facts;
}

} // namespace

outcome<restore_facts> restore_backup(const restore_order& order,
                                      clock_source& clock,
                                      random_source& random) {
  if (!order.place.server.empty())
    return fault{errc::not_permitted,
                 "a PostgreSQL database is restored by its own tools "
                 "(pg_restore of the schema assistly, and of assistly_keys if "
                 "that is lost, too); docs/storage.md says in which order"};
  auto taken_at = look_at(order.from);
  if (!taken_at)
    return taken_at.error();
  auto lock = lock_database(order.place.file);
  if (!lock)
    return lock.error();
  auto placed = clear_place(order.place.file);
  if (placed)
    placed = put_in_place(order.from, order.place.file);
  if (!placed) {
    ::close(*lock);
    return placed.error();
  }
  return restore_into(order, *lock, *taken_at, clock, random);
}

} // namespace assistly::storage
