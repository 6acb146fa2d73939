#include "storage/outbox.hpp"

#include "storage/sql/run.hpp"

#include <algorithm>
#include <tuple>

namespace assistly::storage {

namespace {

constexpr sql::query add{
  "INSERT INTO outbox(tenant_id, turn_id, conversation_id, channel_id, shard, "
  "seq, kind, author, state, epoch, answers_after, answers_to, attempts, "
  "created_at, next_try_at, claimed_at) "
  "VALUES($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, "
  "$16)"};
constexpr sql::query drop{
  "DELETE FROM outbox WHERE tenant_id = $1 AND turn_id = $2"};
constexpr sql::query one{
  "SELECT turn_id, conversation_id, channel_id, seq, kind, author, state, "
  "epoch, answers_after, answers_to, attempts, created_at, next_try_at, "
  "claimed_at FROM outbox WHERE tenant_id = $1 AND turn_id = $2"};
constexpr sql::query of_conversation{
  "SELECT turn_id, conversation_id, channel_id, seq, kind, author, state, "
  "epoch, answers_after, answers_to, attempts, created_at, next_try_at, "
  "claimed_at FROM outbox WHERE tenant_id = $1 AND conversation_id = $2 "
  "ORDER BY seq"};
constexpr sql::query to_sending{
  "UPDATE outbox SET state = 2, attempts = attempts + 1, claimed_at = $3 "
  "WHERE tenant_id = $1 AND turn_id = $2"};
constexpr sql::query set_state{"UPDATE outbox SET state = $3, next_try_at = $4 "
                               "WHERE tenant_id = $1 AND turn_id = $2"};
constexpr sql::query one_try_less{
  "UPDATE outbox SET attempts = attempts - 1 "
  "WHERE tenant_id = $1 AND turn_id = $2 AND attempts > 0"};
constexpr sql::query new_epoch{
  "UPDATE outbox SET epoch = $3 WHERE tenant_id = $1 AND turn_id = $2"};
// CROSS keeps the order: the handful of channels first, then their rows.
constexpr sql::query private_in_doubt{
  "SELECT DISTINCT c.channel_id FROM channel c CROSS JOIN outbox o "
  "WHERE c.tenant_id = $1 AND c.kind = $2 AND o.tenant_id = $1 "
  "AND o.channel_id = c.channel_id AND o.kind = 3 AND o.state IN (2, 7) "
  "AND o.claimed_at > $3"};
constexpr sql::query channel_mode_of{
  "SELECT mode FROM channel WHERE tenant_id = $1 AND channel_id = $2"};
constexpr sql::query waiting{
  "SELECT turn_id, conversation_id, seq, next_try_at FROM outbox "
  "WHERE tenant_id = $1 AND channel_id = $2 AND state = 1 "
  "ORDER BY next_try_at LIMIT $3"};
// At start, before anything runs: over all tenants.
constexpr sql::query doubt_turns{
  "UPDATE turn SET state = 7 WHERE (tenant_id, conversation_id, seq) IN "
  "(SELECT tenant_id, conversation_id, seq FROM outbox WHERE state = 2)"};
constexpr sql::query doubt_rows{
  "UPDATE outbox SET state = 7, next_try_at = $1 WHERE state = 2"};
constexpr sql::query doubt_channel_turns{
  "UPDATE turn SET state = 7 WHERE tenant_id = $1 "
  "AND (conversation_id, seq) IN (SELECT conversation_id, seq FROM outbox "
  "WHERE tenant_id = $1 AND channel_id = $2 AND state = 2)"};
constexpr sql::query doubt_channel_rows{
  "UPDATE outbox SET state = 7, next_try_at = $3 "
  "WHERE tenant_id = $1 AND channel_id = $2 AND state = 2"};
constexpr sql::query doubted{
  "SELECT turn_id, conversation_id, seq, next_try_at FROM outbox "
  "WHERE tenant_id = $1 AND channel_id = $2 AND next_try_at > 0 AND state = 7"};
constexpr sql::query count_rows{"SELECT count(*) FROM outbox"};

outbox_row row_of(const sql::rows& found) {
  outbox_row r;
  r.id = turn_id{found.id(0)};
  r.conversation = conversation_id{found.id(1)};
  r.channel = channel_id{found.integer(2)};
  r.seq = found.integer(3);
  r.kind = static_cast<turn_kind>(found.integer(4));
  r.who = static_cast<author>(found.integer(5));
  r.state = static_cast<turn_state>(found.integer(6));
  r.epoch = found.integer(7);
  r.answers_after = found.integer(8);
  r.answers_to = found.integer(9);
  r.attempts = static_cast<std::int32_t>(found.integer(10));
  r.created_at = found.time(11);
  r.next_try_at = found.time(12);
  r.claimed_at = found.time_or_none(13);
  return r;
}

std::vector<waiting_send> waiting_of(sql::rows found) {
  std::vector<waiting_send> all;
  while (found.next())
    all.push_back({turn_id{found.id(0)}, conversation_id{found.id(1)},
                   found.integer(2), found.time(3)});
  return all;
}

} // namespace

void insert_send(work& w, tenant_id tenant, const lookup_hash& conversation,
                 const outbox_row& row) {
  sql::send(w.db, tenant, add, row.id, row.conversation, row.channel,
            std::int64_t{shard_of(conversation)}, row.seq, row.kind, row.who,
            row.state, row.epoch, row.answers_after, row.answers_to,
            std::int64_t{row.attempts}, row.created_at, row.next_try_at,
            row.claimed_at);
}

void drop_send(work& w, tenant_id tenant, turn_id id) {
  sql::send(w.db, tenant, drop, id);
}

std::optional<outbox_row> find_send(sql::connection& db, tenant_id tenant,
                                    turn_id id) {
  auto found = sql::ask(db, tenant, one, id);
  if (!found.next())
    return std::nullopt;
  return row_of(found);
}

std::vector<outbox_row> sends_of(sql::connection& db, tenant_id tenant,
                                 conversation_id conversation) {
  std::vector<outbox_row> all;
  auto found = sql::ask(db, tenant, of_conversation, conversation);
  while (found.next())
    all.push_back(row_of(found));
  return all;
}

void mark_sending(work& w, tenant_id tenant, turn_id id, timestamp now) {
  sql::send(w.db, tenant, to_sending, id, now);
}

void set_send_state(work& w, tenant_id tenant, turn_id id, turn_state state,
                    timestamp next_try_at) {
  sql::send(w.db, tenant, set_state, id, state, next_try_at);
}

void set_send_epoch(work& w, tenant_id tenant, turn_id id, std::int64_t epoch) {
  sql::send(w.db, tenant, new_epoch, id, epoch);
}

std::vector<channel_id> private_replies_in_doubt(sql::connection& db,
                                                 tenant_id tenant,
                                                 channel_kind kind,
                                                 timestamp claimed_after) {
  std::vector<channel_id> all;
  auto found = sql::ask(db, tenant, private_in_doubt, kind, claimed_after);
  while (found.next())
    all.push_back(channel_id{found.integer(0)});
  return all;
}

channel_mode mode_of_channel(sql::connection& db, tenant_id tenant,
                             channel_id channel) {
  auto found = sql::ask(db, tenant, channel_mode_of, channel);
  return found.next() ? static_cast<channel_mode>(found.integer(0))
                      : channel_mode::automatic;
}

void give_try_back(work& w, tenant_id tenant, turn_id id) {
  sql::send(w.db, tenant, one_try_less, id);
}

std::vector<waiting_send> waiting_sends(sql::connection& db, tenant_id tenant,
                                        channel_id channel, std::size_t most) {
  auto all = waiting_of(
    sql::ask(db, tenant, waiting, channel, static_cast<std::int64_t>(most)));
  // The parts of one reply are due at the same moment, and are to leave in
  // their order.
  std::stable_sort(
    all.begin(), all.end(), [](const waiting_send& a, const waiting_send& b) {
      return std::tie(a.next_try_at, a.seq) < std::tie(b.next_try_at, b.seq);
    });
  return all;
}

std::int64_t doubt_all_sending(work& w) {
  sql::run_node(w.db, doubt_turns);
  return sql::run_node(w.db, doubt_rows, w.now + doubt_shown_after);
}

void doubt_sending(work& w, tenant_id tenant, channel_id channel) {
  sql::send(w.db, tenant, doubt_channel_turns, channel);
  sql::send(w.db, tenant, doubt_channel_rows, channel,
            w.now + doubt_shown_after);
}

std::vector<waiting_send> sends_in_doubt(sql::connection& db, tenant_id tenant,
                                         channel_id channel) {
  return waiting_of(sql::ask(db, tenant, doubted, channel));
}

std::int64_t count_outbox(sql::connection& db) {
  auto found = sql::ask_node(db, count_rows);
  return found.next() ? found.integer(0) : 0;
}

} // namespace assistly::storage
