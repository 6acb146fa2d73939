#include "storage/tenants.hpp"

#include "storage/lookup.hpp"
#include "storage/node_values.hpp"
#include "storage/sealed.hpp"
#include "storage/settings_record.hpp"
#include "storage/sql/run.hpp"

#include <set>

namespace assistly::storage {

namespace {

// Found by slug before the id is known; the slug is unique over the node.
constexpr sql::query by_slug{"SELECT tenant_id FROM tenant WHERE slug = $1"};
constexpr sql::query ids_of_all{"SELECT tenant_id FROM tenant"};
constexpr sql::query all_tenants{
  "SELECT tenant_id, revision, sealed FROM tenant ORDER BY tenant_id"};
constexpr sql::query one_tenant{
  "SELECT tenant_id, revision, sealed FROM tenant WHERE tenant_id = $1"};
constexpr std::string_view last_tenant_mark = "last_tenant_id";
constexpr sql::query add_tenant{
  "INSERT INTO tenant(tenant_id, slug, revision, created_at, sealed) "
  "VALUES($1, $2, 1, $3, $4)"};
constexpr sql::query change_tenant{
  "UPDATE tenant SET sealed = $2 WHERE tenant_id = $1"};
constexpr sql::query raise_revision{
  "UPDATE tenant SET revision = revision + 1 WHERE tenant_id = $1"};

constexpr sql::query channels_of{
  "SELECT channel_id, kind, connected, mode, sealed FROM channel "
  "WHERE tenant_id = $1 ORDER BY channel_id"};
// An account belongs to one tenant, across all kinds; so the question is asked
// over all tenants.
constexpr sql::query owner_of_account{
  "SELECT tenant_id, channel_id FROM channel "
  "WHERE account_hash = $1 AND kind = $2 AND connected = 1"};
constexpr sql::query add_channel{
  "INSERT INTO channel(tenant_id, channel_id, kind, account_hash, connected, "
  "mode, sealed) VALUES($1, $2, $3, $4, 1, $5, $6)"};
constexpr sql::query change_channel{
  "UPDATE channel SET connected = $3, mode = $4, sealed = $5 "
  "WHERE tenant_id = $1 AND channel_id = $2"};
constexpr sql::query disconnect_channel{
  "UPDATE channel SET connected = 0 WHERE tenant_id = $1 AND channel_id = $2"};

constexpr sql::query knowledge_of{
  "SELECT entry_id, position, sealed FROM knowledge "
  "WHERE tenant_id = $1 AND origin = 1 ORDER BY position, entry_id"};
constexpr sql::query all_knowledge_of{
  "SELECT entry_id, position, sealed FROM knowledge "
  "WHERE tenant_id = $1 ORDER BY position, entry_id"};
constexpr sql::query add_entry{
  "INSERT INTO knowledge(tenant_id, entry_id, match_hash, position, origin, "
  "sealed) VALUES($1, $2, $3, $4, 1, $5)"};
constexpr sql::query change_entry{
  "UPDATE knowledge SET position = $3, sealed = $4 "
  "WHERE tenant_id = $1 AND entry_id = $2"};
constexpr sql::query drop_entry{
  "DELETE FROM knowledge WHERE tenant_id = $1 AND entry_id = $2"};

crypto::key256 tenant_key(key_store& keys, tenant_id id) {
  return keys.get({id, key_kind::tenant, {}});
}

template <class T>
T or_throw(outcome<T> result) {
  if (!result)
    throw sql::failure{result.error().code, result.error().text};
  return std::move(*result);
}

stored_tenant tenant_row(const sql::rows& row, key_store& keys) {
  stored_tenant t;
  t.id = tenant_id{row.integer(0)};
  t.revision = row.integer(1);
  std::string sealed{row.bytes(2)};
  t.settings = or_throw(settings_from_record(open_column(
    tenant_key(keys, t.id), {t.id, "tenant", number_row{t.id.value}}, sealed)));
  return t;
}

tenant_id last_tenant_id(sql::connection& db) {
  auto last = node_value(db, last_tenant_mark);
  return last ? tenant_id{std::stoll(*last)} : tenant_id{0};
}

void keep_last_tenant_id(sql::connection& db, tenant_id last) {
  set_node_value(db, last_tenant_mark, std::to_string(last.value));
}

tenant_id new_tenant_id(sql::connection& db) {
  tenant_id made{last_tenant_id(db).value + 1};
  keep_last_tenant_id(db, made);
  return made;
}

std::vector<stored_channel> channels_with(sql::connection& db, key_store& keys,
                                          tenant_id id) {
  std::vector<stored_channel> all;
  auto key = tenant_key(keys, id);
  auto found = sql::ask(db, id, channels_of);
  while (found.next()) {
    stored_channel c;
    c.tenant = id;
    c.id = channel_id{found.integer(0)};
    c.settings.kind = static_cast<channel_kind>(found.integer(1));
    c.connected = found.integer(2) != 0;
    c.settings.mode = static_cast<channel_mode>(found.integer(3));
    c.settings.access = or_throw(access_from_record(open_column(
      key, {id, "channel", number_row{c.id.value}}, found.bytes(4))));
    all.push_back(std::move(c));
  }
  return all;
}

struct stored_entry {
  uuid id;
  std::int64_t position = 0;
  knowledge_item item;
};

std::vector<stored_entry> entries_with(sql::connection& db, key_store& keys,
                                       tenant_id id, sql::query q) {
  std::vector<stored_entry> all;
  auto key = tenant_key(keys, id);
  auto found = sql::ask(db, id, q);
  while (found.next()) {
    stored_entry e;
    e.id = found.id(0);
    e.position = found.integer(1);
    e.item = or_throw(knowledge_from_record(
      open_column(key, {id, "knowledge", e.id.span()}, found.bytes(2))));
    all.push_back(std::move(e));
  }
  return all;
}

bool same(const channel_access& a, const channel_access& b) {
  return to_record(a) == to_record(b);
}

sql::failure taken_account(const channel_settings& c) {
  auto where = c.line > 0 ? "line " + std::to_string(c.line) + ": " : "";
  return {errc::conflict, where + "the account " + c.access.account_id + " ("
                            + std::string{to_string(c.kind)}
                            + ") is already connected to another tenant; "
                              "disconnect it there first"};
}

void apply_channels(work& w, const crypto::root_key& root,
                    const tenant_plan& plan, apply_result& r) {
  auto id = r.tenant;
  auto key = tenant_key(w.keys, id);
  auto have = channels_with(w.db, w.keys, id);
  std::int64_t last = have.empty() ? 0 : have.back().id.value;
  std::set<std::int64_t> wanted;
  for (const auto& c : plan.channels) {
    auto hash = account_hash(root.directory_key(), c.kind, c.access.account_id);
    for (auto kind : all_channel_kinds) {
      auto other = sql::ask_node(
        w.db, owner_of_account,
        account_hash(root.directory_key(), kind, c.access.account_id), kind);
      if (other.next() && other.integer(0) != id.value)
        throw taken_account(c);
    }
    auto record = to_record(c.access);
    auto it = std::find_if(have.begin(), have.end(), [&](const auto& h) {
      return h.settings.kind == c.kind
             && h.settings.access.account_id == c.access.account_id;
    });
    if (it == have.end()) {
      channel_id number{++last};
      wanted.insert(number.value);
      sql::run(
        w.db, id, add_channel, number, c.kind, hash, c.mode,
        sql::bytes{seal_column(key, {id, "channel", number_row{number.value}},
                               record, w.random)});
      ++r.channels_connected;
      continue;
    }
    wanted.insert(it->id.value);
    if (it->connected && it->settings.mode == c.mode
        && same(it->settings.access, c.access))
      continue;
    sql::run(
      w.db, id, change_channel, it->id, std::int64_t{1}, c.mode,
      sql::bytes{seal_column(key, {id, "channel", number_row{it->id.value}},
                             record, w.random)});
    ++r.channels_changed;
  }
  for (const auto& h : have)
    if (h.connected && !wanted.contains(h.id.value)) {
      sql::run(w.db, id, disconnect_channel, h.id);
      ++r.channels_disconnected;
    }
}

void apply_knowledge(work& w, const tenant_plan& plan, apply_result& r) {
  auto id = r.tenant;
  auto key = tenant_key(w.keys, id);
  auto lookup = w.keys.get({id, key_kind::lookup, {}});
  auto have = entries_with(w.db, w.keys, id, knowledge_of);
  std::set<std::string> wanted;
  std::int64_t position = 0;
  for (const auto& item : plan.knowledge) {
    wanted.insert(item.key);
    ++position;
    auto it = std::find_if(have.begin(), have.end(), [&](const auto& h) {
      return h.item.key == item.key;
    });
    if (it != have.end() && it->item == item && it->position == position)
      continue;
    auto entry = it == have.end() ? make_uuid(w.now, w.random) : it->id;
    auto sealed = seal_column(key, {id, "knowledge", entry.span()},
                              to_record(item), w.random);
    if (it == have.end()) {
      sql::run(w.db, id, add_entry, entry,
               hash_of(lookup, "knowledge\x1f" + item.key), position,
               sql::bytes{sealed});
      ++r.knowledge_added;
    } else {
      sql::run(w.db, id, change_entry, entry, position, sql::bytes{sealed});
      r.knowledge_changed += !(it->item == item);
    }
  }
  for (const auto& h : have)
    if (!wanted.contains(h.item.key)) {
      sql::run(w.db, id, drop_entry, h.id);
      ++r.knowledge_removed;
    }
}

} // namespace

std::optional<tenant_id> find_tenant(sql::connection& db,
                                     std::string_view slug) {
  auto found = sql::ask_node(db, by_slug, slug);
  if (!found.next())
    return std::nullopt;
  return tenant_id{found.integer(0)};
}

std::vector<tenant_id> tenant_ids(sql::connection& db) {
  std::vector<tenant_id> all;
  auto found = sql::ask_node(db, ids_of_all);
  while (found.next())
    all.push_back(tenant_id{found.integer(0)});
  return all;
}

std::vector<stored_tenant> read_tenants(sql::connection& db, key_store& keys) {
  std::vector<stored_tenant> all;
  auto found = sql::ask_node(db, all_tenants);
  while (found.next())
    try {
      auto t = tenant_row(found, keys);
      keys.get({t.id, key_kind::lookup, {}});
      all.push_back(std::move(t));
    } catch (const sql::failure& why) {
      // Being erased: its keys went, and the commit that takes the row was
      // lost. The erasure is written down and goes on.
      if (why.code() != errc::key_destroyed)
        throw;
    }
  return all;
}

std::optional<stored_tenant> read_tenant(sql::connection& db, key_store& keys,
                                         tenant_id id) {
  auto found = sql::ask(db, id, one_tenant);
  if (!found.next())
    return std::nullopt;
  return tenant_row(found, keys);
}

std::vector<stored_channel> read_channels(sql::connection& db, key_store& keys,
                                          tenant_id id) {
  return channels_with(db, keys, id);
}

std::vector<knowledge_item> read_knowledge(sql::connection& db, key_store& keys,
                                           tenant_id id) {
  std::vector<knowledge_item> all;
  for (auto& entry : entries_with(db, keys, id, all_knowledge_of))
    all.push_back(std::move(entry.item));
  return all;
}

void raise_last_tenant(work& w, tenant_id least) {
  if (last_tenant_id(w.db) < least)
    keep_last_tenant_id(w.db, least);
}

apply_result apply_tenant(work& w, const crypto::root_key& root,
                          const tenant_plan& plan) {
  apply_result r;
  auto record = to_record(plan.settings);
  if (auto known = find_tenant(w.db, plan.settings.slug)) {
    r.tenant = *known;
    auto key = tenant_key(w.keys, r.tenant);
    auto row = sql::ask(w.db, r.tenant, one_tenant);
    row.next();
    auto before = open_column(
      key, {r.tenant, "tenant", number_row{r.tenant.value}}, row.bytes(2));
    r.changed = before != record;
  } else {
    r.tenant = new_tenant_id(w.db);
    r.created = true;
    w.keys.get_or_make({r.tenant, key_kind::tenant, {}}, w.now);
    w.keys.get_or_make({r.tenant, key_kind::lookup, {}}, w.now);
  }
  auto key = tenant_key(w.keys, r.tenant);
  if (r.created || r.changed) {
    auto sealed = seal_column(
      key, {r.tenant, "tenant", number_row{r.tenant.value}}, record, w.random);
    if (r.created)
      sql::run(w.db, r.tenant, add_tenant, std::string_view{plan.settings.slug},
               w.now, sql::bytes{sealed});
    else
      sql::run(w.db, r.tenant, change_tenant, sql::bytes{sealed});
  }
  apply_channels(w, root, plan, r);
  apply_knowledge(w, plan, r);
  bool any = r.changed || r.channels_connected || r.channels_changed
             || r.channels_disconnected || r.knowledge_added
             || r.knowledge_changed || r.knowledge_removed;
  if (any && !r.created)
    sql::run(w.db, r.tenant, raise_revision);
  r.changed = r.changed || (any && !r.created);
  return r;
}

} // namespace assistly::storage
