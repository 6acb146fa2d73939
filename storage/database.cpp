#include "storage/database.hpp"

#include "storage/node_values.hpp"
#include "storage/owners_only.hpp"
#include "storage/schema/migrations.hpp"
#include "storage/sql/run.hpp"
#include "storage/sql/sqlite.hpp"

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

namespace assistly::storage {

namespace fs = std::filesystem;

namespace {

constexpr std::string_view root_mark = "root_key";

constexpr sql::query any_tenant{"SELECT 1 FROM tenant LIMIT 1"};
constexpr sql::query any_top_key{
  "SELECT 1 FROM wrapped_key WHERE tenant_id = $1 AND kind = 1 LIMIT 1"};

std::string key_store_of(const fs::path& data) {
  auto path = data;
  path += ".keys";
  return path.string();
}

/// For whoever only looks. A log is there while somebody writes, or after a
/// crash; without one nothing needs to be made beside the file to read it.
sql::sqlite_options looking_at(const std::string& file) {
  return {.read_only = true, .unchanging = !fs::exists(file + "-wal")};
}

fs::path lock_path_of(const fs::path& file) {
  auto path = file;
  path += ".lock";
  return path;
}

/// -1 if there is no file and none may be made: then nobody holds it.
outcome<int> lock_file(const fs::path& path, bool may_make) {
  int fd =
    ::open(path.c_str(), O_RDWR | (may_make ? O_CREAT : 0) | O_CLOEXEC, 0600);
  if (fd < 0 && errno == ENOENT && !may_make)
    return -1;
  if (fd < 0)
    return fault{errc::io_failed, "cannot open " + path.string() + ": "
                                    + std::strerror(errno)
                                    + "; the data folder must be writable"};
  if (::flock(fd, LOCK_EX | LOCK_NB) == 0)
    return fd;
  ::close(fd);
  return fault{errc::conflict,
               "the database is in use by another process (lock "
                 + path.string() + "); stop it first"};
}

outcome<void> make_folder(const fs::path& folder) {
  std::error_code ec;
  fs::create_directories(folder, ec);
  if (ec)
    return fault{errc::io_failed, "cannot make the folder " + folder.string()
                                    + ": " + ec.message()};
  return {};
}

outcome<void> make_folders(const database_options& options) {
  if (auto made = make_folder(fs::absolute(options.file).parent_path()); !made)
    return made;
  return make_folder(fs::absolute(options.keys_file).parent_path());
}

/// The key file the database was made with; empty while it is being made, for
/// this is written last, when everything else of it is on disk.
std::string known_root(sql::connection& data) {
  return node_value(data, root_mark).value_or("");
}

/// A key store made anew beside old data would let the node start, with every
/// row unreadable.
outcome<void> check_key_store(sql::connection& data, const fs::path& file) {
  auto store = key_store_of(file);
  if (!fs::exists(store))
    return fault{errc::not_found,
                 "the key store " + store + " of the database " + file.string()
                   + " is missing; put it back from where the database came "
                     "from: the two belong together"};
  if (!sql::ask_node(data, any_tenant).next())
    return {};
  auto keys = sql::open_sqlite(store, looking_at(store));
  if (schema_of(*keys) > 0 && sql::ask(*keys, tenant_id{0}, any_top_key).next())
    return {};
  return fault{errc::not_found,
               "the key store " + store + " does not hold the keys of "
                 + file.string()
                 + "; put back the one that belongs to this database"};
}

/// Nobody may read or send before a restore has come to its end.
outcome<void> check_restored(sql::connection& data, const fs::path& file) {
  if (!node_value(data, restoring_mark))
    return {};
  return fault{errc::not_permitted,
               "the restore of " + file.string()
                 + " did not come to its end; run assistly restore again"};
}

outcome<crypto::root_key> root_known_as(const std::string& known,
                                        const database_options& options) {
  const auto& keys_file = options.keys_file;
  auto key = crypto::root_key::load(keys_file);
  if (!key) {
    if (key.error().code != errc::not_found)
      return key.error();
    return fault{
      errc::not_found,
      "the database " + fs::absolute(options.file).string()
        + " was sealed with a key file that is missing: " + keys_file.string()
        + "; put the key file back, or set keys.file to where it is"};
  }
  if (key->fingerprint() != known)
    return fault{errc::wrong_key,
                 "the key file " + keys_file.string()
                   + " belongs to another database than "
                   + fs::absolute(options.file).string()
                   + "; set keys.file to the one made with this database"};
  return key;
}

/// All of a database, the mark that it is whole last: what a crash leaves
/// behind on the way is taken up by the next start.
outcome<crypto::root_key> make_rest(sql::connection& data,
                                    const database_options& options,
                                    random_source& random) {
  auto keys = sql::open_sqlite(key_store_of(fs::absolute(options.file)), {});
  migrate(*keys, key_migrations());
  // A key file that is already there is used: the operator put it there.
  auto key = fs::exists(options.keys_file)
               ? crypto::root_key::load(options.keys_file)
               : crypto::root_key::create(options.keys_file, random);
  if (key)
    set_node_value(data, root_mark, key->fingerprint());
  return key;
}

/// What stands beside the file tells that there should be one: made anew it
/// would take webhooks for nobody, and Meta sends none of them again.
outcome<void> check_not_lost(const fs::path& file) {
  auto begun = file;
  begun += ".restoring";
  if (fs::exists(begun))
    return fault{errc::not_permitted,
                 "the restore of " + file.string()
                   + " did not come to its end; run assistly restore again, or "
                     "remove "
                   + begun.string() + " to give it up"};
  auto store = key_store_of(file);
  if (fs::exists(file) || !fs::exists(store))
    return {};
  auto keys = sql::open_sqlite(store, looking_at(store));
  if (schema_of(*keys) == 0
      || !sql::ask(*keys, tenant_id{0}, any_top_key).next())
    return {};
  return fault{errc::not_found,
               "the database " + file.string()
                 + " is missing, though its key store is here; put it back "
                   "(is its disk mounted?) or restore a backup. To begin anew, "
                   "move the key store and the ledger away"};
}

outcome<crypto::root_key> root_of(const database_options& options,
                                  random_source& random) {
  auto file = fs::absolute(options.file);
  if (!options.restoring)
    if (auto there = check_not_lost(file); !there)
      return there.error();
  auto data = sql::open_sqlite(file.string(), options.only_look
                                                ? looking_at(file.string())
                                                : sql::sqlite_options{});
  if (!options.only_look)
    migrate(*data, data_migrations());
  auto known = known_root(*data);
  if (known.empty() && options.only_look)
    return fault{errc::not_found, "there is no whole database at "
                                    + file.string()
                                    + " yet; the server makes it"};
  if (known.empty())
    return make_rest(*data, options, random);
  if (!options.restoring)
    if (auto whole = check_restored(*data, file); !whole)
      return whole.error();
  auto root = root_known_as(known, options);
  if (!root)
    return root;
  if (auto belongs = check_key_store(*data, file); !belongs)
    return belongs.error();
  if (!options.only_look)
    migrate(*sql::open_sqlite(key_store_of(file), {}), key_migrations());
  return root;
}

} // namespace

outcome<int> lock_database(const fs::path& file) {
  owners_only mask;
  if (auto made = make_folder(fs::absolute(file).parent_path()); !made)
    return made.error();
  return lock_file(lock_path_of(fs::absolute(file)), true);
}

outcome<database_state> state_of(const fs::path& file) {
  try {
    if (auto there = check_not_lost(fs::absolute(file)); !there)
      return there.error();
    if (!fs::exists(file))
      return database_state::none;
    auto data = sql::open_sqlite(file.string(), looking_at(file.string()));
    auto schema = schema_of(*data);
    if (schema == 0 || known_root(*data).empty())
      return database_state::none;
    return schema < schema_version() ? database_state::older
                                     : database_state::made;
  } catch (const sql::failure& e) {
    return fault{e.code(), e.what()};
  }
}

outcome<std::unique_ptr<database>>
database::open(const database_options& options, random_source& random) {
  std::unique_ptr<database> result{new database};
  result->file_ = fs::absolute(options.file);
  result->folder_ = result->file_.parent_path();
  result->random_ = &random;
  result->only_look_ = options.only_look;
  owners_only mask;
  if (!options.only_look)
    if (auto made = make_folders(options); !made)
      return made.error();
  result->lock_ = options.lock;
  if (result->lock_ < 0) {
    auto lock = lock_file(lock_path_of(result->file_), !options.only_look);
    if (!lock)
      return lock.error();
    result->lock_ = *lock;
  }
  try {
    auto root = root_of(options, random);
    if (!root)
      return root.error();
    result->root_ = std::make_unique<crypto::root_key>(std::move(*root));
  } catch (const sql::failure& e) {
    return fault{e.code(), e.what()};
  }
  return result;
}

database::~database() {
  if (lock_ >= 0)
    ::close(lock_);
}

fs::path database::key_store_file() const {
  return key_store_of(file_);
}

session database::open_session(bool read_only) {
  sql::sqlite_options data;
  data.read_only = read_only;
  data.cache_kib = read_only ? 16 * 1024 : 128 * 1024;
  sql::sqlite_options keys;
  keys.read_only = read_only;
  keys.cache_kib = 8 * 1024;
  if (only_look_) {
    data.unchanging = looking_at(file_.string()).unchanging;
    keys.unchanging = looking_at(key_store_of(file_)).unchanging;
  }
  auto key_db = sql::open_sqlite(key_store_of(file_), keys);
  // Few writes: the engine's own checkpoints are enough for the key file.
  if (!read_only)
    key_db->execute("PRAGMA wal_autocheckpoint=500");
  return {sql::open_sqlite(file_.string(), data),
          key_store{std::move(key_db), *root_, cache_, *random_}};
}

} // namespace assistly::storage
