#include "storage/dead_letters.hpp"

#include "model/dedupe.hpp"
#include "storage/sql/run.hpp"

namespace assistly::storage {

namespace {

// As long as a key in `seen`, and thus no longer than the journal's key of the
// day it came on.
constexpr sql::query move_in{
  "INSERT INTO dead_letter(tenant_id, letter_id, conversation_hash, shard, "
  "channel_id, received_at, attempts, reason, died_at, until, key_day, sealed) "
  "SELECT $1, journal_id, conversation_hash, shard, channel_id, received_at, "
  "$3, $4, $5, received_at + $6, key_day, sealed FROM journal "
  "WHERE tenant_id = $1 AND journal_id = $2"};
constexpr sql::query drop_from_journal{
  "DELETE FROM journal WHERE tenant_id = $1 AND journal_id = $2"};
constexpr sql::query page_of_letters{
  "SELECT letter_id, channel_id, received_at, died_at, until, attempts, reason "
  "FROM dead_letter WHERE tenant_id = $1 AND letter_id > $2 "
  "ORDER BY letter_id LIMIT $3"};
constexpr sql::query count_letters{"SELECT count(*) FROM dead_letter"};
constexpr sql::query one_letter{
  "SELECT conversation_hash, channel_id, received_at, key_day, sealed "
  "FROM dead_letter WHERE tenant_id = $1 AND letter_id = $2 AND until > $3"};
constexpr sql::query move_out{
  "INSERT INTO journal(tenant_id, journal_id, conversation_hash, shard, "
  "channel_id, received_at, attempts, next_try_at, key_day, sealed) "
  "SELECT $1, letter_id, conversation_hash, shard, channel_id, received_at, "
  "0, $3, key_day, sealed FROM dead_letter "
  "WHERE tenant_id = $1 AND letter_id = $2"};
constexpr sql::query drop_letter{
  "DELETE FROM dead_letter WHERE tenant_id = $1 AND letter_id = $2"};

} // namespace

bool bury(work& w, tenant_id tenant, journal_id id, std::int32_t tries,
          dead_reason reason) {
  if (sql::run(w.db, tenant, move_in, id, std::int64_t{tries}, reason, w.now,
               std::int64_t{milliseconds{seen_for}.count()})
      == 0)
    return false;
  sql::run(w.db, tenant, drop_from_journal, id);
  return true;
}

std::vector<dead_letter> read_dead_letters(sql::connection& db,
                                           tenant_id tenant, journal_id after,
                                           std::size_t most) {
  std::vector<dead_letter> all;
  auto found = sql::ask(db, tenant, page_of_letters, after,
                        static_cast<std::int64_t>(most));
  while (found.next()) {
    dead_letter d;
    d.id = journal_id{found.id(0)};
    d.channel = channel_id{found.integer(1)};
    d.received_at = found.time(2);
    d.died_at = found.time(3);
    d.until = found.time(4);
    d.attempts = static_cast<std::int32_t>(found.integer(5));
    d.reason = static_cast<dead_reason>(found.integer(6));
    all.push_back(d);
  }
  return all;
}

std::int64_t count_dead_letters(sql::connection& db) {
  auto found = sql::ask_node(db, count_letters);
  return found.next() ? found.integer(0) : 0;
}

raised_letter raise_letter(work& w, tenant_id tenant, journal_id id) {
  raised_letter result;
  auto& e = result.entry;
  {
    auto found = sql::ask(w.db, tenant, one_letter, id, w.now);
    if (!found.next())
      return result;
    e.tenant = tenant;
    e.id = id;
    if (!found.is_null(0))
      e.conversation = found.hash(0);
    e.channel = channel_id{found.integer(1)};
    e.received_at = found.time(2);
    e.key_day = found.integer(3);
    open_entry(w.keys, e, found.bytes(4));
  }
  if (!e.event) {
    result.now = raised_letter::state::unreadable;
    return result;
  }
  sql::run(w.db, tenant, move_out, id, w.now);
  sql::run(w.db, tenant, drop_letter, id);
  result.now = raised_letter::state::back;
  return result;
}

} // namespace assistly::storage
