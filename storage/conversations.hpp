/// Conversations, their turns and what must still be sent, as rows.
#pragma once

#include "model/take_in.hpp"
#include "storage/writer.hpp"

#include <optional>
#include <utility>
#include <vector>

namespace assistly::storage {

std::optional<conversation> find_conversation(sql::connection& db,
                                              key_store& keys, tenant_id tenant,
                                              const lookup_hash& hash);
std::optional<conversation> find_conversation(sql::connection& db,
                                              key_store& keys, tenant_id tenant,
                                              conversation_id id);
/// The person's conversation on a channel, if there is one.
std::optional<lookup_hash> conversation_of(sql::connection& db,
                                           tenant_id tenant, person_id person,
                                           channel_id channel);
/// The case of the person's newest conversation.
std::optional<uuid> case_of(sql::connection& db, tenant_id tenant,
                            person_id person);

void insert_conversation(work& w, const conversation& c);

/// Writes what changed between the two; the sealed part only if it did.
void update_conversation(work& w, const conversation& before,
                         const conversation& after);

/// The id of the conversation that holds the turn with Meta's id.
std::optional<conversation_id>
conversation_of_turn(sql::connection& db, tenant_id tenant,
                     const lookup_hash& external);

struct owed_reply {
  tenant_id tenant;
  lookup_hash conversation;
  timestamp due{};
  std::int32_t attempts = 0;
};

/// Conversations an answer is owed in, over all tenants; what a start looks
/// for.
std::vector<owed_reply> owed_replies(sql::connection& db);

/// A try that a start is about to make, for the process may die of it.
void count_reply_try(work& w, tenant_id tenant, const lookup_hash& hash);
/// It was made without harm, and only waits.
void forget_reply_tries(work& w, tenant_id tenant, conversation_id id);

/// A place in the list of conversations, the latest activity first.
struct listed_conversation {
  timestamp last_activity{};
  conversation_id id;
};

/// The next ones after `after` (from the top without one) whose end has not
/// come. Reads all of the tenant's: for people, not for the hot path.
std::vector<listed_conversation>
latest_conversations(sql::connection& db, tenant_id tenant,
                     const std::optional<listed_conversation>& after,
                     timestamp now, std::size_t most);

/// A sweep for operators and exports: ids in order, after `after`.
std::vector<conversation_id> conversation_ids(sql::connection& db,
                                              tenant_id tenant,
                                              conversation_id after,
                                              std::size_t most);

} // namespace assistly::storage
