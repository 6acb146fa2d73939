#include "storage/database.hpp"

#include "storage/node_values.hpp"
#include "storage/owners_only.hpp"
#include "storage/schema/migrations.hpp"
#include "storage/sql/postgres_engine.hpp"
#include "storage/sql/run.hpp"
#include "storage/sql/sqlite_engine.hpp"

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

std::unique_ptr<sql::engine> engine_of(const database_options& options) {
  if (!options.server.empty())
    return sql::make_postgres_engine(options.server);
  return sql::make_sqlite_engine(fs::absolute(options.file));
}

fs::path lock_path_of(const database_options& options) {
  if (!options.server.empty())
    return options.folder() / "postgresql.lock";
  auto path = fs::absolute(options.file);
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
  if (auto made = make_folder(options.folder()); !made)
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
outcome<void> check_key_store(sql::connection& data, sql::engine& engine) {
  auto store = engine.name(sql::store::keys);
  auto name = engine.name(sql::store::data);
  if (!engine.is_there(sql::store::keys))
    return fault{errc::not_found,
                 "the key store " + store + " of the database " + name
                   + " is missing; put it back from where the database came "
                     "from: the two belong together"};
  if (!sql::ask_node(data, any_tenant).next())
    return {};
  auto keys = engine.open(sql::store::keys, sql::access::look);
  if (schema_of(*keys) > 0 && sql::ask(*keys, tenant_id{0}, any_top_key).next())
    return {};
  return fault{errc::not_found,
               "the key store " + store + " does not hold the keys of " + name
                 + "; put back the one that belongs to this database"};
}

/// Nobody may read or send before a restore has come to its end.
outcome<void> check_restored(sql::connection& data, const std::string& name) {
  if (!node_value(data, restoring_mark))
    return {};
  return fault{errc::not_permitted,
               "the restore of " + name
                 + " did not come to its end; run assistly restore again"};
}

outcome<crypto::root_key> root_known_as(const std::string& known,
                                        const std::string& name,
                                        const fs::path& keys_file) {
  auto key = crypto::root_key::load(keys_file);
  if (!key) {
    if (key.error().code != errc::not_found)
      return key.error();
    return fault{
      errc::not_found,
      "the database " + name
        + " was sealed with a key file that is missing: " + keys_file.string()
        + "; put the key file back, or set keys.file to where it is"};
  }
  if (key->fingerprint() != known)
    return fault{errc::wrong_key,
                 "the key file " + keys_file.string()
                   + " belongs to another database than " + name
                   + "; set keys.file to the one made with this database"};
  return key;
}

/// All of a database, the mark that it is whole last: what a crash leaves
/// behind on the way is taken up by the next start.
outcome<crypto::root_key> make_rest(sql::connection& data, sql::engine& engine,
                                    const fs::path& keys_file,
                                    random_source& random) {
  migrate(*engine.open(sql::store::keys, sql::access::write), engine,
          key_migrations());
  // A key file that is already there is used: the operator put it there.
  auto key = fs::exists(keys_file)
               ? crypto::root_key::load(keys_file)
               : crypto::root_key::create(keys_file, random);
  if (key)
    set_node_value(data, root_mark, key->fingerprint());
  return key;
}

/// What stands beside the data tells that there should be some: made anew it
/// would take webhooks for nobody, and Meta sends none of them again.
outcome<void> check_not_lost(const database_options& options,
                             sql::engine& engine) {
  if (options.server.empty()) {
    auto begun = fs::absolute(options.file);
    begun += ".restoring";
    if (fs::exists(begun))
      return fault{errc::not_permitted,
                   "the restore of " + engine.name(sql::store::data)
                     + " did not come to its end; run assistly restore again, "
                       "or remove "
                     + begun.string() + " to give it up"};
  }
  if (engine.is_there(sql::store::data) || !engine.is_there(sql::store::keys))
    return {};
  auto keys = engine.open(sql::store::keys, sql::access::look);
  if (schema_of(*keys) == 0
      || !sql::ask(*keys, tenant_id{0}, any_top_key).next())
    return {};
  return fault{errc::not_found,
               "the database " + engine.name(sql::store::data)
                 + " is missing, though its key store is here; put it back "
                   "(is its disk mounted?) or restore a backup. To begin anew, "
                   "move the key store and the ledger away"};
}

outcome<crypto::root_key> root_of(const database_options& options,
                                  sql::engine& engine, random_source& random) {
  auto name = engine.name(sql::store::data);
  if (!options.restoring)
    if (auto there = check_not_lost(options, engine); !there)
      return there.error();
  fault none{errc::not_found, "there is no whole database at " + name
                                + " yet; the server makes it"};
  if (options.only_look && !engine.is_there(sql::store::data))
    return none;
  auto data =
    engine.open(sql::store::data,
                options.only_look ? sql::access::look : sql::access::write);
  if (!options.only_look)
    migrate(*data, engine, data_migrations());
  auto known = known_root(*data);
  if (known.empty() && options.only_look)
    return none;
  if (known.empty())
    return make_rest(*data, engine, options.keys_file, random);
  if (!options.restoring)
    if (auto whole = check_restored(*data, name); !whole)
      return whole.error();
  auto root = root_known_as(known, name, options.keys_file);
  if (!root)
    return root;
  if (auto belongs = check_key_store(*data, engine); !belongs)
    return belongs.error();
  if (!options.only_look)
    migrate(*engine.open(sql::store::keys, sql::access::write), engine,
            key_migrations());
  return root;
}

} // namespace

