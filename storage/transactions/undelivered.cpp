#include "storage/transactions/undelivered.hpp"

#include "storage/conversations.hpp"
#include "storage/outbox.hpp"
#include "storage/tenants.hpp"
#include "storage/turns.hpp"

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

} // namespace assistly::storage
