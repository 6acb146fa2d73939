/// What must still be sent, until its receipt.
#pragma once

#include "model/take_in.hpp"
#include "storage/writer.hpp"

#include <optional>
#include <vector>

namespace assistly::storage {

void insert_send(work& w, tenant_id tenant, const lookup_hash& conversation,
                 const outbox_row& row);
void drop_send(work& w, tenant_id tenant, turn_id id);

std::optional<outbox_row> find_send(sql::connection& db, tenant_id tenant,
                                    turn_id id);
std::vector<outbox_row> sends_of(sql::connection& db, tenant_id tenant,
                                 conversation_id conversation);

/// queued -> sending, attempts + 1.
void mark_sending(work& w, tenant_id tenant, turn_id id, timestamp now);
/// Back to the queue, or into doubt.
void set_send_state(work& w, tenant_id tenant, turn_id id, turn_state state,
                    timestamp next_try_at);

/// It goes on under a newer epoch.
void set_send_epoch(work& w, tenant_id tenant, turn_id id, std::int64_t epoch);

/// Channels of this kind with a private reply in doubt that was claimed after
/// `claimed_after`.
std::vector<channel_id> private_replies_in_doubt(sql::connection& db,
                                                 tenant_id tenant,
                                                 channel_kind kind,
                                                 timestamp claimed_after);

/// What the AI may do on a channel now.
channel_mode mode_of_channel(sql::connection& db, tenant_id tenant,
                             channel_id channel);

/// A try that was not the message's fault does not count.
void give_try_back(work& w, tenant_id tenant, turn_id id);

/// A row and what it waits for: its next try, or that people are told of it.
struct waiting_send {
  turn_id id;
  conversation_id conversation;
  std::int64_t seq = 0; ///< of the turn
  timestamp next_try_at{};
};

/// A channel's queue, soonest first; what an adapter loads when it starts or
/// has run dry.
std::vector<waiting_send> waiting_sends(sql::connection& db, tenant_id tenant,
                                        channel_id channel, std::size_t most);

/// Start is recovery: what was `sending` when the last process ended is in
/// doubt now. Over all tenants; returns how many.
std::int64_t doubt_all_sending(work& w);

/// The same for one channel, whose adapter died with calls under way.
void doubt_sending(work& w, tenant_id tenant, channel_id channel);

/// What is in doubt on a channel and was not shown to people yet.
std::vector<waiting_send> sends_in_doubt(sql::connection& db, tenant_id tenant,
                                         channel_id channel);

/// Rows without a receipt, over all tenants: a figure for operators.
std::int64_t count_outbox(sql::connection& db);

} // namespace assistly::storage
