/// The key store: root -> key-encryption key -> tenant -> leaves (DESIGN
/// section 5). Destroying a leaf ends everything that was sealed with it.
#pragma once

#include "crypto/key.hpp"
#include "crypto/root_key.hpp"
#include "model/ids.hpp"
#include "storage/sql/connection.hpp"

#include <array>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace assistly::storage {

enum class key_kind : std::uint8_t {
  encryption = 1, ///< The operator's key-encryption key; wraps tenant keys.
  tenant = 2,  ///< Wraps a tenant's leaves; seals its settings and knowledge.
  lookup = 3,  ///< Keys a tenant's look-up hashes.
  journal = 4, ///< One per day; subject = the day's number.
  person = 5,
  conversation = 6,
  /// One per backup; subject = its moment. Opens nothing: a key store that
  /// holds it is not older than the backup.
  backup = 7,
};

std::string_view to_string(key_kind kind) noexcept;

/// Names one key. The subject is an id's bytes, or a day's number.
struct key_name {
  tenant_id tenant;
  key_kind kind = key_kind::tenant;
  std::string subject;

  bool operator==(const key_name&) const = default;
};

key_name name_of(tenant_id tenant, const conversation_id& id);
key_name name_of(tenant_id tenant, const person_id& id);
key_name journal_key(tenant_id tenant, std::int64_t day);
/// Of the operator.
key_name backup_key(timestamp taken_at);

/// Opened keys, shared by all connections; bounded, and emptied of a key when
/// it is destroyed.
class key_cache {
public:
  explicit key_cache(std::size_t most = 200'000) : most_(most) {}

  std::optional<crypto::key256> find(const key_name& name);
  void keep(const key_name& name, const crypto::key256& key);
  /// Rises whenever something is forgotten.
  std::uint64_t mark();
  /// Keeps what was read after `mark` gave `since`, unless something was
  /// forgotten meanwhile: it might be just that.
  void keep_if_none_forgotten(const key_name& name, const crypto::key256& key,
                              std::uint64_t since);
  void forget(const key_name& name);
  void forget_all();

private:
  struct hash {
    std::size_t operator()(const key_name& name) const noexcept;
  };

  using map = std::unordered_map<key_name, crypto::key256, hash>;

  void keep_locked(const key_name& name, const crypto::key256& key);

  // Two generations stand in for an exact order of use: what is asked for moves
  // to the young one, and the old one goes when the young one is full.
  std::mutex mutex_;
  std::size_t most_;
  std::uint64_t forgotten_ = 0;
  map young_;
  map old_;
};

/// The keys as seen by one connection, and thus by one thread.
class key_store {
public:
  key_store(std::unique_ptr<sql::connection> db, const crypto::root_key& root,
            key_cache& cache, random_source& random);

  /// The key; throws `sql::failure` with `errc::key_destroyed` if there is
  /// none.
  crypto::key256 get(const key_name& name);

  /// The key, made if there is none.
  crypto::key256 get_or_make(const key_name& name, timestamp now);

  /// Gone, with everything sealed under it. Nothing happens if it is gone. The
  /// key is durably gone before the rows are, so whoever erases must be able to
  /// go on after a crash in between.
  void destroy(const key_name& name);
  /// The same, but only after the data is committed: for a key whose sealed
  /// values move to another key in this commit. A crash in between leaves a key
  /// that opens nothing.
  void destroy_after_commit(const key_name& name);
  /// All keys of a tenant, its own included; returns how many.
  std::int64_t destroy_tenant(tenant_id tenant);
  /// A tenant's journal keys of days before `day`.
  std::int64_t destroy_journal_keys_before(tenant_id tenant, std::int64_t day);

  bool exists(const key_name& name);

  /// The highest tenant that ever had a key here and was not erased.
  tenant_id last_tenant();

  /// Changes made since the last `commit` become durable together. Called by
  /// the writer before the data that needs them is committed; does nothing, and
  /// costs nothing, when no key changed.
  void commit();
  void roll_back() noexcept;
  /// Called by the writer when the data is durable.
  void data_committed() noexcept;

  /// Rises with each key made or destroyed, so that the writer sees whether a
  /// unit that failed had touched any.
  std::uint64_t changes() const noexcept {
    return changes_;
  }

  sql::connection& db() noexcept {
    return *db_;
  }

private:
  crypto::key256 parent_of(const key_name& name, timestamp now);
  std::optional<crypto::key256> read(const key_name& name);
  crypto::key256 make(const key_name& name, timestamp now);
  void begin();
  void settle_doubt();

  std::unique_ptr<sql::connection> db_;
  const crypto::root_key* root_;
  key_cache* cache_;
  random_source* random_;
  bool changed_ = false;
  bool in_doubt_ = false;
  std::uint64_t changes_ = 0;
  std::vector<key_name> doomed_;
  /// Destroyed since the last commit.
  std::vector<key_name> destroyed_;
  bool many_destroyed_ = false;
};

} // namespace assistly::storage
