#include "storage/erasure.hpp"

#include "crypto/encoding.hpp"
#include "storage/erased_counts.hpp"
#include "storage/filed_events.hpp"
#include "storage/ledger_mark.hpp"
#include "storage/outbox.hpp"
#include "storage/people.hpp"
#include "storage/sql/run.hpp"

namespace assistly::storage {

namespace {

// What an erasure must know of a conversation is clear: a key that a crash
// destroyed a moment before the rows must not keep them from going.
constexpr sql::query head_of{
  "SELECT lookup_hash, person_id, hold, erase_at FROM conversation "
  "WHERE tenant_id = $1 AND conversation_id = $2"};
constexpr sql::query put_off{"UPDATE conversation SET timer_at = $3 "
                             "WHERE tenant_id = $1 AND conversation_id = $2"};
constexpr sql::query newly_accepted{
  "SELECT 1 FROM journal WHERE tenant_id = $1 AND conversation_hash = $2 "
  "AND received_at > $3 LIMIT 1"};
constexpr sql::query drop_some_turns{
  "DELETE FROM turn WHERE tenant_id = $1 AND conversation_id = $2 AND seq IN "
  "(SELECT seq FROM turn WHERE tenant_id = $1 AND conversation_id = $2 "
  "ORDER BY seq LIMIT $3)"};
constexpr sql::query drop_sends{
  "DELETE FROM outbox WHERE tenant_id = $1 AND conversation_id = $2"};
constexpr sql::query void_turns{
  "UPDATE turn SET state = 8 WHERE tenant_id = $1 AND conversation_id = $2 "
  "AND state IN (1, 2, 7)"};
constexpr sql::query drop_journal{
  "DELETE FROM journal WHERE tenant_id = $1 AND conversation_hash = $2 "
  "AND received_at <= $3"};
constexpr sql::query drop_kept{
  "DELETE FROM kept_event WHERE tenant_id = $1 AND conversation_hash = $2"};
constexpr sql::query drop_dead{
  "DELETE FROM dead_letter WHERE tenant_id = $1 AND conversation_hash = $2"};
constexpr sql::query drop_conversation{
  "DELETE FROM conversation WHERE tenant_id = $1 AND conversation_id = $2"};
constexpr sql::query other_conversation{
  "SELECT 1 FROM conversation WHERE tenant_id = $1 AND person_id = $2 LIMIT 1"};
constexpr sql::query conversations_of{
  "SELECT conversation_id FROM conversation "
  "WHERE tenant_id = $1 AND person_id = $2 LIMIT 1"};
constexpr sql::query first_conversation{
  "SELECT conversation_id FROM conversation WHERE tenant_id = $1 LIMIT 1"};
constexpr sql::query held_conversation{
  "SELECT 1 FROM conversation WHERE tenant_id = $1 AND person_id = $2 "
  "AND hold = 1"};
constexpr sql::query held_in_tenant{
  "SELECT 1 FROM conversation WHERE tenant_id = $1 AND hold = 1 LIMIT 1"};
constexpr sql::query drop_aliases{
  "DELETE FROM alias WHERE tenant_id = $1 AND person_id = $2"};
constexpr sql::query drop_person{
  "DELETE FROM person WHERE tenant_id = $1 AND person_id = $2"};
constexpr sql::query has_person{
  "SELECT 1 FROM person WHERE tenant_id = $1 AND person_id = $2"};
constexpr sql::query slug_of{"SELECT slug FROM tenant WHERE tenant_id = $1"};

// These may be many, so they go in steps.
struct tenant_rows {
  sql::query drop_some;
  /// What they count as in the receipt, if they do.
  std::int64_t erased_counts::*counted = nullptr;
};

constexpr tenant_rows many_tenant_rows[] = {
  {{"DELETE FROM journal WHERE tenant_id = $1 AND journal_id IN "
    "(SELECT journal_id FROM journal WHERE tenant_id = $1 LIMIT $2)"},
   &erased_counts::journal},
  {{"DELETE FROM dead_letter WHERE tenant_id = $1 AND letter_id IN "
    "(SELECT letter_id FROM dead_letter WHERE tenant_id = $1 LIMIT $2)"},
   &erased_counts::journal},
  {{"DELETE FROM kept_event WHERE tenant_id = $1 AND event_id IN "
    "(SELECT event_id FROM kept_event WHERE tenant_id = $1 LIMIT $2)"},
   &erased_counts::kept},
  {{"DELETE FROM alias WHERE tenant_id = $1 AND alias_hash IN "
    "(SELECT alias_hash FROM alias WHERE tenant_id = $1 LIMIT $2)"}},
  {{"DELETE FROM person WHERE tenant_id = $1 AND person_id IN "
    "(SELECT person_id FROM person WHERE tenant_id = $1 LIMIT $2)"},
   &erased_counts::persons},
  {{"DELETE FROM knowledge WHERE tenant_id = $1 AND entry_id IN "
    "(SELECT entry_id FROM knowledge WHERE tenant_id = $1 LIMIT $2)"}},
  {{"DELETE FROM seen WHERE tenant_id = $1 AND (at, key_hash) IN "
    "(SELECT at, key_hash FROM seen WHERE tenant_id = $1 LIMIT $2)"}},
};
constexpr sql::query last_tenant_rows[] = {
  {"DELETE FROM channel WHERE tenant_id = $1"},
  {"DELETE FROM erasure WHERE tenant_id = $1"},
  {"DELETE FROM tenant WHERE tenant_id = $1"},
};

constexpr std::int64_t turns_a_step = 500;
constexpr std::int64_t rows_a_step = 2'000;
constexpr milliseconds longest_wait = seconds{30};
/// An event accepted so lately is about to be taken in, which moves the end. An
/// older one is held up by something else, and does not hold up the end.
constexpr milliseconds taken_in_within = minutes{1};
/// How long a backup may still hold what was erased (RELIABILITY section 9.2).
constexpr milliseconds backups_out_after = days{14};

struct head {
  conversation_id id;
  lookup_hash hash;
  person_id person;
  bool hold = false;
  timestamp erase_at{};
};

std::optional<head> find_head(work& w, tenant_id tenant, conversation_id id) {
  auto found = sql::ask(w.db, tenant, head_of, id);
  if (!found.next())
    return std::nullopt;
  return head{id, found.hash(0), person_id{found.id(1)}, found.integer(2) != 0,
              found.time(3)};
}

/// The first conversation a query names.
std::optional<head> next_head(work& w, tenant_id tenant, sql::rows found) {
  if (!found.next())
    return std::nullopt;
  return find_head(w, tenant, conversation_id{found.id(0)});
}

bool send_under_way(work& w, tenant_id tenant, conversation_id id) {
  for (const auto& row : sends_of(w.db, tenant, id))
    if (row.state == turn_state::sending && row.claimed_at
        && w.now < *row.claimed_at + longest_wait)
      return true;
  return false;
}

/// For an erasure by retention, before it takes anything. Half erased there is
/// no way back, so one that has begun is due whatever came since.
bool still_due(work& w, tenant_id tenant, const head& c) {
  if (is_erasure_owed(w, tenant, c.id) || !w.keys.exists(name_of(tenant, c.id)))
    return true;
  if (c.erase_at > w.now) {
    sql::send(w.db, tenant, put_off, c.id, c.erase_at);
    return false;
  }
  auto waits =
    sql::ask(w.db, tenant, newly_accepted, c.hash, w.now - taken_in_within);
  return !waits.next();
}

void destroy_key(work& w, const key_name& name, erased_counts& n,
                 const erase_faults& faults) {
  if (faults.keep_keys || !w.keys.exists(name))
    return;
  w.keys.destroy(name);
  ++n.keys;
}

/// Events not taken in, or only kept; asked for before the keys go, without
/// which their hashes are not known. A retention leaves the journal alone: what
/// is in it came later than the end, and we owe it. A dead letter is the words
/// of a customer whose time is over, and goes with them.
void drop_filed(work& w, const erase_request& r,
                const std::vector<lookup_hash>& hashes, erased_counts& n) {
  for (const auto& hash : hashes) {
    if (r.reason == erase_reason::request)
      n.journal += sql::run(w.db, r.tenant, drop_journal, hash, made_at(r.id));
    n.journal += sql::run(w.db, r.tenant, drop_dead, hash);
    n.kept += sql::run(w.db, r.tenant, drop_kept, hash);
  }
}

void end_person(work& w, const erase_request& r, person_id person,
                erased_counts& n, const erase_faults& faults) {
  auto tenant = r.tenant;
  if (r.scope != erase_scope::tenant)
    drop_filed(w, r, hashes_of(w, tenant, person), n);
  sql::send(w.db, tenant, drop_aliases, person);
  n.persons += sql::run(w.db, tenant, drop_person, person);
  destroy_key(w, name_of(tenant, person), n, faults);
}

/// Everything of one conversation but its sends and turns, which went before.
void end_conversation(work& w, const erase_request& r, const head& c,
                      bool with_person, erased_counts& n,
                      const erase_faults& faults) {
  auto tenant = r.tenant;
  // Of a tenant all goes in the end, whoever it names.
  if (r.scope != erase_scope::tenant)
    drop_filed(w, r, hashes_of(w, tenant, c.id, c.hash), n);
  n.conversations += sql::run(w.db, tenant, drop_conversation, c.id);
  destroy_key(w, name_of(tenant, c.id), n, faults);
  if (!with_person)
    return;
  auto left = sql::ask(w.db, tenant, other_conversation, c.person);
  if (!left.next())
    end_person(w, r, c.person, n, faults);
}

std::string slug(work& w, tenant_id tenant) {
  auto found = sql::ask(w.db, tenant, slug_of);
  return found.next() ? std::string{found.bytes(0)} : std::string{};
}

receipt prove(work& w, ledger& book, const erase_request& r,
              const std::string& slug_text, const erased_counts& n) {
  receipt_fields f;
  f.emplace_back("format", "assistly-receipt 1");
  f.emplace_back("erased_at", rfc3339(w.now));
  f.emplace_back("scope", to_string(r.scope));
  f.emplace_back("reason", to_string(r.reason));
  f.emplace_back("tenant", slug_text + "/" + std::to_string(r.tenant.value));
  if (r.scope != erase_scope::tenant)
    f.emplace_back("subject", to_string(r.subject));
  f.emplace_back("conversations", std::to_string(n.conversations));
  f.emplace_back("persons", std::to_string(n.persons));
  f.emplace_back("outbox_rows", std::to_string(n.sends));
  f.emplace_back("journal_rows", std::to_string(n.journal));
  f.emplace_back("kept_events", std::to_string(n.kept));
  f.emplace_back("keys_destroyed", std::to_string(n.keys));
  f.emplace_back("backups_out_at", rfc3339(w.now + backups_out_after));
  auto proof = book.append(std::move(f));
  if (!proof)
    throw sql::failure{proof.error().code == errc::storage_full
                         ? errc::storage_full
                         : errc::storage_failed,
                       proof.error().text};
  write_ledger_mark(w, book);
  return std::move(*proof);
}

/// Sends first, so that none goes out without its words; then turns, in steps.
/// False while there are more.
bool emptied(work& w, tenant_id tenant, conversation_id id, erased_counts& n,
             const erase_faults& faults) {
  if (auto sends = sql::run(w.db, tenant, drop_sends, id); sends > 0) {
    n.sends += sends;
    sql::send(w.db, tenant, void_turns, id);
  }
  return faults.keep_turns
         || sql::run(w.db, tenant, drop_some_turns, id, turns_a_step)
              < turns_a_step;
}

using state = erase_progress::state;

erase_progress step_conversation(work& w, ledger& book, const erase_request& r,
                                 const erase_faults& faults) {
  auto c = find_head(w, r.tenant, conversation_id{r.subject});
  if (!c) {
    // Gone by another way meanwhile: the request is answered, too.
    close_requests(w, r);
    return {state::not_found, {}, {}};
  }
  if (c->hold)
    return {state::held, {}, {}};
  if (r.reason == erase_reason::retention && !still_due(w, r.tenant, *c))
    return {state::not_due, {}, {}};
  if (send_under_way(w, r.tenant, c->id))
    return {state::wait, {}, c->hash};
  auto n = counts_so_far(w.db, r);
  if (!emptied(w, r.tenant, c->id, n, faults)) {
    request_erasure(w, r);
    keep_counts(w, r, n);
    return {state::more, {}, c->hash};
  }
  end_conversation(w, r, *c, true, n, faults);
  close_requests(w, r);
  drop_counts(w, r);
  return {state::done, prove(w, book, r, slug(w, r.tenant), n), c->hash};
}

/// One conversation of a person or a tenant: it has a receipt of its own, and
/// is counted in the receipt of the whole.
erase_progress step_part(work& w, ledger& book, const erase_request& r,
                         const head& c, const std::string& slug_text,
                         const erase_faults& faults) {
  if (send_under_way(w, r.tenant, c.id))
    return {state::wait, {}, c.hash};
  auto part = r;
  part.scope = erase_scope::conversation;
  part.subject = c.id.value;
  auto n = counts_so_far(w.db, part);
  if (!emptied(w, r.tenant, c.id, n, faults)) {
    keep_counts(w, part, n);
    return {state::more, {}, c.hash};
  }
  end_conversation(w, r, c, r.scope == erase_scope::tenant, n, faults);
  prove(w, book, part, slug_text, n);
  drop_counts(w, part);
  auto whole = counts_so_far(w.db, r);
  whole += n;
  keep_counts(w, r, whole);
  return {state::more, {}, c.hash};
}

/// One conversation a step; the last step proves the whole.
erase_progress step_person(work& w, ledger& book, const erase_request& r,
                           const erase_faults& faults) {
  person_id person{r.subject};
  {
    auto there = sql::ask(w.db, r.tenant, has_person, person);
    if (!there.next()) {
      close_requests(w, r);
      return {state::not_found, {}, {}};
    }
    auto held = sql::ask(w.db, r.tenant, held_conversation, person);
    if (held.next())
      return {state::held, {}, {}};
  }
  auto name = slug(w, r.tenant);
  if (auto c = next_head(w, r.tenant,
                         sql::ask(w.db, r.tenant, conversations_of, person)))
    return step_part(w, book, r, *c, name, faults);
  auto n = counts_so_far(w.db, r);
  end_person(w, r, person, n, faults);
  close_requests(w, r);
  drop_counts(w, r);
  return {state::done, prove(w, book, r, name, n), {}};
}

erase_progress step_tenant(work& w, ledger& book, const erase_request& r,
                           const erase_faults& faults) {
  auto name = slug(w, r.tenant);
  if (name.empty())
    return {state::not_found, {}, {}};
  {
    auto held = sql::ask(w.db, r.tenant, held_in_tenant);
    if (held.next())
      return {state::held, {}, {}};
  }
  if (auto c =
        next_head(w, r.tenant, sql::ask(w.db, r.tenant, first_conversation)))
    return step_part(w, book, r, *c, name, faults);
  auto n = counts_so_far(w.db, r);
  for (const auto& rows : many_tenant_rows) {
    auto gone = sql::run(w.db, r.tenant, rows.drop_some, rows_a_step);
    if (rows.counted)
      n.*rows.counted += gone;
    if (gone >= rows_a_step) {
      keep_counts(w, r, n);
      return {state::more, {}, {}};
    }
  }
  for (auto q : last_tenant_rows)
    sql::run(w.db, r.tenant, q);
  if (!faults.keep_keys)
    n.keys += w.keys.destroy_tenant(r.tenant);
  drop_counts(w, r);
  return {state::done, prove(w, book, r, name, n), {}};
}

} // namespace

erase_progress erase_step(work& w, ledger& book, const erase_request& r,
                          const erase_faults& faults) {
  switch (r.scope) {
  case erase_scope::conversation:
    return step_conversation(w, book, r, faults);
  case erase_scope::person:
    return step_person(w, book, r, faults);
  case erase_scope::tenant:
    return step_tenant(w, book, r, faults);
  }
  return {};
}

} // namespace assistly::storage
