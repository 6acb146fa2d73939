#include "storage/people.hpp"

#include "model/identity.hpp"
#include "model/record.hpp"
#include "storage/lookup.hpp"
#include "storage/sealed.hpp"
#include "storage/sql/run.hpp"

namespace assistly::storage {

namespace {

constexpr sql::query by_alias{
  "SELECT person_id FROM alias WHERE tenant_id = $1 AND alias_hash = $2"};
constexpr sql::query add_alias{
  "INSERT INTO alias(tenant_id, alias_hash, person_id, sealed) "
  "VALUES($1, $2, $3, $4) ON CONFLICT(tenant_id, alias_hash) DO NOTHING"};
constexpr sql::query aliases_of{"SELECT alias_hash, sealed FROM alias "
                                "WHERE tenant_id = $1 AND person_id = $2"};
constexpr sql::query move_alias{"UPDATE alias SET person_id = $3, sealed = $4 "
                                "WHERE tenant_id = $1 AND alias_hash = $2"};
constexpr sql::query move_conversations{
  "UPDATE conversation SET person_id = $3 "
  "WHERE tenant_id = $1 AND person_id = $2"};
constexpr sql::query drop_person{
  "DELETE FROM person WHERE tenant_id = $1 AND person_id = $2"};
constexpr sql::query add_person{
  "INSERT INTO person(tenant_id, person_id, created_at, sealed) "
  "VALUES($1, $2, $3, $4)"};
constexpr sql::query drop_aliases{
  "DELETE FROM alias WHERE tenant_id = $1 AND person_id = $2"};
constexpr sql::query seal_person{"UPDATE person SET sealed = $3 "
                                 "WHERE tenant_id = $1 AND person_id = $2"};
constexpr sql::query one_person{"SELECT created_at, sealed FROM person "
                                "WHERE tenant_id = $1 AND person_id = $2"};
constexpr sql::query ids_after{
  "SELECT person_id FROM person WHERE tenant_id = $1 AND person_id > $2 "
  "ORDER BY person_id LIMIT $3"};

std::string alias_record(const alias& who, std::string_view account) {
  record_writer w;
  w.integer(1)
    .integer(static_cast<int>(who.space))
    .text(who.external_id)
    .text(account);
  return std::move(w).take();
}

lookup_hash alias_hash_of(work& w, tenant_id tenant, const alias& who,
                          const std::string& account) {
  return hash_of(w.keys.get({tenant, key_kind::lookup, {}}),
                 "alias\x1f" + alias_key(who, account));
}

/// Everything of `from` becomes `into`'s: conversations, ids and their seals.
void join(work& w, tenant_id tenant, person_id from, person_id into) {
  struct moved {
    lookup_hash hash;
    std::string record;
  };

  std::vector<moved> all;
  auto old_key = w.keys.get(name_of(tenant, from));
  {
    auto found = sql::ask(w.db, tenant, aliases_of, from);
    while (found.next()) {
      auto hash = found.hash(0);
      all.push_back({hash, open_column(old_key, {tenant, "alias", hash.bytes},
                                       found.bytes(1))});
    }
  }
  auto key = w.keys.get(name_of(tenant, into));
  for (const auto& a : all)
    sql::send(w.db, tenant, move_alias, a.hash, into,
              sql::bytes{seal_column(key, {tenant, "alias", a.hash.bytes},
                                     a.record, w.random)});
  sql::send(w.db, tenant, move_conversations, from, into);
  sql::send(w.db, tenant, drop_person, from);
  // Only then: until the commit the ids are still sealed with it.
  w.keys.destroy_after_commit(name_of(tenant, from));
}

std::string sealed_name(work& w, tenant_id tenant, person_id id,
                        const std::string& name) {
  auto key = w.keys.get_or_make(name_of(tenant, id), w.now);
  record_writer record;
  record.integer(1).text(name);
  return seal_column(key, {tenant, "person", id.value.span()},
                     std::move(record).take(), w.random);
}

} // namespace

std::optional<person_id> resolve_person(work& w, tenant_id tenant,
                                        const std::vector<alias>& ids,
                                        const std::string& account_id) {
  std::optional<person_id> person;
  for (const auto& who : ids) {
    std::optional<person_id> other;
    {
      auto found = sql::ask(w.db, tenant, by_alias,
                            alias_hash_of(w, tenant, who, account_id));
      if (found.next())
        other = person_id{found.id(0)};
    }
    if (other && person && *other != *person)
      join(w, tenant, *other, *person);
    else if (other)
      person = other;
  }
  return person;
}

void insert_person(work& w, tenant_id tenant, person_id id,
                   const std::string& name) {
  auto sealed = sealed_name(w, tenant, id, name);
  sql::send(w.db, tenant, add_person, id, w.now, sql::bytes{sealed});
}

void begin_person_anew(work& w, tenant_id tenant, person_id id) {
  sql::send(w.db, tenant, drop_aliases, id);
  auto sealed = sealed_name(w, tenant, id, {});
  sql::send(w.db, tenant, seal_person, id, sql::bytes{sealed});
}

void add_aliases(work& w, tenant_id tenant, person_id id,
                 const std::vector<alias>& ids, const std::string& account_id) {
  auto key = w.keys.get(name_of(tenant, id));
  for (const auto& who : ids) {
    auto hash = alias_hash_of(w, tenant, who, account_id);
    auto sealed = seal_column(key, {tenant, "alias", hash.bytes},
                              alias_record(who, account_id), w.random);
    sql::send(w.db, tenant, add_alias, hash, id, sql::bytes{sealed});
  }
}

std::optional<stored_person> read_person(sql::connection& db, key_store& keys,
                                         tenant_id tenant, person_id id) {
  stored_person p;
  p.id = id;
  crypto::key256 key;
  {
    auto found = sql::ask(db, tenant, one_person, id);
    if (!found.next())
      return std::nullopt;
    key = keys.get(name_of(tenant, id));
    p.created_at = found.time(0);
    auto record =
      open_column(key, {tenant, "person", id.value.span()}, found.bytes(1));
    record_reader r{record};
    r.integer();
    p.name = r.text();
  }
  auto found = sql::ask(db, tenant, aliases_of, id);
  while (found.next()) {
    auto hash = found.hash(0);
    auto record =
      open_column(key, {tenant, "alias", hash.bytes}, found.bytes(1));
    record_reader r{record};
    r.integer();
    stored_alias a;
    a.who.space = static_cast<alias_space>(r.integer());
    a.who.external_id = r.text();
    a.account_id = r.text();
    p.aliases.push_back(std::move(a));
  }
  return p;
}

std::vector<person_id> person_ids(sql::connection& db, tenant_id tenant,
                                  person_id after, std::size_t most) {
  std::vector<person_id> ids;
  auto found =
    sql::ask(db, tenant, ids_after, after, static_cast<std::int64_t>(most));
  while (found.next())
    ids.push_back(person_id{found.id(0)});
  return ids;
}

} // namespace assistly::storage
