#include "storage/transactions/undelivered.hpp"

#include "storage/conversations.hpp"
#include "storage/outbox.hpp"
#include "storage/tenants.hpp"
#include "storage/turns.hpp"

namespace assistly::storage {

conversation_policy policy_of(work& w, tenant_id tenant, channel_id channel) {
  conversation_policy p;
  p.mode = mode_of_channel(w.db, tenant, channel);
  if (auto t = read_tenant(w.db, w.keys, tenant)) {
    p.return_after = t->settings.return_after;
    p.retention = t->settings.retention;
    p.quiet = t->settings.quiet.value_or(p.quiet);
  }
  return p;
}

bool hand_over_undelivered(work& w, const conversation& before,
                           const outbox_row& row, loss why, std::int32_t code) {
  if (row.who != author::ai)
    return false;
  auto r =
    undelivered(before, row, why, code,
                policy_of(w, before.tenant, before.channel), w.now, w.random);
  if (!r.note)
    return false;
  update_conversation(w, before, r.after);
  insert_turn(w, before.tenant, before.id, *r.note, std::nullopt, false);
  return true;
}

} // namespace assistly::storage
