#include "storage/conversations.hpp"

#include "model/record.hpp"
#include "storage/sealed.hpp"
#include "storage/sql/run.hpp"

namespace assistly::storage {

namespace {

#define ASSISTLY_CONVERSATION_COLUMNS                                          \
  "conversation_id, channel_id, kind, lookup_hash, person_id, case_id, "       \
  "owner, "                                                                    \
  "epoch, ai_returns_at, seq, customer_seq, answered_seq, answered_at, "       \
  "unanswered_since, reply_due_at, reply_attempts, created_at, "               \
  "last_activity, customer_acted_at, erase_at, hold, private_reply_used, "     \
  "sealed"

constexpr sql::query by_hash{
  "SELECT " ASSISTLY_CONVERSATION_COLUMNS
  " FROM conversation WHERE tenant_id = $1 AND lookup_hash = $2"};
constexpr sql::query by_id{
  "SELECT " ASSISTLY_CONVERSATION_COLUMNS
  " FROM conversation WHERE tenant_id = $1 AND conversation_id = $2"};
constexpr sql::query by_person{
  "SELECT lookup_hash FROM conversation "
  "WHERE tenant_id = $1 AND person_id = $2 AND channel_id = $3"};
constexpr sql::query newest_case{
  "SELECT case_id FROM conversation WHERE tenant_id = $1 AND person_id = $2 "
  "ORDER BY created_at DESC LIMIT 1"};
constexpr sql::query add{
  "INSERT INTO conversation(tenant_id, conversation_id, channel_id, kind, "
  "lookup_hash, shard, person_id, case_id, key_generation, owner, epoch, "
  "ai_returns_at, seq, customer_seq, answered_seq, answered_at, "
  "unanswered_since, reply_due_at, reply_attempts, created_at, last_activity, "
  "customer_acted_at, erase_at, timer_at, hold, private_reply_used, sealed) "
  "VALUES($1, $2, $3, $4, $5, $6, $7, $8, 1, $9, $10, $11, $12, $13, $14, $15, "
  "$16, $17, $18, $19, $20, $21, $22, $22, $23, $24, $25)"};
// `timer_at` is the indexed moment to look again, and never later than the end:
// activity moves only `erase_at`, so the index is not touched with each
// message.
constexpr sql::query change{
  "UPDATE conversation SET owner = $3, epoch = $4, "
  "ai_returns_at = $5, seq = $6, customer_seq = $7, answered_seq = $8, "
  "answered_at = $9, unanswered_since = $10, reply_due_at = $11, "
  "reply_attempts = $12, last_activity = $13, customer_acted_at = $14, "
  "erase_at = $15, private_reply_used = $16 "
  "WHERE tenant_id = $1 AND conversation_id = $2"};
// Apart, for SQLite writes an index anew whose columns are set, also to what
// they were.
constexpr sql::query change_person{
  "UPDATE conversation SET person_id = $3 "
  "WHERE tenant_id = $1 AND conversation_id = $2"};
constexpr sql::query pull_timer{
  "UPDATE conversation SET timer_at = $3 "
  "WHERE tenant_id = $1 AND conversation_id = $2 AND timer_at > $3"};
constexpr sql::query change_sealed{
  "UPDATE conversation SET sealed = $3 "
  "WHERE tenant_id = $1 AND conversation_id = $2"};
constexpr sql::query by_turn{
  "SELECT conversation_id FROM turn "
  "WHERE tenant_id = $1 AND external_hash = $2 AND findable = 1"};
constexpr sql::query latest{
  "SELECT last_activity, conversation_id FROM conversation "
  "WHERE tenant_id = $1 AND (last_activity, conversation_id) < ($2, $3) "
  "AND (hold = 1 OR erase_at > $4) "
  "ORDER BY last_activity DESC, conversation_id DESC LIMIT $5"};
constexpr sql::query ids_after{"SELECT conversation_id FROM conversation "
                               "WHERE tenant_id = $1 AND conversation_id > $2 "
                               "ORDER BY conversation_id LIMIT $3"};

// At start, over all tenants, by the partial index of what is owed.
constexpr sql::query owed{
  "SELECT tenant_id, lookup_hash, reply_due_at, reply_attempts FROM "
  "conversation "
  "WHERE reply_due_at IS NOT NULL ORDER BY reply_due_at"};
constexpr sql::query one_try_more{
  "UPDATE conversation SET reply_attempts = reply_attempts + 1 "
  "WHERE tenant_id = $1 AND lookup_hash = $2 AND reply_due_at IS NOT NULL"};
constexpr sql::query no_tries{"UPDATE conversation SET reply_attempts = 0 "
                              "WHERE tenant_id = $1 AND conversation_id = $2"};

std::string to_record(const correspondent& to) {
  record_writer w;
  w.integer(1).integer(static_cast<std::int64_t>(to.aliases.size()));
  for (const auto& who : to.aliases)
    w.integer(static_cast<int>(who.space)).text(who.external_id);
  w.text(to.thread_id).text(to.comment_id).text(to.comment_parent_id);
  return std::move(w).take();
}

correspondent correspondent_from(std::string_view record) {
  record_reader r{record};
  correspondent to;
  auto version = r.integer();
  auto count = r.integer();
  for (std::int64_t i = 0; i < count && !r.broken(); ++i) {
    auto space = static_cast<alias_space>(r.integer());
    to.aliases.push_back({space, std::string{r.text()}});
  }
  to.thread_id = r.text();
  to.comment_id = r.text();
  to.comment_parent_id = r.text();
  if (r.broken() || version != 1)
    throw sql::failure{errc::storage_failed, "a conversation record is broken"};
  return to;
}

std::string sealed_of(work& w, const conversation& c) {
  auto key = w.keys.get_or_make(name_of(c.tenant, c.id), w.now);
  return seal_column(key, {c.tenant, "conversation", c.id.value.span()},
                     to_record(c.to), w.random);
}

std::optional<conversation> row_of(sql::rows found, key_store& keys,
                                   tenant_id tenant) {
  if (!found.next())
    return std::nullopt;
  conversation c;
  c.tenant = tenant;
  c.id = conversation_id{found.id(0)};
  c.channel = channel_id{found.integer(1)};
  c.kind = static_cast<channel_kind>(found.integer(2));
  c.hash = found.hash(3);
  c.person = person_id{found.id(4)};
  c.case_id = found.id(5);
  c.owner = static_cast<speaker>(found.integer(6));
  c.epoch = found.integer(7);
  c.ai_returns_at = found.time_or_none(8);
  c.seq = found.integer(9);
  c.customer_seq = found.integer(10);
  c.answered_seq = found.integer(11);
  c.answered_at = found.time(12);
  c.unanswered_since = found.time_or_none(13);
  c.reply_due_at = found.time_or_none(14);
  c.reply_attempts = static_cast<std::int32_t>(found.integer(15));
  c.created_at = found.time(16);
  c.last_activity = found.time(17);
  c.customer_acted_at = found.time_or_none(18);
  c.erase_at = found.time(19);
  c.hold = found.integer(20) != 0;
  c.private_reply_used = found.integer(21) != 0;
  c.to = correspondent_from(
    open_column(keys.get(name_of(tenant, c.id)),
                {tenant, "conversation", c.id.value.span()}, found.bytes(22)));
  return c;
}

} // namespace

std::optional<conversation> find_conversation(sql::connection& db,
                                              key_store& keys, tenant_id tenant,
                                              const lookup_hash& hash) {
  return row_of(sql::ask(db, tenant, by_hash, hash), keys, tenant);
}

std::optional<conversation> find_conversation(sql::connection& db,
                                              key_store& keys, tenant_id tenant,
                                              conversation_id id) {
  return row_of(sql::ask(db, tenant, by_id, id), keys, tenant);
}

std::optional<lookup_hash> conversation_of(sql::connection& db,
                                           tenant_id tenant, person_id person,
                                           channel_id channel) {
  auto found = sql::ask(db, tenant, by_person, person, channel);
  if (!found.next())
    return std::nullopt;
  return found.hash(0);
}

std::optional<uuid> case_of(sql::connection& db, tenant_id tenant,
                            person_id person) {
  auto found = sql::ask(db, tenant, newest_case, person);
  if (!found.next())
    return std::nullopt;
  return found.id(0);
}

void insert_conversation(work& w, const conversation& c) {
  auto sealed = sealed_of(w, c);
  sql::send(w.db, c.tenant, add, c.id, c.channel, c.kind, c.hash,
            std::int64_t{shard_of(c.hash)}, c.person, c.case_id, c.owner,
            c.epoch, c.ai_returns_at, c.seq, c.customer_seq, c.answered_seq,
            c.answered_at, c.unanswered_since, c.reply_due_at,
            std::int64_t{c.reply_attempts}, c.created_at, c.last_activity,
            c.customer_acted_at, c.erase_at, std::int64_t{c.hold},
            std::int64_t{c.private_reply_used}, sql::bytes{sealed});
}

void update_conversation(work& w, const conversation& before,
                         const conversation& after) {
  const auto& c = after;
  sql::send(w.db, c.tenant, change, c.id, c.owner, c.epoch, c.ai_returns_at,
            c.seq, c.customer_seq, c.answered_seq, c.answered_at,
            c.unanswered_since, c.reply_due_at, std::int64_t{c.reply_attempts},
            c.last_activity, c.customer_acted_at, c.erase_at,
            std::int64_t{c.private_reply_used});
  if (!(after.person == before.person))
    sql::send(w.db, c.tenant, change_person, c.id, c.person);
  if (after.erase_at < before.erase_at)
    sql::send(w.db, c.tenant, pull_timer, c.id, c.erase_at);
  if (!(after.to == before.to))
    sql::send(w.db, c.tenant, change_sealed, c.id, sql::bytes{sealed_of(w, c)});
}

std::optional<conversation_id>
conversation_of_turn(sql::connection& db, tenant_id tenant,
                     const lookup_hash& external) {
  auto found = sql::ask(db, tenant, by_turn, external);
  if (!found.next())
    return std::nullopt;
  return conversation_id{found.id(0)};
}

std::vector<owed_reply> owed_replies(sql::connection& db) {
  std::vector<owed_reply> all;
  auto found = sql::ask_node(db, owed);
  while (found.next())
    all.push_back({tenant_id{found.integer(0)}, found.hash(1), found.time(2),
                   static_cast<std::int32_t>(found.integer(3))});
  return all;
}

void count_reply_try(work& w, tenant_id tenant, const lookup_hash& hash) {
  sql::run(w.db, tenant, one_try_more, hash);
}

void forget_reply_tries(work& w, tenant_id tenant, conversation_id id) {
  sql::run(w.db, tenant, no_tries, id);
}

std::vector<listed_conversation>
latest_conversations(sql::connection& db, tenant_id tenant,
                     const std::optional<listed_conversation>& after,
                     timestamp now, std::size_t most) {
  std::vector<listed_conversation> all;
  auto from = after.value_or(listed_conversation{timestamp::max(), {}});
  auto found = sql::ask(db, tenant, latest, from.last_activity, from.id, now,
                        static_cast<std::int64_t>(most));
  while (found.next())
    all.push_back({found.time(0), conversation_id{found.id(1)}});
  return all;
}

std::vector<conversation_id> conversation_ids(sql::connection& db,
                                              tenant_id tenant,
                                              conversation_id after,
                                              std::size_t most) {
  std::vector<conversation_id> ids;
  auto found =
    sql::ask(db, tenant, ids_after, after, static_cast<std::int64_t>(most));
  while (found.next())
    ids.push_back(conversation_id{found.id(0)});
  return ids;
}

} // namespace assistly::storage
