#include "model/outbox_rules.hpp"

#include "model/policy.hpp"
#include "model/retention.hpp"
#include "model/window.hpp"

#include <algorithm>

namespace assistly {

claim_verdict claim(const conversation& c, const outbox_row& row,
                    const claim_facts& since, timestamp now) {
  if (row.state != turn_state::queued)
    return claim_verdict::overtaken;
  // Past its end the conversation is the eraser's.
  if (is_expired(c, now))
    return claim_verdict::overtaken;
  // A human's own line stands whatever the owner is by now; the AI's only under
  // the epoch it was written for, and only while nothing newer was said.
  if (row.who == author::ai) {
    if (row.epoch != c.epoch)
      return claim_verdict::overtaken;
    // A channel turned off is silent, and so is what came back unsent after a
    // person had spoken; what was queued then is cancelled already.
    if (since.mode == channel_mode::off || since.person_spoke)
      return claim_verdict::overtaken;
    // Only what is owed an answer overtakes: after a hand-off the customer's
    // further lines are not, and the words of the hand-off still go out.
    if (c.reply_due_at && c.customer_seq > row.answers_to)
      return claim_verdict::overtaken;
  }
  if (!may_send(c, row.kind, now))
    return claim_verdict::window_closed;
  if (row.next_try_at > now || since.earlier_line_due)
    return claim_verdict::not_yet;
  return claim_verdict::proceed;
}

namespace {

/// 2 s, 4 s, 8 s … capped at 15 min, when Meta names no time of its own.
milliseconds back_off(std::int32_t attempts) {
  auto doublings = std::clamp(attempts, 1, 10);
  return std::min<milliseconds>(seconds{1LL << doublings}, minutes{15});
}

/// Meta's words for the few refusals that have a rule of their own (CONTRACT
/// 12).
constexpr std::int32_t pair_limit = 131056;     ///< Wait 4^n seconds.
constexpr std::int32_t page_restricted = 10;    ///< 30 min, doubling to 4 h.
constexpr std::int32_t duplicate_comment = 506; ///< The text stands already.

/// Meta's own waiting time, longer with each try where Meta says so.
milliseconds wait_of(const send_report& report, std::int32_t attempts) {
  const auto tries = std::clamp(attempts, 1, 6) - 1;
  switch (report.code) {
  case pair_limit:
    return report.retry_after * (1LL << (2 * tries));
  case page_restricted:
    return std::min<milliseconds>(report.retry_after * (1LL << tries),
                                  hours{4});
  default:
    return report.retry_after;
  }
}

/// A comment that Meta says stands already, and that we tried before: perhaps
/// it is our own of that try.
bool may_be_published(const outbox_row& row, const send_report& report) {
  return report.code == duplicate_comment && row.attempts > 1
         && row.kind == turn_kind::public_reply;
}

/// While nothing reaches Meta: as long again as it has been tried already,
/// which doubles without a count of tries, for these use up none.
milliseconds back_off_unreached(const outbox_row& row, timestamp now) {
  return std::clamp<milliseconds>(now - row.created_at, seconds{2},
                                  minutes{15});
}

} // namespace

settlement settle(const outbox_row& row, const send_report& report,
                  timestamp now) {
  settlement result;
  result.failure_code = report.code;
  switch (report.what) {
  case send_class::sent:
    result.state = turn_state::sent;
    result.failure_code = 0;
    break;
  case send_class::refused:
    result.state = turn_state::failed;
    if (may_be_published(row, report)) {
      result.state = turn_state::unknown;
      result.next_try_at = row.claimed_at.value_or(now) + doubt_shown_after;
    }
    break;
  case send_class::in_doubt:
    result.state = turn_state::unknown;
    result.next_try_at = row.claimed_at.value_or(now) + doubt_shown_after;
    break;
  case send_class::token_dead:
    // Not the message's fault: it waits for the channel, without using up
    // tries.
    result.state = turn_state::queued;
    result.next_try_at = now + minutes{5};
    result.counts = false;
    break;
  case send_class::try_later:
    if (report.unreached) {
      // Until the way is back or the window is closed, which the claim sees.
      result.state = turn_state::queued;
      result.next_try_at = now + back_off_unreached(row, now);
      result.counts = false;
      break;
    }
    if (row.attempts >= most_send_attempts) {
      result.state = turn_state::failed;
      break;
    }
    result.state = turn_state::queued;
    result.next_try_at =
      now + std::max(wait_of(report, row.attempts), back_off(row.attempts));
    break;
  }
  return result;
}

bool advances(turn_state from, turn_state to) noexcept {
  auto rank = [](turn_state state) {
    switch (state) {
    case turn_state::queued:
      return 1;
    case turn_state::sending:
    case turn_state::unknown:
      return 2;
    case turn_state::sent:
      return 3;
    case turn_state::delivered:
      return 4;
    case turn_state::read:
      return 5;
    case turn_state::received:
    case turn_state::failed:
    case turn_state::cancelled:
    case turn_state::withdrawn:
      return 0;
    }
    return 0;
  };
  // `failed` may only follow what was not delivered (CONTRACT 7).
  if (to == turn_state::failed)
    return rank(from) >= 1 && rank(from) <= 3;
  return rank(from) > 0 && rank(to) > rank(from);
}

} // namespace assistly
