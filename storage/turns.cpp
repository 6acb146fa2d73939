#include "storage/turns.hpp"

#include "model/record.hpp"
#include "storage/sealed.hpp"
#include "storage/sql/run.hpp"

namespace assistly::storage {

namespace {

constexpr sql::query add{
  "INSERT INTO turn(tenant_id, conversation_id, seq, turn_id, author, kind, "
  "state, at, received_at, late, findable, external_hash, failure_code, "
  "sealed) VALUES($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, "
  "$14)"};
constexpr sql::query after{
  "SELECT seq, turn_id, author, kind, state, at, received_at, late, "
  "failure_code, sealed FROM turn "
  "WHERE tenant_id = $1 AND conversation_id = $2 AND seq > $3 ORDER BY seq"};
constexpr sql::query one{
  "SELECT seq, turn_id, author, kind, state, at, received_at, late, "
  "failure_code, sealed FROM turn "
  "WHERE tenant_id = $1 AND conversation_id = $2 AND seq = $3"};
constexpr sql::query by_external{
  "SELECT seq, turn_id, author, kind, state, at, received_at, late, "
  "failure_code, sealed FROM turn "
  "WHERE tenant_id = $1 AND conversation_id = $2 AND external_hash = $3"};
constexpr sql::query set_state{
  "UPDATE turn SET state = $4, failure_code = $5 "
  "WHERE tenant_id = $1 AND conversation_id = $2 AND seq = $3"};
constexpr sql::query set_receipt{
  "UPDATE turn SET state = $4, failure_code = 0, findable = 1, "
  "external_hash = $5, sealed = $6 "
  "WHERE tenant_id = $1 AND conversation_id = $2 AND seq = $3"};
constexpr sql::query set_text{
  "UPDATE turn SET state = $4, sealed = $5 "
  "WHERE tenant_id = $1 AND conversation_id = $2 AND seq = $3"};
// sent (3) and, for read (5), delivered (4) move on; nothing moves back.
constexpr sql::query advance{
  "UPDATE turn SET state = $3 WHERE tenant_id = $1 AND conversation_id = $2 "
  "AND state >= 3 AND state < $3 AND state <= 4 AND at <= $4"};

// Authors 3 and 4: a person, and the phone app.
constexpr sql::query spoken_after{
  "SELECT 1 FROM turn WHERE tenant_id = $1 AND conversation_id = $2 "
  "AND seq > $3 AND author IN (3, 4) LIMIT 1"};

// Authors 2, 3 and 4 write what leaves; states 2 to 5 and 7 have left, or may
// have.
constexpr sql::query left_after{
  "SELECT 1 FROM turn WHERE tenant_id = $1 AND conversation_id = $2 "
  "AND seq > $3 AND kind = $4 AND author IN (2, 3, 4) "
  "AND state IN (2, 3, 4, 5, 7) LIMIT 1"};

std::string to_record(const turn& t) {
  record_writer w;
  w.integer(1).text(t.text).text(t.external_id).text(t.reply_to);
  return std::move(w).take();
}

/// A turn's row within its table: conversation and seq.
std::string row_bytes(conversation_id conversation, std::int64_t seq) {
  std::string row{sql::view(conversation.value)};
  number_row number{seq};
  row.append(reinterpret_cast<const char*>(number.bytes.data()),
             number.bytes.size());
  return row;
}

place place_of(tenant_id tenant, const std::string& row) {
  return {tenant, "turn", std::as_bytes(std::span{row.data(), row.size()})};
}

turn row_of(const sql::rows& found, const crypto::key256& key, tenant_id tenant,
            conversation_id conversation) {
  turn t;
  t.seq = found.integer(0);
  t.id = turn_id{found.id(1)};
  t.who = static_cast<author>(found.integer(2));
  t.kind = static_cast<turn_kind>(found.integer(3));
  t.state = static_cast<turn_state>(found.integer(4));
  t.at = found.time(5);
  t.received_at = found.time(6);
  t.late = found.integer(7) != 0;
  t.failure_code = static_cast<std::int32_t>(found.integer(8));
  auto row = row_bytes(conversation, t.seq);
  auto record = open_column(key, place_of(tenant, row), found.bytes(9));
  record_reader r{record};
  auto version = r.integer();
  t.text = r.text();
  t.external_id = r.text();
  t.reply_to = r.text();
  if (version != 1 || r.broken())
    throw sql::failure{errc::storage_failed, "a turn record is broken"};
  return t;
}

std::string sealed_of(work& w, tenant_id tenant, conversation_id conversation,
                      const turn& t) {
  auto row = row_bytes(conversation, t.seq);
  return seal_column(w.keys.get(name_of(tenant, conversation)),
                     place_of(tenant, row), to_record(t), w.random);
}

} // namespace

void insert_turn(work& w, tenant_id tenant, conversation_id conversation,
                 const turn& t, std::optional<lookup_hash> external,
                 bool findable) {
  auto sealed = sealed_of(w, tenant, conversation, t);
  sql::send(w.db, tenant, add, conversation, t.seq, t.id, t.who, t.kind,
            t.state, t.at, t.received_at, std::int64_t{t.late},
            std::int64_t{findable && external}, external,
            std::int64_t{t.failure_code}, sql::bytes{sealed});
}

std::vector<turn> read_turns(sql::connection& db, key_store& keys,
                             tenant_id tenant, conversation_id conversation,
                             std::int64_t after_seq) {
  std::vector<turn> all;
  auto key = keys.get(name_of(tenant, conversation));
  auto found = sql::ask(db, tenant, after, conversation, after_seq);
  while (found.next())
    all.push_back(row_of(found, key, tenant, conversation));
  return all;
}

std::vector<standing_turn> standing_turns(sql::connection& db, key_store& keys,
                                          tenant_id tenant,
                                          conversation_id conversation,
                                          std::int64_t after_seq) {
  std::vector<standing_turn> all;
  for (auto& t : read_turns(db, keys, tenant, conversation, after_seq))
    if (t.who == author::customer && t.state == turn_state::received)
      all.push_back({t.seq, !t.late && !t.text.empty(),
                     std::move(t.external_id), std::move(t.reply_to)});
  return all;
}

std::optional<turn> read_turn(sql::connection& db, key_store& keys,
                              tenant_id tenant, conversation_id conversation,
                              std::int64_t seq) {
  auto found = sql::ask(db, tenant, one, conversation, seq);
  if (!found.next())
    return std::nullopt;
  return row_of(found, keys.get(name_of(tenant, conversation)), tenant,
                conversation);
}

void set_turn_state(work& w, tenant_id tenant, conversation_id conversation,
                    std::int64_t seq, turn_state state,
                    std::int32_t failure_code) {
  sql::send(w.db, tenant, set_state, conversation, seq, state,
            std::int64_t{failure_code});
}

void set_turn_receipt(work& w, tenant_id tenant, conversation_id conversation,
                      std::int64_t seq, turn_state state,
                      std::string_view external_id,
                      const lookup_hash& external) {
  auto t = read_turn(w.db, w.keys, tenant, conversation, seq);
  if (!t)
    return;
  t->external_id = external_id;
  sql::send(w.db, tenant, set_receipt, conversation, seq, state, external,
            sql::bytes{sealed_of(w, tenant, conversation, *t)});
}

std::optional<turn> find_turn(sql::connection& db, key_store& keys,
                              tenant_id tenant, conversation_id conversation,
                              const lookup_hash& external) {
  auto found = sql::ask(db, tenant, by_external, conversation, external);
  if (!found.next())
    return std::nullopt;
  return row_of(found, keys.get(name_of(tenant, conversation)), tenant,
                conversation);
}

bool person_spoke_after(sql::connection& db, tenant_id tenant,
                        conversation_id conversation, std::int64_t seq) {
  return sql::ask(db, tenant, spoken_after, conversation, seq).next();
}

bool later_line_left(sql::connection& db, tenant_id tenant,
                     conversation_id conversation, std::int64_t seq,
                     turn_kind kind) {
  return sql::ask(db, tenant, left_after, conversation, seq, kind).next();
}

void replace_text(work& w, tenant_id tenant, conversation_id conversation,
                  turn t, turn_state state, std::string text) {
  t.text = std::move(text);
  sql::send(w.db, tenant, set_text, conversation, t.seq, state,
            sql::bytes{sealed_of(w, tenant, conversation, t)});
}

void advance_until(work& w, tenant_id tenant, conversation_id conversation,
                   turn_state state, timestamp until) {
  sql::send(w.db, tenant, advance, conversation, state, until);
}

} // namespace assistly::storage
