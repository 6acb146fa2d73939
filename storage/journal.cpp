#include "storage/journal.hpp"

#include "model/dedupe.hpp"
#include "model/event_record.hpp"
#include "model/identity.hpp"
#include "model/tries.hpp"
#include "storage/dead_letters.hpp"
#include "storage/lookup.hpp"
#include "storage/sealed.hpp"
#include "storage/sql/run.hpp"

#include <algorithm>
#include <atomic>

namespace assistly::storage {

namespace {

constexpr sql::query mark_seen{
  "INSERT INTO seen(tenant_id, at, key_hash, until) VALUES($1, $2, $3, $4) "
  "ON CONFLICT(tenant_id, at, key_hash) DO NOTHING"};
// One question where there were three: nothing is filed for a tenant that is
// gone, or that was fetched before it was delivered.
constexpr sql::query mark_seen_of_tenant{
  "INSERT INTO seen(tenant_id, at, key_hash, until) "
  "SELECT $1, $2, $3, $4 FROM tenant WHERE tenant_id = $1 "
  "AND NOT EXISTS(SELECT 1 FROM seen "
  "WHERE tenant_id = $1 AND at = $5 AND key_hash = $3) "
  "ON CONFLICT(tenant_id, at, key_hash) DO NOTHING"};
constexpr sql::query was_seen{
  "SELECT 1 FROM seen WHERE tenant_id = $1 AND at = $2 AND key_hash = $3"};
constexpr sql::query add_row{
  "INSERT INTO journal(tenant_id, journal_id, conversation_hash, shard, "
  "channel_id, received_at, attempts, next_try_at, key_day, sealed) "
  "VALUES($1, $2, $3, $4, $5, $6, 0, $6, $7, $8)"};
constexpr sql::query keep_event{
  "INSERT INTO kept_event(tenant_id, event_id, conversation_hash, channel_id, "
  "received_at, until, key_day, sealed) VALUES($1, $2, $3, $4, $5, $6, $7, "
  "$8)"};
// A start works the whole node's journal off, tenant after tenant.
constexpr sql::query next_rows{
  "SELECT tenant_id, journal_id, conversation_hash, channel_id, received_at, "
  "key_day, attempts, next_try_at, sealed FROM journal "
  "WHERE (tenant_id, journal_id) > ($1, $2) "
  "ORDER BY tenant_id, journal_id LIMIT $3"};
constexpr sql::query rows_of{
  "SELECT tenant_id, journal_id, conversation_hash, channel_id, received_at, "
  "key_day, attempts, next_try_at, sealed FROM journal "
  "WHERE tenant_id = $1 AND conversation_hash = $2 AND attempts = 0 "
  "ORDER BY journal_id LIMIT $3"};
constexpr sql::query drop_row{
  "DELETE FROM journal WHERE tenant_id = $1 AND journal_id = $2"};
constexpr sql::query put_off{
  "UPDATE journal SET attempts = 0, next_try_at = $3 "
  "WHERE tenant_id = $1 AND journal_id = $2"};
constexpr sql::query begin_try{
  "UPDATE journal SET attempts = $4, next_try_at = $5 "
  "WHERE tenant_id = $1 AND journal_id = $2 AND attempts = $3"};
constexpr sql::query tries_of{
  "SELECT attempts FROM journal WHERE tenant_id = $1 AND journal_id = $2"};
constexpr sql::query is_tried{
  "SELECT 1 FROM journal WHERE tenant_id = $1 AND journal_id = $2 "
  "AND next_try_at = $3"};
constexpr sql::query set_tries{
  "UPDATE journal SET attempts = $3, next_try_at = $4 "
  "WHERE tenant_id = $1 AND journal_id = $2"};
constexpr sql::query count_rows{"SELECT count(*) FROM journal"};
constexpr sql::query count_quarantine{"SELECT count(*) FROM quarantine"};
constexpr sql::query add_quarantine{
  "INSERT INTO quarantine(quarantine_id, received_at, sealed) "
  "VALUES($1, $2, $3)"};

constexpr std::int64_t most_in_quarantine = 1'000;

/// Days a time-less key is looked for back: as long as keys are kept.
constexpr int days_probed = 8;

/// Nothing if the key ended with its day: what it sealed has ended, too.
std::optional<crypto::key256> journal_key_of(key_store& keys,
                                             const journal_entry& e) {
  try {
    return keys.get(journal_key(e.tenant, e.key_day));
  } catch (const sql::failure& why) {
    if (why.code() != errc::key_destroyed)
      throw;
    return std::nullopt;
  }
}

/// Or of a tenant that is gone.
bool is_duplicate(work& w, const journal_entry& e) {
  if (!e.has_time)
    for (int back = 1; back <= days_probed; ++back) {
      auto found =
        sql::ask(w.db, e.tenant, was_seen, e.filed_at - days{back}, e.key_hash);
      if (found.next())
        return true;
    }
  return sql::run(w.db, e.tenant, mark_seen_of_tenant, e.filed_at, e.key_hash,
                  e.received_at + seen_for, fetched_place(e.filed_at))
         == 0;
}

} // namespace

namespace {

/// An id that sorts behind all this process made before, also within one
/// millisecond: a restart works the journal off in the order of acceptance. A
/// counter stands behind the time (RFC 9562 section 6.2, method 1), and runs
/// over into it.
journal_id next_journal_id(timestamp now, random_source& random) {
  static std::atomic<std::uint64_t> last{0};
  auto at_least = static_cast<std::uint64_t>(to_unix_ms(now)) << 12;
  auto before = last.load();
  auto mine = std::max(before + 1, at_least);
  while (!last.compare_exchange_weak(before, mine))
    mine = std::max(before + 1, at_least);
  auto id =
    make_uuid(from_unix_ms(static_cast<std::int64_t>(mine >> 12)), random);
  id.bytes[6] = static_cast<std::byte>(0x70 | (mine >> 8 & 0x0f));
  id.bytes[7] = static_cast<std::byte>(mine & 0xff);
  return journal_id{id};
}

} // namespace

std::optional<journal_entry> make_entry(const directory_tenant& tenant,
                                        const directory_channel& channel,
                                        inbound_event event, timestamp now,
                                        random_source& random) {
  journal_entry e;
  // A clock that was set back must not leave yesterday without a key; the key
  // of a later day only lives longer.
  e.key_day = std::max(day_of(now), tenant.first_day);
  const auto* key = tenant.journal_of(e.key_day);
  if (!key)
    return std::nullopt;
  e.tenant = tenant.id;
  e.channel = channel.id;
  e.id = next_journal_id(now, random);
  e.received_at = now;
  e.only_kept = event.kind == event_kind::other;
  crypto::hmac_sha256 mac{std::span<const std::byte>{tenant.lookup.bytes}};
  if (auto key_text = conversation_key(event); !key_text.empty())
    e.conversation = shorten(mac.sign(key_text));
  e.has_time = event.has_time;
  e.filed_at = filed_at(event, now);
  e.key_hash = seen_hash(shorten(mac.sign("seen\x1f", event.dedupe_key)));
  const auto* table = e.only_kept ? "kept_event" : "journal";
  e.sealed = seal_column(*key, {e.tenant, table, e.id.value.span()},
                         to_record(event), random);
  e.event = std::make_shared<const inbound_event>(std::move(event));
  return e;
}

void accept(work& w, std::span<journal_entry> entries) {
  for (auto& e : entries) {
    // A picture read before its tenant was erased may still be in use; nothing
    // is kept for a tenant that is gone.
    e.duplicate = is_duplicate(w, e);
    if (e.duplicate)
      continue;
    if (e.only_kept)
      sql::send(w.db, e.tenant, keep_event, e.id, e.conversation, e.channel,
                e.received_at, e.received_at + seen_for, e.key_day,
                sql::bytes{e.sealed});
    else
      sql::send(w.db, e.tenant, add_row, e.id, e.conversation,
                std::int64_t{e.conversation ? shard_of(*e.conversation) : 0},
                e.channel, e.received_at, e.key_day, sql::bytes{e.sealed});
  }
}

namespace {

/// Rows as `next_rows` and `rows_of` name their columns.
std::vector<journal_entry> rows_from(session& s, sql::rows found) {
  std::vector<journal_entry> all;
  while (found.next()) {
    journal_entry e;
    e.tenant = tenant_id{found.integer(0)};
    e.id = journal_id{found.id(1)};
    if (!found.is_null(2))
      e.conversation = found.hash(2);
    e.channel = channel_id{found.integer(3)};
    e.received_at = found.time(4);
    e.key_day = found.integer(5);
    e.attempts = static_cast<std::int32_t>(found.integer(6));
    e.next_try_at = found.time(7);
    // One broken row must not keep all others from being worked off.
    open_entry(s.keys, e, found.bytes(8));
    all.push_back(std::move(e));
  }
  return all;
}

} // namespace

std::vector<journal_entry> read_journal(session& s, tenant_id after_tenant,
                                        journal_id after, std::size_t most) {
  return rows_from(s, sql::ask_node(*s.db, next_rows, after_tenant, after,
                                    static_cast<std::int64_t>(most)));
}

std::vector<journal_entry> read_untried(session& s, tenant_id tenant,
                                        const lookup_hash& conversation,
                                        std::size_t most) {
  return rows_from(s, sql::ask(*s.db, tenant, rows_of, conversation,
                               static_cast<std::int64_t>(most)));
}

void open_entry(key_store& keys, journal_entry& row, std::string_view sealed) {
  auto key = journal_key_of(keys, row);
  if (!key)
    return;
  auto record = crypto::open(
    *key, {row.tenant, "journal", row.id.value.span(), "sealed"}, sealed);
  auto event = record ? event_from_record(*record) : std::nullopt;
  if (event)
    row.event = std::make_shared<const inbound_event>(std::move(*event));
  row.unreadable = !event;
}

void finish_entry(work& w, tenant_id tenant, journal_id id) {
  sql::send(w.db, tenant, drop_row, id);
}

void defer_entry(work& w, tenant_id tenant, journal_id id, timestamp until) {
  sql::send(w.db, tenant, put_off, id, until);
}

/// Beyond a refused try's time, so that the two can be told apart.
constexpr milliseconds told_within = seconds{2};

begun_tries begin_tries(work& w, std::span<const journal_entry> rows) {
  begun_tries begun;
  if (rows.empty())
    return begun;
  // The first try is written down nowhere, and counts.
  auto tries = std::max(rows.front().attempts, 1) + 1;
  begun.until = w.now + try_again_after(tries) + told_within;
  begun.may.reserve(rows.size());
  for (const auto& row : rows)
    begun.may.push_back(sql::run(w.db, row.tenant, begin_try, row.id,
                                 std::int64_t{row.attempts},
                                 std::int64_t{tries}, begun.until)
                        > 0);
  return begun;
}

std::size_t still_tried(sql::connection& db,
                        std::span<const journal_entry> rows, timestamp until) {
  std::size_t left = 0;
  for (const auto& row : rows) {
    auto found = sql::ask(db, row.tenant, is_tried, row.id, until);
    left += found.next();
  }
  return left;
}

failed_try fail_try(work& w, tenant_id tenant, journal_id id,
                    std::int32_t most) {
  failed_try result;
  {
    auto found = sql::ask(w.db, tenant, tries_of, id);
    if (!found.next())
      return result;
    result.tries = std::max(static_cast<std::int32_t>(found.integer(0)), 1);
  }
  if (result.tries >= most) {
    result.dead = bury(w, tenant, id, result.tries, dead_reason::failed);
    return result;
  }
  result.next = w.now + try_again_after(result.tries);
  sql::run(w.db, tenant, set_tries, id, std::int64_t{result.tries},
           *result.next);
  return result;
}

namespace {

/// Own sends are filed under time 0, for an echo's time is not known before it
/// comes.
///
/// The channel is left out: the echo of a private reply, sent for a comment,
/// comes on the account's message channel.
std::int64_t own_send_hash(work& w, tenant_id tenant,
                           std::string_view account_id,
                           std::string_view external_id) {
  std::string key{"own\x1f"};
  key += account_id;
  key += '\x1f';
  key += external_id;
  return seen_hash(hash_of(w.keys.get({tenant, key_kind::lookup, {}}), key));
}

} // namespace

void file_own_send(work& w, tenant_id tenant, std::string_view account_id,
                   std::string_view external_id) {
  sql::send(w.db, tenant, mark_seen, timestamp{},
            own_send_hash(w, tenant, account_id, external_id),
            w.now + seen_for);
}

bool is_own_send(work& w, tenant_id tenant, std::string_view account_id,
                 std::string_view external_id) {
  if (external_id.empty())
    return false;
  auto found = sql::ask(w.db, tenant, was_seen, timestamp{},
                        own_send_hash(w, tenant, account_id, external_id));
  return found.next();
}

std::int64_t count_journal(sql::connection& db) {
  auto found = sql::ask_node(db, count_rows);
  return found.next() ? found.integer(0) : 0;
}

bool quarantine(work& w, const crypto::root_key& root, std::string_view body) {
  {
    auto found = sql::ask_node(w.db, count_quarantine);
    if (found.next() && found.integer(0) >= most_in_quarantine)
      return false;
  }
  auto id = make_uuid(w.now, w.random);
  auto sealed =
    seal_column(root.quarantine_key(), {tenant_id{0}, "quarantine", id.span()},
                body, w.random);
  sql::run_node(w.db, add_quarantine, id, w.now, sql::bytes{sealed});
  return true;
}

} // namespace assistly::storage
