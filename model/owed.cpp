#include "model/owed.hpp"

#include <algorithm>

namespace assistly {

void owe_answer(conversation& c, const conversation_policy& policy,
                timestamp now) {
  if (!c.unanswered_since)
    c.unanswered_since = now;
  auto latest =
    *c.unanswered_since + policy.quiet * longest_wait_in_quiet_times;
  c.reply_due_at = std::max(now, std::min(now + policy.quiet, latest));
  c.reply_attempts = 0;
}

void owe_nothing(conversation& c) {
  c.answered_seq = c.customer_seq;
  c.unanswered_since.reset();
  c.reply_due_at.reset();
  c.reply_attempts = 0;
}

void forget_send(conversation& c, const outbox_row& cancelled) {
  if (cancelled.kind == turn_kind::private_reply)
    c.private_reply_used = false;
}

void owe_again(conversation& c, const outbox_row& cancelled) {
  forget_send(c, cancelled);
  if (cancelled.answers_to == 0)
    return;
  c.answered_seq = std::min(c.answered_seq, cancelled.answers_after);
}

void cancel_at_claim(conversation& c, const outbox_row& row, bool others_asked,
                     const conversation_policy& policy, timestamp now) {
  if (c.reply_due_at) {
    auto before = c.answered_seq;
    owe_again(c, row);
    // A draft under way was made without these turns.
    if (c.answered_seq != before)
      ++c.epoch;
    return;
  }
  forget_send(c, row);
  if (!others_asked || row.epoch != question_gone || c.owner != speaker::ai
      || policy.mode == channel_mode::off)
    return;
  owe_again(c, row);
  owe_answer(c, policy, now);
}

} // namespace assistly
