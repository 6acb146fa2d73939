#include "api/check.hpp"

#include "api/check_subscriptions.hpp"
#include "protocol/json/writer.hpp"
#include "storage/dead_letters.hpp"
#include "storage/erase_requests.hpp"
#include "storage/invariants.hpp"
#include "storage/ledger_mark.hpp"
#include "storage/schema/migrations.hpp"

#include <filesystem>

namespace assistly::api {

namespace {

/// A running server has its files open, and does not miss one that is gone.
outcome<void> check_files(const checked& c) {
  for (const auto& file : c.db.engine().files())
    if (std::error_code ec; !std::filesystem::exists(file, ec))
      return fault{errc::not_found,
                   "the file " + file.string()
                     + " was taken away from under the running server; put it "
                       "back before the server stops"};
  auto root = crypto::root_key::load(c.settings.keys.file);
  if (!root)
    return root.error();
  if (root->fingerprint() != c.db.root().fingerprint())
    return fault{errc::wrong_key,
                 "the key file " + c.settings.keys.file.string()
                   + " belongs to another database than " + c.db.name()
                   + "; set keys.file to the one made with this database"};
  return storage::check_ledger(c.db, c.settings.ledger.file);
}

/// What waits for people to see it. A database of an earlier version holds no
/// dead letters.
struct waiting {
  std::int64_t dead_letters = 0;
  storage::owed_erasures erasures;
};

outcome<waiting> what_waits(const checked& c) {
  waiting found;
  auto read = c.reader.run([&](storage::session& s) {
    found.erasures = storage::count_erasures(*s.db);
    if (storage::schema_of(*s.db) == storage::schema_version())
      found.dead_letters = storage::count_dead_letters(*s.db);
  });
  if (!read)
    return read.error();
  return found;
}

void write_waiting(json::json_writer& w, const waiting& found) {
  w.number("dead_letters", found.dead_letters)
    .number("erasures_owed", found.erasures.count);
  if (found.erasures.oldest)
    w.number("oldest_erasure_ms", to_unix_ms(*found.erasures.oldest));
}

} // namespace

outcome<std::string> check(const checked& c) {
  if (auto files = check_files(c); !files)
    return files.error();
  std::vector<sql::engine_warning> warnings;
  try {
    warnings = c.db.engine().warnings();
  } catch (const sql::failure& e) {
    return fault{e.code(), e.what()};
  }
  auto waits = what_waits(c);
  if (!waits)
    return waits.error();
  json::json_writer w{json::json_form::utf8};
  w.open().text("database", c.db.name());
  write_waiting(w, *waits);
  w.key("warnings").open_list();
  for (const auto& each : warnings)
    w.open().text("what", each.what).text("mend", each.mend).close();
  w.close_list();
  add_subscriptions(c, w);
  w.close();
  return std::move(w).take();
}

outcome<std::string> check_deep(const checked& c) {
  if (auto files = check_files(c); !files)
    return files.error();
  auto waits = what_waits(c);
  if (!waits)
    return waits.error();
  storage::deep_check found;
  auto read = c.reader.run([&](storage::session& s) {
    if (storage::schema_of(*s.db) != storage::schema_version())
      throw sql::failure{
        errc::not_permitted,
        "the database is of an earlier version, so its content was not looked "
        "at; start the server, which brings it up to date, and repeat"};
    found = storage::check_invariants(s, c.db.root());
  });
  if (!read)
    return read.error();
  json::json_writer w{json::json_form::utf8};
  w.open().text("database", c.db.name());
  write_waiting(w, *waits);
  w.number("opened", found.opened)
    .number("unused_keys", found.unused_keys)
    .key("violations")
    .open_list();
  for (const auto& v : found.violations)
    w.open().text("rule", v.rule).number("rows", v.rows).close();
  w.close_list();
  add_subscriptions(c, w);
  w.close();
  return std::move(w).take();
}

} // namespace assistly::api
