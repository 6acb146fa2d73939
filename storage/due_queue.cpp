/// The due queue of erasures, and the sweep of what lives for days.
#include "storage/directory.hpp"
#include "storage/erasure.hpp"
#include "storage/sql/run.hpp"
#include "storage/tenants.hpp"

#include <utility>

namespace assistly::storage {

namespace {

// The due queue runs over all tenants, by the clock.
constexpr sql::query due{
  "SELECT tenant_id, conversation_id, erase_at, hold FROM conversation "
  "WHERE timer_at <= $1 ORDER BY timer_at LIMIT $2"};
constexpr sql::query put_back{"UPDATE conversation SET timer_at = $3 "
                              "WHERE tenant_id = $1 AND conversation_id = $2"};
constexpr sql::query soonest{
  "SELECT timer_at FROM conversation ORDER BY timer_at LIMIT 1"};

constexpr sql::query drop_seen{
  "DELETE FROM seen WHERE tenant_id = $1 AND (at, key_hash) IN "
  "(SELECT at, key_hash FROM seen WHERE tenant_id = $1 AND at < $2 "
  "AND until < $3 LIMIT 2000)"};
constexpr sql::query drop_old_kept{
  "DELETE FROM kept_event WHERE tenant_id = $1 AND event_id IN "
  "(SELECT event_id FROM kept_event WHERE tenant_id = $1 AND until < $2 "
  "LIMIT 500)"};
constexpr sql::query drop_old_dead{
  "DELETE FROM dead_letter WHERE tenant_id = $1 AND letter_id IN "
  "(SELECT letter_id FROM dead_letter WHERE tenant_id = $1 AND until < $2 "
  "LIMIT 500)"};
constexpr sql::query drop_quarantine{
  "DELETE FROM quarantine WHERE received_at < $1"};

constexpr milliseconds held_looks_again = hours{24};
constexpr milliseconds quarantine_for = days{7};
/// Dedupe keys live 8 days after arrival, and so do journal keys.
constexpr std::int64_t journal_key_days = 8;

} // namespace

std::vector<due_conversation> take_due(work& w, std::size_t most) {
  std::vector<due_conversation> all;
  std::vector<std::pair<due_conversation, timestamp>> later;
  {
    auto found =
      sql::ask_node(w.db, due, w.now, static_cast<std::int64_t>(most));
    while (found.next()) {
      due_conversation d{tenant_id{found.integer(0)},
                         conversation_id{found.id(1)}, found.time(2)};
      if (found.integer(3) != 0)
        later.emplace_back(d, w.now + held_looks_again);
      else if (d.erase_at > w.now)
        later.emplace_back(d, d.erase_at);
      else
        all.push_back(d);
    }
  }
  for (const auto& [d, until] : later)
    sql::send(w.db, d.tenant, put_back, d.id, until);
  return all;
}

std::optional<timestamp> next_due(sql::connection& db) {
  auto found = sql::ask_node(db, soonest);
  if (!found.next())
    return std::nullopt;
  return found.time(0);
}

bool sweep(work& w) {
  bool more = false;
  for (auto tenant : tenant_ids(w.db)) {
    more |=
      sql::run(w.db, tenant, drop_seen, w.now - days{journal_key_days}, w.now)
      >= 2000;
    more |= sql::run(w.db, tenant, drop_old_kept, w.now) >= 500;
    more |= sql::run(w.db, tenant, drop_old_dead, w.now) >= 500;
    w.keys.destroy_journal_keys_before(tenant,
                                       day_of(w.now) - journal_key_days);
  }
  sql::run_node(w.db, drop_quarantine, w.now - quarantine_for);
  return more;
}

} // namespace assistly::storage
