#include "model/take_in.hpp"

#include "model/owed.hpp"
#include "model/retention.hpp"
#include "model/withdrawal.hpp"

#include <algorithm>

namespace assistly {

namespace {

void touch(conversation& c, const conversation_policy& policy, timestamp now) {
  c.last_activity = std::max(c.last_activity, now);
  c.erase_at = erase_at(c.last_activity, policy.retention);
}

turn new_turn(conversation& c, const inbound_event& event, author who,
              timestamp now, random_source& random) {
  turn t;
  t.id = turn_id{make_uuid(now, random)};
  t.seq = ++c.seq;
  t.who = who;
  t.kind = is_comment_channel(event.channel) && who != author::customer
             ? turn_kind::public_reply
             : turn_kind::text;
  t.state = who == author::customer ? turn_state::received : turn_state::sent;
  t.at = event.has_time ? event.at : now;
  t.received_at = now;
  t.text = event.text;
  t.external_id = event.external_id;
  t.reply_to =
    is_comment_channel(event.channel) ? event.parent_id : event.reply_to;
  return t;
}

void cancel_queued(conversation& c, std::span<const open_send> open,
                   std::vector<turn_id>& cancelled) {
  for (const auto& send : open)
    if (send.row.state == turn_state::queued && send.row.who == author::ai) {
      cancelled.push_back(send.row.id);
      owe_again(c, send.row);
    }
}

take_in_result customer_spoke(take_in_result r, std::span<const open_send> open,
                              const inbound_event& event,
                              const conversation_policy& policy, timestamp now,
                              random_source& random) {
  auto& c = r.after;
  give_back_if_unattended(c, now);
  touch(c, policy, now);
  r.added = new_turn(c, event, author::customer, now, random);
  r.what = taken::stored;
  c.customer_seq = r.added->seq;
  c.customer_acted_at =
    std::max(c.customer_acted_at.value_or(timestamp{}), r.added->at);
  if (is_comment_channel(c.kind)) {
    c.to.comment_id = event.external_id;
    c.to.comment_parent_id = event.parent_id;
  }
  r.added->late =
    c.answered_at != timestamp{} && r.added->at + late_after < c.answered_at;
  bool owed = c.owner == speaker::ai && policy.mode != channel_mode::off
              && !event.standby && !r.added->late && !event.text.empty();
  if (!owed) {
    // What nobody owes an answer for must not look open for ever. While turns
    // before it wait for their answer, that answer covers this one as well.
    if (!c.unanswered_since)
      c.answered_seq = c.customer_seq;
    return r;
  }
  cancel_queued(c, open, r.cancelled);
  owe_answer(c, policy, now);
  return r;
}

/// Which of our own sends an echo is, if any: named by us, or the same text
/// while Meta has not yet told us the id. Of several with that text it is the
/// one claimed last before the echo.
const open_send* own_send(std::span<const open_send> open,
                          const inbound_event& event, timestamp told) {
  for (const auto& send : open)
    if (!event.callback.empty() && event.callback == to_string(send.row.id))
      return &send;
  const open_send* found = nullptr;
  for (const auto& send : open) {
    if (!may_echo(send.row, told) || event.text.empty()
        || send.text != event.text)
      continue;
    bool closer = found && *send.row.claimed_at <= told
                  && *send.row.claimed_at >= *found->row.claimed_at;
    if (!found || closer)
      found = &send;
  }
  return found;
}

take_in_result echoed(take_in_result r, const surroundings& around,
                      const inbound_event& event, timestamp first_seen,
                      const conversation_policy& policy, timestamp now,
                      random_source& random) {
  auto& c = r.after;
  auto open = around.open;
  auto told = told_at(event, first_seen);
  if (const auto* ours = own_send(open, event, told)) {
    r.what = taken::reconciled;
    r.news = send_news{ours->row.id, turn_state::sent, event.external_id, 0};
    return r;
  }
  // It names an outbox id that has no open row: our own, settled long ago.
  if (parse_uuid(event.callback))
    return r;
  bool doubt =
    around.private_reply_in_doubt
    || std::any_of(open.begin(), open.end(),
                   [&](const open_send& s) { return may_echo(s.row, told); });
  if (auto again = doubt ? wait_for_receipt(first_seen, now) : std::nullopt) {
    r.what = taken::deferred;
    r.retry_at = *again;
    return r;
  }
  touch(c, policy, now);
  r.added = new_turn(c, event, event.from_phone ? author::phone : author::human,
                     now, random);
  r.what = taken::stored;
  take_over(c, policy, now);
  cancel_queued(c, open, r.cancelled);
  // A human spoke: nothing is owed any more, cancelled answers included.
  c.answered_seq = c.customer_seq;
  c.unanswered_since.reset();
  c.reply_due_at.reset();
  return r;
}

take_in_result status_told(take_in_result r, std::span<const open_send> open,
                           const inbound_event& event) {
  auto state = event.state == delivery_state::failed ? turn_state::failed
               : event.state == delivery_state::read ? turn_state::read
               : event.state == delivery_state::delivered
                 ? turn_state::delivered
                 : turn_state::sent;
  r.what = taken::reconciled;
  for (const auto& send : open)
    if (!event.callback.empty() && event.callback == to_string(send.row.id))
      r.news =
        send_news{send.row.id, state, event.external_id, event.failure_code};
  if (!r.news)
    r.news = send_news{turn_id{}, state, event.external_id, event.failure_code};
  return r;
}

} // namespace

bool creates_conversation(const inbound_event& event) noexcept {
  if (event.kind == event_kind::customer_text)
    return !event.edit;
  // Our own sends always follow a customer's act; an echo that names one of
  // them cannot be the first thing ever heard of a person.
  return event.kind == event_kind::echo && !event.person.empty()
         && !parse_uuid(event.callback) && !is_comment_channel(event.channel);
}

conversation open_conversation(const inbound_event& event, tenant_id tenant,
                               channel_id channel, lookup_hash hash,
                               timestamp now, random_source& random) {
  conversation c;
  c.id = conversation_id{make_uuid(now, random)};
  c.tenant = tenant;
  c.channel = channel;
  c.kind = event.channel;
  c.hash = hash;
  c.person = person_id{make_uuid(now, random)};
  c.case_id = make_uuid(now, random);
  c.created_at = now;
  c.last_activity = now;
  c.to.aliases = event.person;
  c.to.thread_id = event.thread_id;
  return c;
}

timestamp told_at(const inbound_event& event, timestamp first_seen) {
  return event.has_time ? std::min(event.at, first_seen) : first_seen;
}

bool may_echo(const outbox_row& row, timestamp told) noexcept {
  bool in_doubt =
    row.state == turn_state::sending || row.state == turn_state::unknown;
  return in_doubt && row.claimed_at && told < *row.claimed_at + echo_follows;
}

std::optional<timestamp> wait_for_receipt(timestamp first_seen, timestamp now) {
  auto until = first_seen + echo_grace;
  if (now >= until)
    return std::nullopt;
  return std::min(now + seconds{2}, until);
}

take_in_result take_in(const conversation& before, const surroundings& around,
                       const inbound_event& event, timestamp first_seen,
                       const conversation_policy& policy, timestamp now,
                       random_source& random) {
  take_in_result r;
  r.after = before;
  switch (event.kind) {
  case event_kind::customer_text:
    if (event.edit) {
      r.what = taken::stored;
      r.edited_external_id = event.external_id;
      touch(r.after, policy, now);
      return r;
    }
    return customer_spoke(std::move(r), around.open, event, policy, now,
                          random);
  case event_kind::echo:
    return echoed(std::move(r), around, event, first_seen, policy, now, random);
  case event_kind::status:
    return status_told(std::move(r), around.open, event);
  case event_kind::watermark:
    r.what = taken::reconciled;
    return r;
  case event_kind::withdrawn:
    r.what = taken::stored;
    r.withdrawn_external_id = event.external_id;
    take_back(r, around, policy, now);
    return r;
  case event_kind::other:
    return r;
  }
  return r;
}

bool give_back_if_unattended(conversation& c, timestamp now) {
  if (c.owner != speaker::human || !c.ai_returns_at || now < *c.ai_returns_at)
    return false;
  return hand_back(c);
}

bool take_over(conversation& c, const conversation_policy& policy,
               timestamp now) {
  c.ai_returns_at = now + policy.return_after;
  c.reply_due_at.reset();
  c.unanswered_since.reset();
  c.answered_seq = c.customer_seq;
  if (c.owner == speaker::human)
    return false;
  c.owner = speaker::human;
  ++c.epoch;
  return true;
}

bool hand_back(conversation& c) {
  c.ai_returns_at.reset();
  if (c.owner == speaker::ai)
    return false;
  c.owner = speaker::ai;
  ++c.epoch;
  return true;
}

} // namespace assistly
