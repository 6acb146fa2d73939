#include "storage/transactions/undelivered.hpp"

#include "model/retention.hpp"
#include "storage/conversations.hpp"
#include "storage/outbox.hpp"
#include "storage/tenants.hpp"
#include "storage/turns.hpp"

#include <algorithm>

namespace assistly::storage {

conversation_policy policy_of(work& w, tenant_id tenant, channel_id channel) {
  conversation_policy p;
  p.mode = mode_of_channel(w.db, tenant, channel);
  if (auto t = read_tenant(w.db, w.keys, tenant))
    return assistly::policy_of(t->settings, p.mode, p.quiet);
  return p;
}

bool hand_over_undelivered(work& w, const conversation& before, author who,
                           loss why, std::int32_t code) {
  if (who != author::ai)
    return false;
  auto r =
    undelivered(before, who, why, code,
                policy_of(w, before.tenant, before.channel), w.now, w.random);
  if (!r.note)
    return false;
  update_conversation(w, before, r.after);
  insert_turn(w, before.tenant, before.id, *r.note, std::nullopt, false);
  return true;
}

std::size_t cancel_rest(work& w, tenant_id tenant, const outbox_row& lost) {
  std::size_t parts = 0;
  for (const auto& other : sends_of(w.db, tenant, lost.conversation))
    if (is_rest_of(lost, other)) {
      drop_send(w, tenant, other.id);
      set_turn_state(w, tenant, other.conversation, other.seq,
                     turn_state::cancelled, 0);
      ++parts;
    }
  return parts;
}

bool hold_back_rest(work& w, tenant_id tenant, const outbox_row& lost) {
  auto parts = cancel_rest(w, tenant, lost);
  if (parts == 0)
    return false;
  auto before = find_conversation(w.db, w.keys, tenant, lost.conversation);
  if (!before)
    return false;
  auto after = *before;
  auto note = rest_not_sent(after, lost, parts, w.now, w.random);
  update_conversation(w, *before, after);
  insert_turn(w, tenant, before->id, note, std::nullopt, false);
  return true;
}

told_doubt show_doubt(work& w, tenant_id tenant, turn_id id) {
  auto row = find_send(w.db, tenant, id);
  if (row && row->state == turn_state::queued)
    return {std::nullopt, std::nullopt, row->conversation};
  if (row && row->state == turn_state::sending)
    return {std::nullopt, w.now + doubt_shown_after, std::nullopt};
  if (!row || row->state != turn_state::unknown
      || row->next_try_at == timestamp{})
    return {};
  if (row->next_try_at > w.now) {
    // No doubt has longer than this: a later time was written before the clock
    // was set back.
    auto due = std::min<timestamp>(row->next_try_at, w.now + doubt_shown_after);
    if (due < row->next_try_at)
      set_send_state(w, tenant, id, turn_state::unknown, due);
    return {std::nullopt, due, std::nullopt};
  }
  std::optional<conversation> before;
  try {
    before = find_conversation(w.db, w.keys, tenant, row->conversation);
  } catch (const sql::failure& why) {
    // It is being erased: there is nothing to show any more.
    if (why.code() != errc::key_destroyed)
      throw;
  }
  set_send_state(w, tenant, id, turn_state::unknown, {});
  if (!before || is_expired(*before, w.now))
    return {};
  auto r = in_doubt(*before, *row, policy_of(w, tenant, before->channel), w.now,
                    w.random);
  update_conversation(w, *before, r.after);
  insert_turn(w, tenant, before->id, *r.note, std::nullopt, false);
  return {before->hash, std::nullopt, std::nullopt};
}

} // namespace assistly::storage
