#include "storage/retention.hpp"

#include "model/retention.hpp"
#include "storage/sql/run.hpp"
#include "storage/tenants.hpp"

#include <vector>

namespace assistly::storage {

namespace {

// One by one in the order of their numbers: a walk over the node's tenants.
constexpr sql::query next_tenant{
  "SELECT tenant_id FROM tenant WHERE tenant_id >= $1 "
  "ORDER BY tenant_id LIMIT 1"};
// Ids begin with the moment of their making, so what is older than the limit
// stands in front, and is all that can hold a turn older than the limit.
constexpr sql::query old_conversations{
  "SELECT conversation_id FROM conversation WHERE tenant_id = $1 "
  "AND conversation_id > $2 AND conversation_id < $3 "
  "ORDER BY conversation_id LIMIT $4"};
constexpr sql::query drop_old_turns{
  "DELETE FROM turn WHERE tenant_id = $1 AND conversation_id = $2 AND seq IN "
  "(SELECT seq FROM turn WHERE tenant_id = $1 AND conversation_id = $2 "
  "AND received_at < $3 AND state NOT IN (1, 2, 7) ORDER BY seq LIMIT $4)"};
constexpr sql::query has_old_turns{
  "SELECT received_at FROM turn WHERE tenant_id = $1 AND conversation_id = $2 "
  "AND state NOT IN (1, 2, 7) ORDER BY seq LIMIT 1"};
constexpr sql::query ends{
  "SELECT conversation_id, last_activity, erase_at FROM conversation "
  "WHERE tenant_id = $1 AND conversation_id > $2 "
  "ORDER BY conversation_id LIMIT $3"};
constexpr sql::query change_end{
  "UPDATE conversation SET erase_at = $3 "
  "WHERE tenant_id = $1 AND conversation_id = $2"};
constexpr sql::query pull_timer{
  "UPDATE conversation SET timer_at = $3 WHERE tenant_id = $1 "
  "AND conversation_id = $2 AND timer_at > $3 AND hold = 0"};

constexpr std::int64_t conversations_a_step = 200;
constexpr std::int64_t turns_a_step = 500;

std::optional<tenant_id> tenant_from(work& w, tenant_id at_least) {
  auto found = sql::ask_node(w.db, next_tenant, at_least);
  if (!found.next())
    return std::nullopt;
  return tenant_id{found.integer(0)};
}

/// Nothing if the tenant is being erased.
std::optional<milliseconds> turn_limit(work& w, tenant_id tenant) {
  try {
    auto stored = read_tenant(w.db, w.keys, tenant);
    if (!stored)
      return std::nullopt;
    return stored->settings.retention.turn;
  } catch (const sql::failure& why) {
    if (why.code() != errc::key_destroyed)
      throw;
    return std::nullopt;
  }
}

std::vector<conversation_id> conversations_older(work& w, const walk& from,
                                                 timestamp limit) {
  std::vector<conversation_id> all;
  auto found =
    sql::ask(w.db, from.tenant, old_conversations, from.after,
             conversation_id{first_uuid_of(limit)}, conversations_a_step);
  while (found.next())
    all.push_back(conversation_id{found.id(0)});
  return all;
}

bool holds_older(work& w, tenant_id tenant, conversation_id id,
                 timestamp limit) {
  auto found = sql::ask(w.db, tenant, has_old_turns, id);
  return found.next() && found.time(0) < limit;
}

} // namespace

std::optional<walk> sweep_turns(work& w, const walk& from) {
  auto tenant = tenant_from(w, from.tenant);
  if (!tenant)
    return std::nullopt;
  walk at = from;
  if (*tenant != from.tenant)
    at = {*tenant, {}};
  walk next_tenant_over{tenant_id{tenant->value + 1}, {}};
  auto keeps = turn_limit(w, *tenant);
  if (!keeps)
    return next_tenant_over;
  auto limit = w.now - *keeps;
  auto old = conversations_older(w, at, limit);
  for (auto id : old) {
    if (holds_older(w, *tenant, id, limit)
        && sql::run(w.db, *tenant, drop_old_turns, id, limit, turns_a_step) > 0)
      // What else it holds is looked for in the next step.
      return at;
    at.after = id;
  }
  if (static_cast<std::int64_t>(old.size()) == conversations_a_step)
    return at;
  return next_tenant_over;
}

std::optional<walk> shorten_ends(work& w, const walk& from,
                                 const retention_policy& policy) {
  struct end {
    conversation_id id;
    timestamp last_activity{};
    timestamp erase_at{};
  };

  std::vector<end> all;
  {
    auto found =
      sql::ask(w.db, from.tenant, ends, from.after, conversations_a_step);
    while (found.next())
      all.push_back(
        {conversation_id{found.id(0)}, found.time(1), found.time(2)});
  }
  for (const auto& e : all) {
    auto nearer = erase_at(e.last_activity, policy);
    if (nearer >= e.erase_at)
      continue;
    sql::run(w.db, from.tenant, change_end, e.id, nearer);
    sql::run(w.db, from.tenant, pull_timer, e.id, nearer);
  }
  if (static_cast<std::int64_t>(all.size()) < conversations_a_step)
    return std::nullopt;
  return walk{from.tenant, all.back().id};
}

} // namespace assistly::storage
