#include "storage/invariants.hpp"

#include "storage/sealed_rows.hpp"
#include "storage/sql/run.hpp"

namespace assistly::storage {

namespace {

struct rule {
  const char* name;
  sql::query count;
};

// Sweeps over all tenants: an operator's check, never on the hot path.
constexpr rule rules[] = {
  {"every journal row has a tenant",
   {"SELECT count(*) FROM journal j WHERE NOT EXISTS "
    "(SELECT 1 FROM tenant t WHERE t.tenant_id = j.tenant_id)"}},
  {"every kept event has a tenant",
   {"SELECT count(*) FROM kept_event k WHERE NOT EXISTS "
    "(SELECT 1 FROM tenant t WHERE t.tenant_id = k.tenant_id)"}},
  {"every dead letter has a tenant, and an end",
   {"SELECT count(*) FROM dead_letter d WHERE d.until <= d.received_at "
    "OR NOT EXISTS "
    "(SELECT 1 FROM tenant t WHERE t.tenant_id = d.tenant_id)"}},
  {"no dead letter is in the journal as well",
   {"SELECT count(*) FROM dead_letter d WHERE EXISTS "
    "(SELECT 1 FROM journal j WHERE j.tenant_id = d.tenant_id "
    "AND j.journal_id = d.letter_id)"}},
  {"every outgoing turn without a receipt has one outbox row of its state",
   {"SELECT count(*) FROM turn t WHERE t.state IN (1, 2, 7) AND NOT EXISTS "
    "(SELECT 1 FROM outbox o WHERE o.tenant_id = t.tenant_id "
    "AND o.turn_id = t.turn_id AND o.state = t.state AND o.seq = t.seq)"}},
  {"every outbox row belongs to a turn that waits for it",
   {"SELECT count(*) FROM outbox o WHERE EXISTS "
    "(SELECT 1 FROM turn t WHERE t.tenant_id = o.tenant_id "
    "AND t.conversation_id = o.conversation_id AND t.seq = o.seq "
    "AND t.state NOT IN (1, 2, 7))"}},
  {"every outbox row has its turn",
   {"SELECT count(*) FROM outbox o WHERE NOT EXISTS "
    "(SELECT 1 FROM turn t WHERE t.tenant_id = o.tenant_id "
    "AND t.conversation_id = o.conversation_id AND t.seq = o.seq "
    "AND t.turn_id = o.turn_id)"}},
  {"every outbox row has its conversation",
   {"SELECT count(*) FROM outbox o WHERE NOT EXISTS "
    "(SELECT 1 FROM conversation c WHERE c.tenant_id = o.tenant_id "
    "AND c.conversation_id = o.conversation_id)"}},
  {"every turn has its conversation",
   {"SELECT count(*) FROM turn t WHERE NOT EXISTS "
    "(SELECT 1 FROM conversation c WHERE c.tenant_id = t.tenant_id "
    "AND c.conversation_id = t.conversation_id)"}},
  {"every conversation has its person",
   {"SELECT count(*) FROM conversation c WHERE NOT EXISTS "
    "(SELECT 1 FROM person p WHERE p.tenant_id = c.tenant_id "
    "AND p.person_id = c.person_id)"}},
  {"every alias has its person",
   {"SELECT count(*) FROM alias a WHERE NOT EXISTS "
    "(SELECT 1 FROM person p WHERE p.tenant_id = a.tenant_id "
    "AND p.person_id = a.person_id)"}},
  {"every person has a conversation",
   {"SELECT count(*) FROM person p WHERE NOT EXISTS "
    "(SELECT 1 FROM conversation c WHERE c.tenant_id = p.tenant_id "
    "AND c.person_id = p.person_id)"}},
  {"every conversation has an erase_at, and a timer no later",
   {"SELECT count(*) FROM conversation "
    "WHERE erase_at <= 0 OR (timer_at > erase_at AND hold = 0)"}},
  {"an answer is owed exactly while its due time stands",
   {"SELECT count(*) FROM conversation "
    "WHERE (reply_due_at IS NULL) <> (unanswered_since IS NULL) "
    "OR (reply_due_at IS NOT NULL AND owner <> 0)"}},
  {"no answer is owed for turns that were answered",
   {"SELECT count(*) FROM conversation "
    "WHERE answered_seq > customer_seq OR customer_seq > seq"}},
};

constexpr sql::query leaf_keys{
  "SELECT tenant_id, kind, subject FROM wrapped_key WHERE kind IN (5, 6)"};
constexpr sql::query has_person{
  "SELECT 1 FROM person WHERE tenant_id = $1 AND person_id = $2"};
constexpr sql::query has_conversation{
  "SELECT 1 FROM conversation WHERE tenant_id = $1 AND conversation_id = $2"};

} // namespace

deep_check check_invariants(session& s, const crypto::root_key& root) {
  deep_check result;
  for (const auto& r : rules) {
    auto found = sql::ask_node(*s.db, r.count);
    if (found.next() && found.integer(0) > 0)
      result.violations.push_back({r.name, found.integer(0)});
  }
  auto seals = try_all_seals(s, root);
  result.opened = seals.opened;
  if (seals.failed > 0)
    result.violations.push_back(
      {"every sealed row has a live key", seals.failed});
  auto keys = sql::ask_node(s.keys.db(), leaf_keys);
  while (keys.next()) {
    auto person = static_cast<key_kind>(keys.integer(1)) == key_kind::person;
    auto row = sql::ask(*s.db, tenant_id{keys.integer(0)},
                        person ? has_person : has_conversation,
                        sql::bytes{keys.bytes(2)});
    result.unused_keys += !row.next();
  }
  return result;
}

} // namespace assistly::storage
