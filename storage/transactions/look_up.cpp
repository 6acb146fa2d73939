#include "storage/transactions/look_up.hpp"

#include "model/identity.hpp"
#include "model/outbox_rules.hpp"
#include "model/retention.hpp"
#include "storage/conversations.hpp"
#include "storage/journal.hpp"
#include "storage/lookup.hpp"
#include "storage/outbox.hpp"
#include "storage/transactions/reply.hpp"
#include "storage/turns.hpp"

namespace assistly::storage {

namespace {

bool in_doubt(const outbox_row& row) noexcept {
  return row.state == turn_state::unknown && row.next_try_at != timestamp{};
}

/// Ours already, as another send, or a line that came as an echo.
bool is_known(work& w, tenant_id tenant, channel_kind arrives,
              const std::string& account_id, conversation_id conversation,
              const shown_message& m) {
  if (is_own_send(w, tenant, account_id, m.external_id))
    return true;
  auto hash = hash_of(w.keys.get({tenant, key_kind::lookup, {}}),
                      external_key(arrives, account_id, m.external_id));
  return find_turn(w.db, w.keys, tenant, conversation, hash).has_value();
}

} // namespace

opened_doubt open_doubt(session& s, tenant_id tenant, turn_id id) {
  opened_doubt out;
  auto row = find_send(*s.db, tenant, id);
  if (!row)
    return out;
  out.conversation = row->conversation;
  out.queued = row->state == turn_state::queued;
  if (!in_doubt(*row))
    return out;
  auto c = find_conversation(*s.db, s.keys, tenant, row->conversation);
  if (!c)
    return out;
  out.kind = row->kind;
  out.to = std::move(c->to);
  return out;
}

settled_look_up settle_look_up(work& w, tenant_id tenant, channel_kind kind,
                               const std::string& account_id, turn_id id,
                               shown_page page) {
  auto row = find_send(w.db, tenant, id);
  if (!row || row->state != turn_state::unknown)
    return {};
  auto c = find_conversation(w.db, w.keys, tenant, row->conversation);
  auto t = c ? read_turn(w.db, w.keys, tenant, row->conversation, row->seq)
             : std::nullopt;
  if (!t || is_expired(*c, w.now))
    return {};
  auto arrives =
    row->kind == turn_kind::private_reply ? message_channel_of(kind) : kind;
  for (auto& m : page.messages)
    m.known = is_known(w, tenant, arrives, account_id, row->conversation, m);
  auto found = judge_look_up(*row, t->text, page);
  switch (found.verdict) {
  case look_up_verdict::found: {
    send_report report;
    report.what = send_class::sent;
    report.external_id = found.external_id;
    settle(w, tenant, kind, account_id, id, report, std::nullopt);
    return {doubt_end::sent, row->conversation};
  }
  case look_up_verdict::absent:
    if (!may_repeat(*row, later_line_left(w.db, tenant, row->conversation,
                                          row->seq, row->kind)))
      return {};
    set_send_state(w, tenant, id, turn_state::queued, w.now);
    set_turn_state(w, tenant, row->conversation, row->seq, turn_state::queued,
                   0);
    return {doubt_end::queued, row->conversation};
  case look_up_verdict::unclear:
    break;
  }
  return {};
}

} // namespace assistly::storage
