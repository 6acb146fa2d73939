#include "model/withdrawal.hpp"

#include "model/owed.hpp"

#include <algorithm>

namespace assistly {

namespace {

bool answers(const outbox_row& row, std::int64_t seq) {
  return seq > row.answers_after && seq <= row.answers_to;
}

bool waits(const outbox_row& row) {
  return row.state == turn_state::queued && row.who == author::ai;
}

bool stands_between(const withdrawal& w, std::int64_t after, std::int64_t to) {
  return std::any_of(w.others.begin(), w.others.end(), [&](const auto& t) {
    return t.wants_answer && t.seq > after && t.seq <= to;
  });
}

bool holds(const std::vector<turn_id>& ids, turn_id id) {
  return std::find(ids.begin(), ids.end(), id) != ids.end();
}

/// A draft under way must not meet the epoch it was made for: it holds the
/// words that are gone. What left already was made without them and stands.
void make_drafts_stale(take_in_result& r, std::span<const open_send> open) {
  auto before = r.after.epoch++;
  for (const auto& send : open)
    if (send.row.who == author::ai && send.row.epoch == before
        && !holds(r.cancelled, send.row.id) && !holds(r.not_again, send.row.id))
      r.carried.push_back(send.row.id);
}

/// The newest comment that is still there is what a reply hangs on.
void leave_comment(conversation& c, const withdrawal& w,
                   const std::string& gone) {
  if (!is_comment_channel(c.kind) || c.to.comment_id != gone)
    return;
  auto newest = std::max_element(
    w.others.begin(), w.others.end(),
    [](const auto& a, const auto& b) { return a.seq < b.seq; });
  if (newest == w.others.end())
    return;
  c.to.comment_id = newest->external_id;
  c.to.comment_parent_id = newest->parent_id;
}

} // namespace

void take_back(take_in_result& r, const surroundings& around,
               const conversation_policy& policy, timestamp now) {
  auto& c = r.after;
  const auto& w = around.withdrawn;
  // Not the customer's, unknown, or taken back before: nothing hangs on it.
  if (w.seq == 0)
    return;
  leave_comment(c, w, r.withdrawn_external_id);

  // The answers to it that are still here, and what else they answer.
  bool others_asked = false;
  auto from = c.customer_seq;
  for (const auto& send : around.open)
    if (waits(send.row) && answers(send.row, w.seq)) {
      from = std::min(from, send.row.answers_after);
      others_asked =
        others_asked
        || stands_between(w, send.row.answers_after, send.row.answers_to);
    }
  bool again =
    others_asked && c.owner == speaker::ai && policy.mode != channel_mode::off;
  bool was_due = c.reply_due_at.has_value();
  bool in_due = was_due && w.seq > c.answered_seq;

  for (const auto& send : around.open) {
    if (send.row.state == turn_state::sending && send.row.who == author::ai
        && answers(send.row, w.seq))
      r.not_again.push_back(send.row.id);
    if (!waits(send.row))
      continue;
    // What is owed again is everything after it, so the one new answer also
    // speaks for what a later one would have answered.
    bool later = again && send.row.answers_to > from;
    if (!later && !answers(send.row, w.seq))
      continue;
    r.cancelled.push_back(send.row.id);
    if (again)
      owe_again(c, send.row);
    else
      forget_send(c, send.row);
  }
  if (again && !was_due)
    owe_answer(c, policy, now);
  if (in_due && !again && !stands_between(w, c.answered_seq, c.customer_seq)) {
    owe_nothing(c);
    return;
  }
  if (again || in_due)
    make_drafts_stale(r, around.open);
}

} // namespace assistly
