#include "storage/transactions/reply.hpp"

#include "model/dedupe.hpp"
#include "model/identity.hpp"
#include "model/owed.hpp"
#include "model/retention.hpp"
#include "model/take_in.hpp"
#include "storage/conversations.hpp"
#include "storage/journal.hpp"
#include "storage/lookup.hpp"
#include "storage/outbox.hpp"
#include "storage/people.hpp"
#include "storage/sql/run.hpp"
#include "storage/transactions/undelivered.hpp"
#include "storage/turns.hpp"

namespace assistly::storage {

namespace {

constexpr sql::query raise_attempts{
  "UPDATE conversation SET reply_attempts = reply_attempts + 1 "
  "WHERE tenant_id = $1 AND conversation_id = $2 RETURNING reply_attempts"};

/// Sends of the AI that nobody has claimed yet are void once a person speaks.
void cancel_queued(work& w, tenant_id tenant, conversation& c) {
  for (const auto& row : sends_of(w.db, tenant, c.id))
    if (row.state == turn_state::queued && row.who == author::ai) {
      drop_send(w, tenant, row.id);
      set_turn_state(w, tenant, c.id, row.seq, turn_state::cancelled, 0);
      forget_send(c, row);
    }
}

/// How soon a line looks again whether the one before it has left.
constexpr milliseconds line_looks_again = seconds{1};

/// A person's lines arrive in the order in which they were written, also when
/// one of them was refused for now.
std::optional<timestamp> earlier_line_due(work& w, tenant_id tenant,
                                          const outbox_row& row) {
  std::optional<timestamp> due;
  for (const auto& other : sends_of(w.db, tenant, row.conversation))
    if (other.who == row.who && other.seq < row.seq
        && other.state == turn_state::queued)
      due =
        std::max({due.value_or(w.now + line_looks_again), other.next_try_at});
  return due;
}

claim_facts facts_for(work& w, tenant_id tenant, const outbox_row& row) {
  claim_facts since;
  if (row.who != author::ai) {
    since.earlier_line_due = earlier_line_due(w, tenant, row);
    return since;
  }
  since.mode = mode_of_channel(w.db, tenant, row.channel);
  // What never left the queue was cancelled when the person spoke.
  if (row.claimed_at)
    since.person_spoke =
      person_spoke_after(w.db, tenant, row.conversation, row.seq);
  return since;
}

/// Does anything else stand of what the row answers?
bool others_stand(work& w, tenant_id tenant, const outbox_row& row) {
  for (const auto& t : standing_turns(w.db, w.keys, tenant, row.conversation,
                                      row.answers_after))
    if (t.wants_answer && t.seq <= row.answers_to)
      return true;
  return false;
}

/// Returns true if more is owed an answer now than before.
bool cancel(work& w, const conversation& before, const outbox_row& row,
            const claim_facts& since) {
  if (row.who != author::ai)
    return false;
  bool asked = row.epoch == question_gone && !since.person_spoke
               && others_stand(w, before.tenant, row);
  auto after = before;
  cancel_at_claim(after, row, asked,
                  asked ? policy_of(w, before.tenant, before.channel)
                        : conversation_policy{},
                  w.now);
  update_conversation(w, before, after);
  // Only drafts are overtaken by that, not what left already.
  if (after.epoch != before.epoch)
    for (const auto& other : sends_of(w.db, before.tenant, before.id))
      if (other.who == author::ai && other.epoch == before.epoch)
        set_send_epoch(w, before.tenant, other.id, after.epoch);
  return after.reply_due_at != before.reply_due_at
         || after.answered_seq != before.answered_seq;
}

void write(work& w, const conversation& before, decide_result& r,
           bool claim_now) {
  for (auto& t : r.turns) {
    if (claim_now && t.outgoing())
      t.state = turn_state::sending;
    insert_turn(w, before.tenant, before.id, t, std::nullopt, false);
  }
  for (auto& row : r.sends) {
    if (claim_now) {
      row.state = turn_state::sending;
      row.attempts = 1;
      row.claimed_at = w.now;
    }
    insert_send(w, before.tenant, before.hash, row);
  }
  update_conversation(w, before, r.after);
}

decided told(decide_result r) {
  decided d;
  d.found = true;
  d.stale = r.stale;
  d.unsendable = r.unsendable;
  d.sends = std::move(r.sends);
  d.turns = std::move(r.turns);
  d.now = std::move(r.after);
  return d;
}

} // namespace

decided decide(work& w, tenant_id tenant, conversation_id id, const draft& made,
               const conversation_policy& policy, bool claim_now) {
  auto before = find_conversation(w.db, w.keys, tenant, id);
  if (!before)
    return {};
  auto r = assistly::decide(*before, made, policy, w.now, w.random);
  if (!r.stale)
    write(w, *before, r, claim_now);
  return told(std::move(r));
}

std::int32_t count_failed_reply(work& w, tenant_id tenant, conversation_id id) {
  auto found = sql::ask(w.db, tenant, raise_attempts, id);
  std::int32_t attempts = 0;
  while (found.next())
    attempts = static_cast<std::int32_t>(found.integer(0));
  return attempts;
}

outcome<decided> act_as_member(work& w, tenant_id tenant, conversation_id id,
                               member_act act, std::string_view text,
                               const conversation_policy& policy) {
  auto before = find_conversation(w.db, w.keys, tenant, id);
  if (!before || is_expired(*before, w.now))
    return fault{errc::not_found, "there is no conversation of that id"};
  decide_result r;
  r.after = *before;
  switch (act) {
  case member_act::take_over:
    take_over(r.after, policy, w.now);
    break;
  case member_act::hand_back:
    hand_back(r.after);
    break;
  case member_act::reply: {
    auto said = reply_as_human(*before, text, policy, w.now, w.random);
    if (!said)
      return said.error();
    r = std::move(*said);
    break;
  }
  }
  if (act != member_act::hand_back)
    cancel_queued(w, tenant, r.after);
  write(w, *before, r, false);
  return told(std::move(r));
}

claimed_send claim(work& w, tenant_id tenant, turn_id id) {
  claimed_send out;
  auto row = find_send(w.db, tenant, id);
  if (!row)
    return out;
  auto c = find_conversation(w.db, w.keys, tenant, row->conversation);
  if (!c)
    return out;
  out.found = true;
  out.row = *row;
  out.hash = c->hash;
  auto since = facts_for(w, tenant, *row);
  out.verdict = assistly::claim(*c, *row, since, w.now);
  auto t = read_turn(w.db, w.keys, tenant, row->conversation, row->seq);
  // Without its words there is nothing to send.
  if (!t)
    out.verdict = claim_verdict::overtaken;
  auto end = [&](turn_state state) {
    drop_send(w, tenant, id);
    set_turn_state(w, tenant, row->conversation, row->seq, state, 0);
  };
  switch (out.verdict) {
  case claim_verdict::not_yet:
    out.row.next_try_at =
      std::max(row->next_try_at, since.earlier_line_due.value_or(w.now));
    return out;
  case claim_verdict::overtaken:
    // Claimed already by somebody: not ours to cancel.
    if (row->state == turn_state::queued) {
      end(turn_state::cancelled);
      out.changed = cancel(w, *c, *row, since);
    }
    return out;
  case claim_verdict::window_closed:
    end(turn_state::failed);
    out.changed =
      hand_over_undelivered(w, *c, row->who, loss::window_closed, 0);
    return out;
  case claim_verdict::proceed:
    break;
  }
  mark_sending(w, tenant, id, w.now);
  set_turn_state(w, tenant, row->conversation, row->seq, turn_state::sending,
                 0);
  out.row.attempts += 1;
  out.to = c->to;
  out.text = std::move(t->text);
  return out;
}

void put_back(work& w, tenant_id tenant, turn_id id) {
  auto row = find_send(w.db, tenant, id);
  if (!row || row->state != turn_state::sending)
    return;
  set_send_state(w, tenant, id, turn_state::queued, w.now);
  give_try_back(w, tenant, id);
  set_turn_state(w, tenant, row->conversation, row->seq, turn_state::queued, 0);
}

settled settle(work& w, tenant_id tenant, channel_kind kind,
               const std::string& account_id, turn_id id,
               const send_report& report,
               const std::optional<alias>& private_recipient) {
  settled out;
  // Whatever became of the conversation meanwhile: the id is ours, and its echo
  // must not count as a human's.
  if (report.what == send_class::sent && !report.external_id.empty())
    file_own_send(w, tenant, account_id, report.external_id);
  auto row = find_send(w.db, tenant, id);
  if (!row)
    return out;
  auto c = find_conversation(w.db, w.keys, tenant, row->conversation);
  if (!c)
    return out;
  out.conversation = row->conversation;
  out.hash = c->hash;
  out.how = assistly::settle(*row, report, w.now);
  switch (out.how.state) {
  case turn_state::sent: {
    drop_send(w, tenant, id);
    // A private reply arrives in direct messages, and is told of there.
    auto arrives =
      row->kind == turn_kind::private_reply ? message_channel_of(kind) : kind;
    auto hash = hash_of(w.keys.get({tenant, key_kind::lookup, {}}),
                        external_key(arrives, account_id, report.external_id));
    set_turn_receipt(w, tenant, row->conversation, row->seq, turn_state::sent,
                     report.external_id, hash);
    if (private_recipient)
      add_aliases(w, tenant, c->person, {*private_recipient}, account_id);
    break;
  }
  case turn_state::queued:
  case turn_state::unknown:
    set_send_state(w, tenant, id, out.how.state, out.how.next_try_at);
    if (!out.how.counts)
      give_try_back(w, tenant, id);
    set_turn_state(w, tenant, row->conversation, row->seq, out.how.state,
                   out.how.failure_code);
    break;
  default:
    drop_send(w, tenant, id);
    set_turn_state(w, tenant, row->conversation, row->seq, out.how.state,
                   out.how.failure_code);
    out.changed = hand_over_undelivered(
      w, *c, row->who,
      report.what == send_class::refused ? loss::refused : loss::tries_used_up,
      out.how.failure_code);
    out.changed |= hold_back_rest(w, tenant, *row);
    break;
  }
  return out;
}

} // namespace assistly::storage
