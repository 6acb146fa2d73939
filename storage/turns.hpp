/// Turns, as rows.
#pragma once

#include "model/take_in.hpp"
#include "storage/writer.hpp"

#include <optional>
#include <vector>

namespace assistly::storage {

/// Where a turn's external id can be looked up from afar: outgoing turns (their
/// statuses come back by it) and comments (replies name their parent).
void insert_turn(work& w, tenant_id tenant, conversation_id conversation,
                 const turn& t, std::optional<lookup_hash> external,
                 bool findable);

/// Turns of a conversation in the order of acceptance, after `after_seq`.
std::vector<turn> read_turns(sql::connection& db, key_store& keys,
                             tenant_id tenant, conversation_id conversation,
                             std::int64_t after_seq = 0);

/// The customer's turns after `after_seq` that were not taken back.
std::vector<standing_turn> standing_turns(sql::connection& db, key_store& keys,
                                          tenant_id tenant,
                                          conversation_id conversation,
                                          std::int64_t after_seq);

std::optional<turn> read_turn(sql::connection& db, key_store& keys,
                              tenant_id tenant, conversation_id conversation,
                              std::int64_t seq);

void set_turn_state(work& w, tenant_id tenant, conversation_id conversation,
                    std::int64_t seq, turn_state state,
                    std::int32_t failure_code);

/// The receipt: Meta's id joins the turn.
void set_turn_receipt(work& w, tenant_id tenant, conversation_id conversation,
                      std::int64_t seq, turn_state state,
                      std::string_view external_id,
                      const lookup_hash& external);

/// A turn of this conversation by Meta's id.
std::optional<turn> find_turn(sql::connection& db, key_store& keys,
                              tenant_id tenant, conversation_id conversation,
                              const lookup_hash& external);

/// Did a person of the business say something after `seq`?
bool person_spoke_after(sql::connection& db, tenant_id tenant,
                        conversation_id conversation, std::int64_t seq);

/// Has anything of that kind left, or perhaps, that the business said after
/// `seq`?
bool later_line_left(sql::connection& db, tenant_id tenant,
                     conversation_id conversation, std::int64_t seq,
                     turn_kind kind);

/// New words, or none with `withdrawn`.
void replace_text(work& w, tenant_id tenant, conversation_id conversation,
                  turn t, turn_state state, std::string text);

/// Everything we sent up to `until` got at least this far.
void advance_until(work& w, tenant_id tenant, conversation_id conversation,
                   turn_state state, timestamp until);

} // namespace assistly::storage
