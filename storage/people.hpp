/// Persons and their aliases: one person, many ids, never one phone number.
#pragma once

#include "model/event.hpp"
#include "storage/writer.hpp"

#include <optional>
#include <string>
#include <vector>

namespace assistly::storage {

struct stored_alias {
  alias who;
  std::string account_id;
};

struct stored_person {
  person_id id;
  std::string name;
  timestamp created_at{};
  std::vector<stored_alias> aliases;
};

/// The person behind any of the ids. Two ids in one event are one person, so
/// the persons they named until now are joined at once.
std::optional<person_id> resolve_person(work& w, tenant_id tenant,
                                        const std::vector<alias>& ids,
                                        const std::string& account_id);

void insert_person(work& w, tenant_id tenant, person_id id,
                   const std::string& name);

/// For one whose key is gone though the person is not, as a restore finds them:
/// a new key. The name and the ids that the old one sealed are lost.
void begin_person_anew(work& w, tenant_id tenant, person_id id);

/// Adds those ids that are not known yet.
void add_aliases(work& w, tenant_id tenant, person_id id,
                 const std::vector<alias>& ids, const std::string& account_id);

std::optional<stored_person> read_person(sql::connection& db, key_store& keys,
                                         tenant_id tenant, person_id id);
std::vector<person_id> person_ids(sql::connection& db, tenant_id tenant,
                                  person_id after, std::size_t most);

} // namespace assistly::storage
