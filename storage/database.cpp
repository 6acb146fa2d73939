#include "storage/database.hpp"

#include "storage/schema/migrations.hpp"
#include "storage/sql/run.hpp"
#include "storage/sql/sqlite.hpp"

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

namespace assistly::storage {

namespace fs = std::filesystem;

namespace {

constexpr sql::query read_node{"SELECT value FROM node WHERE name = $1"};
constexpr sql::query write_node{"INSERT INTO node(name, value) VALUES($1, $2)"};
constexpr sql::query any_tenant{"SELECT 1 FROM tenant LIMIT 1"};
constexpr sql::query any_top_key{
  "SELECT 1 FROM wrapped_key WHERE tenant_id = $1 AND kind = 1 LIMIT 1"};

std::string key_file_of(const fs::path& data) {
  auto path = data;
  path += ".keys";
  return path.string();
}

outcome<int> lock_file(const fs::path& path) {
  int fd = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
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

/// A key store made anew beside old data would let the node start, with every
/// row unreadable.
outcome<void> check_key_store(sql::connection& data, sql::connection& keys,
                              const fs::path& file) {
  if (!sql::ask_node(data, any_tenant).next()
      || sql::ask(keys, tenant_id{0}, any_top_key).next())
    return {};
  return fault{errc::not_found,
               "the key store " + key_file_of(file)
                 + " does not hold the keys of " + file.string()
                 + "; put back the one that belongs to this database"};
}

/// Nobody may read or send before a restore has come to its end.
outcome<void> check_restored(sql::connection& data, const fs::path& file) {
  if (!sql::ask_node(data, read_node, restoring_mark).next())
    return {};
  return fault{errc::conflict,
               "the restore of " + file.string()
                 + " did not come to its end; run assistly restore again"};
}

outcome<std::unique_ptr<crypto::root_key>> root_of(sql::connection& db,
                                                   const fs::path& file,
                                                   const fs::path& keys_file,
                                                   random_source& random) {
  std::string known;
  {
    auto found = sql::ask_node(db, read_node, std::string_view{"root_key"});
    if (found.next())
      known = found.bytes(0);
  }
  if (known.empty()) {
    // A key file that is already there is used: the operator put it there.
    auto key = fs::exists(keys_file)
                 ? crypto::root_key::load(keys_file)
                 : crypto::root_key::create(keys_file, random);
    if (!key)
      return key.error();
    sql::run_node(db, write_node, std::string_view{"root_key"},
                  std::string_view{key->fingerprint()});
    return std::make_unique<crypto::root_key>(std::move(*key));
  }
  auto key = crypto::root_key::load(keys_file);
  if (!key) {
    if (key.error().code != errc::not_found)
      return key.error();
    return fault{
      errc::not_found,
      "the database " + file.string() + " was sealed with a key file "
        + "that is missing: " + keys_file.string()
        + "; put the key file back, or set keys.file to where it is"};
  }
  if (key->fingerprint() != known)
    return fault{errc::wrong_key,
                 "the key file " + keys_file.string()
                   + " belongs to another database than " + file.string()
                   + "; set keys.file to the one made with this database"};
  return std::make_unique<crypto::root_key>(std::move(*key));
}

} // namespace

outcome<std::unique_ptr<database>>
database::open(const database_options& options, random_source& random) {
  std::unique_ptr<database> result{new database};
  result->file_ = fs::absolute(options.file);
  result->folder_ = result->file_.parent_path();
  result->random_ = &random;
  std::error_code ec;
  fs::create_directories(result->folder_, ec);
  if (ec)
    return fault{errc::io_failed, "cannot make the folder "
                                    + result->folder_.string() + ": "
                                    + ec.message()};
  fs::create_directories(fs::absolute(options.keys_file).parent_path(), ec);
  auto lock_path = result->file_;
  lock_path += ".lock";
  auto lock = lock_file(lock_path);
  if (!lock)
    return lock.error();
  result->lock_ = *lock;
  // What is written here is for the operator's eyes only.
  auto mask = ::umask(0077);
  try {
    auto data = sql::open_sqlite(result->file_.string(), {});
    auto keys = sql::open_sqlite(key_file_of(result->file_), {});
    migrate(*data, data_migrations());
    migrate(*keys, key_migrations());
    if (!options.restoring)
      if (auto whole = check_restored(*data, result->file_); !whole) {
        ::umask(mask);
        return whole.error();
      }
    auto root = root_of(*data, result->file_, options.keys_file, random);
    if (!root) {
      ::umask(mask);
      return root.error();
    }
    result->root_ = std::move(*root);
    if (auto belongs = check_key_store(*data, *keys, result->file_); !belongs) {
      ::umask(mask);
      return belongs.error();
    }
  } catch (const sql::failure& e) {
    ::umask(mask);
    return fault{e.code(), e.what()};
  }
  ::umask(mask);
  return result;
}

database::~database() {
  if (lock_ >= 0)
    ::close(lock_);
}

session database::open_session(bool read_only) {
  sql::sqlite_options data;
  data.read_only = read_only;
  data.cache_kib = read_only ? 16 * 1024 : 128 * 1024;
  sql::sqlite_options keys;
  keys.read_only = read_only;
  keys.cache_kib = 8 * 1024;
  auto key_db = sql::open_sqlite(key_file_of(file_), keys);
  // Few writes: the engine's own checkpoints are enough for the key file.
  if (!read_only)
    key_db->execute("PRAGMA wal_autocheckpoint=500");
  return {sql::open_sqlite(file_.string(), data),
          key_store{std::move(key_db), *root_, cache_, *random_}};
}

} // namespace assistly::storage
