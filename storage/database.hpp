/// The two stores of a node: data, and the keys without which data is noise.
#pragma once

#include "config/settings.hpp"
#include "crypto/root_key.hpp"
#include "model/outcome.hpp"
#include "storage/keys.hpp"
#include "storage/sql/engine.hpp"

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

namespace assistly::storage {

/// What every piece of storage works with, on one thread.
struct session {
  std::unique_ptr<sql::connection> db;
  key_store keys;
};

struct database_options {
  /// SQLite's; without a meaning where `server` is set.
  std::filesystem::path file = "var/assistly.db";
  std::filesystem::path keys_file = "var/keys";
  /// Makes, migrates and writes nothing; for a database whose state is `made`.
  /// All its sessions must be for reading.
  bool only_look = false;
  /// Only for a restore, which opens what it has not come to the end of.
  bool restoring = false;
  /// The lock, if the caller has it already; the database takes it over.
  int lock = -1;
  /// A PostgreSQL server's URL, which may hold a password.
  std::string server = {};

  /// Where the node's lock and control socket are: beside SQLite's file, and
  /// beside the key file where the data is another machine's.
  std::filesystem::path folder() const;
  /// Of the data, as a person knows it.
  std::string name() const;
};

/// What settings name.
database_options place_of(const config::settings& settings);

/// The lock on a database, there or not: what keeps a second process out until
/// it is closed. `conflict` = another process has it.
outcome<int> lock_database(const std::filesystem::path& file);

/// Name of the row that stands in a database while it is restored.
inline constexpr std::string_view restoring_mark = "restoring";

enum class database_state : std::uint8_t {
  none,  ///< None there, or one whose making was cut off: opening makes it.
  older, ///< An earlier schema: opening migrates it.
  made,
};

/// What lies there, without making or changing anything. `not_found` = what
/// stands beside it tells that a database is missing; `not_permitted` = a
/// restore was interrupted.
outcome<database_state> state_of(const database_options& options);
outcome<database_state> state_of(const std::filesystem::path& file);

/// An open database: locked against a second process, migrated, and known to
/// belong to the key file. Destroying it closes it.
class database {
public:
  /// Errors: `conflict` = another process holds it; `not_permitted` = a newer
  /// program wrote it, a restore of it was interrupted, or others may read the
  /// key file; `not_found` = the database is made, but its key file or its key
  /// store is missing; `wrong_key` = the key file is another's; `io_failed`,
  /// `storage_failed`. Each text says what to do.
  static outcome<std::unique_ptr<database>>
  open(const database_options& options, random_source& random);

  ~database();
  database(const database&) = delete;
  database& operator=(const database&) = delete;

  /// One more pair of connections. Throws `sql::failure`.
  session open_session(bool read_only);

  const crypto::root_key& root() const noexcept {
    return *root_;
  }

  key_cache& keys() noexcept {
    return cache_;
  }

  /// Lock, control socket and ledger live in it.
  const std::filesystem::path& folder() const noexcept {
    return folder_;
  }

  sql::engine& engine() noexcept {
    return *engine_;
  }

  /// Of the data, as a person knows it: SQLite's file, or where a server is.
  std::string name() const {
    return engine_->name(sql::store::data);
  }

  /// Of the keys.
  std::string key_store_name() const {
    return engine_->name(sql::store::keys);
  }

  /// The data is SQLite's file, which can be copied and put back as one.
  bool is_file() const noexcept {
    return is_file_;
  }

private:
  database() = default;

  std::filesystem::path folder_;
  bool is_file_ = true;
  std::unique_ptr<sql::engine> engine_;
  int lock_ = -1;
  bool only_look_ = false;
  std::unique_ptr<crypto::root_key> root_;
  key_cache cache_;
  random_source* random_ = nullptr;
};

} // namespace assistly::storage