fs::path database_options::folder() const {
  return fs::absolute(server.empty() ? file : keys_file).parent_path();
}

std::string database_options::name() const {
  return engine_of(*this)->name(sql::store::data);
}

database_options place_of(const config::settings& settings) {
  database_options options;
  options.keys_file = settings.keys.file;
  if (settings.storage.engine == config::storage_engine::sqlite)
    options.file = settings.storage.sqlite_file;
  else
    options.server = settings.storage.url.reveal();
  return options;
}

outcome<int> lock_database(const fs::path& file) {
  owners_only mask;
  database_options options{.file = file};
  if (auto made = make_folder(options.folder()); !made)
    return made.error();
  return lock_file(lock_path_of(options), true);
}

outcome<database_state> state_of(const database_options& options) {
  try {
    auto engine = engine_of(options);
    if (auto there = check_not_lost(options, *engine); !there)
      return there.error();
    if (!engine->is_there(sql::store::data))
      return database_state::none;
    auto data = engine->open(sql::store::data, sql::access::look);
    auto schema = schema_of(*data);
    if (schema == 0 || known_root(*data).empty())
      return database_state::none;
    return schema < schema_version() ? database_state::older
                                     : database_state::made;
  } catch (const sql::failure& e) {
    return fault{e.code(), e.what()};
  }
}

outcome<database_state> state_of(const fs::path& file) {
  return state_of(database_options{.file = file});
}

outcome<std::unique_ptr<database>>
database::open(const database_options& options, random_source& random) {
  std::unique_ptr<database> result{new database};
  result->folder_ = options.folder();
  result->is_file_ = options.server.empty();
  result->engine_ = engine_of(options);
  result->random_ = &random;
  result->only_look_ = options.only_look;
  owners_only mask;
  if (!options.only_look)
    if (auto made = make_folders(options); !made)
      return made.error();
  result->lock_ = options.lock;
  if (result->lock_ < 0) {
    auto lock = lock_file(lock_path_of(options), !options.only_look);
    if (!lock)
      return lock.error();
    result->lock_ = *lock;
  }
  try {
    if (auto alone = result->engine_->lock(); !alone)
      return alone.error();
    auto root = root_of(options, *result->engine_, random);
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

session database::open_session(bool read_only) {
  auto how = !read_only   ? sql::access::write
             : only_look_ ? sql::access::look
                          : sql::access::read;
  auto keys = engine_->open(sql::store::keys, how);
  return {engine_->open(sql::store::data, how),
          key_store{std::move(keys), *root_, cache_, *random_}};
}

} // namespace assistly::storage
