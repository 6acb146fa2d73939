#include "storage/keys.hpp"

#include "crypto/key_wrap.hpp"
#include "storage/sql/run.hpp"

namespace assistly::storage {

namespace {

constexpr sql::query find_key{
  "SELECT wrapped, generation FROM wrapped_key "
  "WHERE tenant_id = $1 AND kind = $2 AND subject = $3"};
constexpr sql::query add_key{
  "INSERT INTO wrapped_key(tenant_id, kind, subject, generation, created_at, "
  "wrapped) VALUES($1, $2, $3, $4, $5, $6)"};
constexpr sql::query drop_key{"DELETE FROM wrapped_key WHERE tenant_id = $1 "
                              "AND kind = $2 AND subject = $3"};
constexpr sql::query drop_tenant_keys{
  "DELETE FROM wrapped_key WHERE tenant_id = $1"};
constexpr sql::query old_days{
  "SELECT 1 FROM wrapped_key "
  "WHERE tenant_id = $1 AND kind = $2 AND subject < $3 LIMIT 1"};
constexpr sql::query drop_old_days{
  "DELETE FROM wrapped_key "
  "WHERE tenant_id = $1 AND kind = $2 AND subject < $3"};

constexpr sql::query highest_tenant{"SELECT max(tenant_id) FROM wrapped_key"};

constexpr std::int64_t first_generation = 1;

std::string subject_of(std::int64_t number) {
  // Big-endian, so that byte order is number order.
  std::string bytes(8, '\0');
  for (std::size_t i = 0; i < 8; ++i)
    bytes[i] =
      static_cast<char>(static_cast<std::uint64_t>(number) >> (56 - 8 * i));
  return bytes;
}

crypto::wrap_context context_of(const key_name& name, std::int64_t generation) {
  return {name.tenant, to_string(name.kind),
          std::as_bytes(std::span{name.subject.data(), name.subject.size()}),
          generation};
}

} // namespace

std::string_view to_string(key_kind kind) noexcept {
  switch (kind) {
  case key_kind::encryption:
    return "encryption";
  case key_kind::tenant:
    return "tenant";
  case key_kind::lookup:
    return "lookup";
  case key_kind::journal:
    return "journal";
  case key_kind::person:
    return "person";
  case key_kind::conversation:
    return "conversation";
  case key_kind::backup:
    return "backup";
  }
  return "unknown";
}

key_name name_of(tenant_id tenant, const conversation_id& id) {
  return {tenant, key_kind::conversation, std::string{sql::view(id.value)}};
}

key_name name_of(tenant_id tenant, const person_id& id) {
  return {tenant, key_kind::person, std::string{sql::view(id.value)}};
}

key_name journal_key(tenant_id tenant, std::int64_t day) {
  return {tenant, key_kind::journal, subject_of(day)};
}

key_name backup_key(timestamp taken_at) {
  return {tenant_id{0}, key_kind::backup, subject_of(to_unix_ms(taken_at))};
}

std::size_t key_cache::hash::operator()(const key_name& name) const noexcept {
  auto h = std::hash<std::string>{}(name.subject);
  return h ^ (static_cast<std::size_t>(name.tenant.value) * 0x9e3779b97f4a7c15u)
         ^ (static_cast<std::size_t>(name.kind) << 56);
}

std::optional<crypto::key256> key_cache::find(const key_name& name) {
  std::lock_guard lock{mutex_};
  if (auto it = young_.find(name); it != young_.end())
    return it->second;
  auto it = old_.find(name);
  if (it == old_.end())
    return std::nullopt;
  auto node = old_.extract(it);
  auto key = node.mapped();
  young_.insert(std::move(node));
  return key;
}

void key_cache::keep(const key_name& name, const crypto::key256& key) {
  std::lock_guard lock{mutex_};
  keep_locked(name, key);
}

void key_cache::keep_locked(const key_name& name, const crypto::key256& key) {
  if (young_.size() >= most_ / 2) {
    old_ = std::move(young_);
    young_.clear();
  }
  young_.insert_or_assign(name, key);
}

std::uint64_t key_cache::mark() {
  std::lock_guard lock{mutex_};
  return forgotten_;
}

void key_cache::keep_if_none_forgotten(const key_name& name,
                                       const crypto::key256& key,
                                       std::uint64_t since) {
  std::lock_guard lock{mutex_};
  if (forgotten_ == since)
    keep_locked(name, key);
}

void key_cache::forget(const key_name& name) {
  std::lock_guard lock{mutex_};
  ++forgotten_;
  young_.erase(name);
  old_.erase(name);
}

void key_cache::forget_all() {
  std::lock_guard lock{mutex_};
  ++forgotten_;
  young_.clear();
  old_.clear();
}

key_store::key_store(std::unique_ptr<sql::connection> db,
                     const crypto::root_key& root, key_cache& cache,
                     random_source& random)
  : db_(std::move(db)), root_(&root), cache_(&cache), random_(&random) {}

crypto::key256 key_store::get(const key_name& name) {
  if (auto key = cache_->find(name))
    return *key;
  if (auto key = read(name))
    return *key;
  throw sql::failure{errc::key_destroyed, "the key does not exist any more"};
}

crypto::key256 key_store::get_or_make(const key_name& name, timestamp now) {
  if (auto key = cache_->find(name))
    return *key;
  if (auto key = read(name))
    return *key;
  return make(name, now);
}

crypto::key256 key_store::parent_of(const key_name& name, timestamp now) {
  switch (name.kind) {
  case key_kind::encryption:
    return root_->wrapping_key();
  case key_kind::tenant:
  case key_kind::backup:
    return get_or_make({tenant_id{0}, key_kind::encryption, {}}, now);
  case key_kind::lookup:
  case key_kind::journal:
  case key_kind::person:
  case key_kind::conversation:
    break;
  }
  return get({name.tenant, key_kind::tenant, {}});
}

std::optional<crypto::key256> key_store::read(const key_name& name) {
  // Destroyed on another connection between our look and our keeping it, a key
  // would live on in memory.
  const auto since = cache_->mark();
  std::string wrapped;
  std::int64_t generation = 0;
  {
    auto found = sql::ask(*db_, name.tenant, find_key, name.kind,
                          sql::bytes{name.subject});
    if (!found.next())
      return std::nullopt;
    wrapped = found.bytes(0);
    generation = found.integer(1);
  }
  auto key = crypto::unwrap_key(parent_of(name, timestamp{}),
                                context_of(name, generation), wrapped);
  if (!key)
    throw sql::failure{
      errc::wrong_key,
      "a key of the key store does not open with this key file"};
  cache_->keep_if_none_forgotten(name, *key, since);
  return *key;
}

crypto::key256 key_store::make(const key_name& name, timestamp now) {
  auto parent = parent_of(name, now);
  auto key = crypto::make_key(*random_);
  auto wrapped =
    crypto::wrap_key(parent, context_of(name, first_generation), key, *random_);
  begin();
  sql::send(*db_, name.tenant, add_key, name.kind, sql::bytes{name.subject},
            first_generation, now, sql::bytes{wrapped});
  cache_->keep(name, key);
  return key;
}

void key_store::destroy(const key_name& name) {
  begin();
  sql::send(*db_, name.tenant, drop_key, name.kind, sql::bytes{name.subject});
  cache_->forget(name);
  destroyed_.push_back(name);
}

std::int64_t key_store::destroy_tenant(tenant_id tenant) {
  begin();
  auto count = sql::run(*db_, tenant, drop_tenant_keys);
  cache_->forget_all();
  many_destroyed_ = true;
  return count;
}

void key_store::destroy_after_commit(const key_name& name) {
  ++changes_;
  doomed_.push_back(name);
}

std::int64_t key_store::destroy_journal_keys_before(tenant_id tenant,
                                                    std::int64_t day) {
  {
    // Asked each hour, true once a day: a key file that need not change is not
    // written.
    auto found = sql::ask(*db_, tenant, old_days, key_kind::journal,
                          sql::bytes{subject_of(day)});
    if (!found.next())
      return 0;
  }
  begin();
  auto count = sql::run(*db_, tenant, drop_old_days, key_kind::journal,
                        sql::bytes{subject_of(day)});
  cache_->forget_all();
  many_destroyed_ = true;
  return count;
}

bool key_store::exists(const key_name& name) {
  auto found =
    sql::ask(*db_, name.tenant, find_key, name.kind, sql::bytes{name.subject});
  return found.next();
}

tenant_id key_store::last_tenant() {
  auto found = sql::ask_node(*db_, highest_tenant);
  return found.next() && !found.is_null(0) ? tenant_id{found.integer(0)}
                                           : tenant_id{};
}

void key_store::begin() {
  ++changes_;
  if (changed_)
    return;
  settle_doubt();
  db_->begin_write();
  changed_ = true;
}

/// What became of it does not matter, for its keys were forgotten and are read
/// or made again; but what it left must be as durable as the data that uses it.
void key_store::settle_doubt() {
  if (!in_doubt_)
    return;
  db_->has_committed();
  in_doubt_ = false;
}

void key_store::commit() {
  if (!changed_) {
    settle_doubt();
    return;
  }
  try {
    db_->commit();
  } catch (const sql::commit_in_doubt&) {
    in_doubt_ = true;
    throw;
  }
  changed_ = false;
  // Until now others could still read them, and keep them.
  for (const auto& name : destroyed_)
    cache_->forget(name);
  if (many_destroyed_)
    cache_->forget_all();
  destroyed_.clear();
  many_destroyed_ = false;
}

void key_store::data_committed() noexcept {
  if (doomed_.empty())
    return;
  try {
    for (const auto& name : doomed_)
      destroy(name);
    doomed_.clear();
    commit();
  } catch (const sql::failure&) {
    // The data stands; what is left is a key that opens nothing, which
    // `check_invariants` counts.
    roll_back();
  }
}

void key_store::roll_back() noexcept {
  doomed_.clear();
  destroyed_.clear();
  many_destroyed_ = false;
  if (!changed_)
    return;
  changed_ = false;
  // Keys that were only promised must not be used for anything.
  cache_->forget_all();
  db_->roll_back();
}

} // namespace assistly::storage
