#include "storage/erase_requests.hpp"

#include "storage/sql/run.hpp"

namespace assistly::storage {

namespace {

constexpr sql::query add_request{
  "INSERT INTO erasure(tenant_id, erasure_id, scope, subject, reason, "
  "requested_at) VALUES($1, $2, $3, $4, $5, $6) "
  "ON CONFLICT(tenant_id, erasure_id) DO NOTHING"};
constexpr sql::query drop_request{
  "DELETE FROM erasure WHERE tenant_id = $1 AND erasure_id = $2"};
constexpr sql::query drop_requests{
  "DELETE FROM erasure WHERE tenant_id = $1 AND scope = $2 AND subject = $3"};
constexpr sql::query requests_for{
  "SELECT reason FROM erasure "
  "WHERE tenant_id = $1 AND scope = $2 AND subject = $3 ORDER BY reason"};
// At start, over all tenants.
constexpr sql::query all_requests{
  "SELECT tenant_id, erasure_id, scope, subject, reason FROM erasure "
  "ORDER BY requested_at"};

constexpr sql::query count_requests{
  "SELECT count(*), min(requested_at) FROM erasure"};

} // namespace

std::string_view to_string(erase_scope scope) noexcept {
  switch (scope) {
  case erase_scope::conversation:
    return "conversation";
  case erase_scope::person:
    return "person";
  case erase_scope::tenant:
    return "tenant";
  }
  return "unknown";
}

std::string_view to_string(erase_reason reason) noexcept {
  return reason == erase_reason::retention ? "retention" : "request";
}

void request_erasure(work& w, const erase_request& r) {
  sql::send(w.db, r.tenant, add_request, r.id, r.scope, r.subject, r.reason,
            w.now);
}

void withdraw_erasure(work& w, const erase_request& r) {
  sql::send(w.db, r.tenant, drop_request, r.id);
}

void close_requests(work& w, const erase_request& r) {
  sql::send(w.db, r.tenant, drop_requests, r.scope, r.subject);
}

bool is_erasure_owed(work& w, tenant_id tenant, conversation_id id) {
  auto found =
    sql::ask(w.db, tenant, requests_for, erase_scope::conversation, id);
  return found.next();
}

bool is_erasure_begun(work& w, tenant_id tenant, conversation_id id) {
  auto found =
    sql::ask(w.db, tenant, requests_for, erase_scope::conversation, id);
  // A retention's row is written with the first step that drops anything, a
  // request's before.
  return found.next()
         && static_cast<erase_reason>(found.integer(0))
              == erase_reason::retention;
}

owed_erasures count_erasures(sql::connection& db) {
  owed_erasures owed;
  auto found = sql::ask_node(db, count_requests);
  if (found.next()) {
    owed.count = found.integer(0);
    owed.oldest = found.time_or_none(1);
  }
  return owed;
}

std::vector<erase_request> pending_erasures(sql::connection& db) {
  std::vector<erase_request> all;
  auto found = sql::ask_node(db, all_requests);
  while (found.next())
    all.push_back({found.id(1), tenant_id{found.integer(0)},
                   static_cast<erase_scope>(found.integer(2)), found.id(3),
                   static_cast<erase_reason>(found.integer(4))});
  return all;
}

} // namespace assistly::storage
