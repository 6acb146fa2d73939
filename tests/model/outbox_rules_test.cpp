#include "tests/model/talk.hpp"

#include <gtest/gtest.h>

#include <map>
#include <set>

namespace assistly {
namespace {

using fakes::talk;

struct queued {
  talk t;
  outbox_row row;

  queued() {
    t.customer("When do you open?");
    t.now += seconds{2};
    row = t.decide(t.answer("At nine.")).sends.at(0);
  }
};

TEST(claim, proceeds_while_nothing_has_changed) {
  queued q;
  EXPECT_EQ(claim(q.t.c, q.row, {}, q.t.now), claim_verdict::proceed);
}

TEST(claim, is_overtaken_by_another_owner) {
  queued q;
  take_over(q.t.c, q.t.policy, q.t.now);
  EXPECT_EQ(claim(q.t.c, q.row, {}, q.t.now), claim_verdict::overtaken);
  hand_back(q.t.c);
  EXPECT_EQ(claim(q.t.c, q.row, {}, q.t.now), claim_verdict::overtaken)
    << "another epoch, whoever owns it now";
}

TEST(claim, is_overtaken_by_a_newer_customer_turn) {
  queued q;
  q.t.customer("On Sunday?");
  EXPECT_EQ(claim(q.t.c, q.row, {}, q.t.now), claim_verdict::overtaken);
}

TEST(claim, lets_a_persons_line_stand_whoever_owns_the_conversation) {
  queued q;
  auto said = *reply_as_human(q.t.c, "Ana", q.t.policy, q.t.now, q.t.random);
  auto c = said.after;
  hand_back(c);
  EXPECT_EQ(claim(c, said.sends[0], {}, q.t.now), claim_verdict::proceed);
}

TEST(claim, refuses_when_the_window_is_closed) {
  queued q;
  EXPECT_EQ(claim(q.t.c, q.row, {}, fakes::some_morning + hours{24}),
            claim_verdict::window_closed);
  EXPECT_EQ(
    claim(q.t.c, q.row, {}, fakes::some_morning + hours{24} - milliseconds{1}),
    claim_verdict::proceed);
}

TEST(claim, waits_for_the_next_try) {
  queued q;
  q.row.next_try_at = q.t.now + seconds{1};
  EXPECT_EQ(claim(q.t.c, q.row, {}, q.t.now), claim_verdict::not_yet);
  EXPECT_EQ(claim(q.t.c, q.row, {}, q.t.now + seconds{1}),
            claim_verdict::proceed);
}

TEST(claim, never_takes_a_row_twice) {
  queued q;
  for (auto state : {turn_state::sending, turn_state::unknown, turn_state::sent,
                     turn_state::failed}) {
    q.row.state = state;
    EXPECT_NE(claim(q.t.c, q.row, {}, q.t.now), claim_verdict::proceed)
      << to_string(state);
  }
}

TEST(claim, cancels_the_ais_words_on_a_channel_that_was_turned_off) {
  queued q;
  claim_facts off;
  off.mode = channel_mode::off;
  EXPECT_EQ(claim(q.t.c, q.row, off, q.t.now), claim_verdict::overtaken);
  auto said = *reply_as_human(q.t.c, "Ana", q.t.policy, q.t.now, q.t.random);
  EXPECT_EQ(claim(said.after, said.sends[0], off, q.t.now),
            claim_verdict::proceed)
    << "it is kept for people, who may write";
}

TEST(claim, never_says_the_words_of_a_hand_off_after_a_persons_answer) {
  talk t;
  t.customer("Is Sunday possible?");
  t.now += seconds{2};
  auto d = t.answer("A colleague will answer you soon.");
  d.kind = draft_kind::hand_off;
  auto row = t.decide(d).sends.at(0);
  // It came back unsent, under the epoch that still stands.
  row.claimed_at = t.now;
  ASSERT_EQ(claim(t.c, row, {}, t.now), claim_verdict::proceed);
  claim_facts since;
  since.person_spoke = true;
  EXPECT_EQ(claim(t.c, row, since, t.now), claim_verdict::overtaken);
}

TEST(claim, is_overtaken_when_the_customer_took_the_question_back) {
  queued q;
  q.row.epoch = question_gone;
  EXPECT_EQ(claim(q.t.c, q.row, {}, q.t.now), claim_verdict::overtaken);
}

settlement settled(int attempts, send_class what,
                   milliseconds retry_after = milliseconds{0}) {
  outbox_row row;
  row.state = turn_state::sending;
  row.attempts = attempts;
  send_report report;
  report.what = what;
  report.code = 4;
  report.retry_after = retry_after;
  return settle(row, report, fakes::some_morning);
}

TEST(settle, ends_what_is_clear) {
  EXPECT_EQ(settled(1, send_class::sent).state, turn_state::sent);
  EXPECT_EQ(settled(1, send_class::sent).failure_code, 0);
  EXPECT_EQ(settled(1, send_class::refused).state, turn_state::failed);
  EXPECT_EQ(settled(1, send_class::refused).failure_code, 4);
}

TEST(claim, waits_for_a_persons_line_before_it) {
  queued q;
  claim_facts since;
  since.earlier_line_due = q.t.now + seconds{1};
  EXPECT_EQ(claim(q.t.c, q.row, since, q.t.now), claim_verdict::not_yet);
}

TEST(claim, cancels_everything_in_a_conversation_that_has_ended) {
  queued q;
  q.t.now = q.t.c.erase_at;
  q.t.c.customer_acted_at = q.t.now;
  EXPECT_EQ(claim(q.t.c, q.row, {}, q.t.now), claim_verdict::overtaken);
  q.row.who = author::human;
  EXPECT_EQ(claim(q.t.c, q.row, {}, q.t.now), claim_verdict::overtaken);
  q.t.c.hold = true;
  EXPECT_EQ(claim(q.t.c, q.row, {}, q.t.now), claim_verdict::proceed);
}

TEST(settle, says_when_people_are_told_of_what_is_in_doubt) {
  outbox_row row;
  row.claimed_at = fakes::some_morning;
  send_report report;
  report.what = send_class::in_doubt;
  EXPECT_EQ(settle(row, report, fakes::some_morning + seconds{30}).next_try_at,
            fakes::some_morning + doubt_shown_after);
}

TEST(settle, never_queues_what_is_in_doubt) {
  for (int attempts = 1; attempts < 12; ++attempts)
    EXPECT_EQ(settled(attempts, send_class::in_doubt).state,
              turn_state::unknown);
}

TEST(settle, backs_off_by_doubling_up_to_a_quarter_of_an_hour) {
  milliseconds before{0};
  for (int attempts = 1; attempts < most_send_attempts; ++attempts) {
    auto s = settled(attempts, send_class::try_later);
    ASSERT_EQ(s.state, turn_state::queued);
    auto wait = s.next_try_at - fakes::some_morning;
    EXPECT_EQ(wait, seconds{1 << attempts});
    EXPECT_GT(wait, before);
    EXPECT_LE(wait, minutes{15});
    before = wait;
  }
}

TEST(settle, waits_longer_with_each_try_where_meta_says_so) {
  auto wait = [](int attempts, std::int32_t code, milliseconds first) {
    outbox_row row;
    row.attempts = attempts;
    send_report report;
    report.what = send_class::try_later;
    report.code = code;
    report.retry_after = first;
    return settle(row, report, fakes::some_morning).next_try_at
           - fakes::some_morning;
  };
  EXPECT_EQ(wait(1, 131056, seconds{4}), seconds{4});
  EXPECT_EQ(wait(2, 131056, seconds{4}), seconds{16});
  EXPECT_EQ(wait(3, 131056, seconds{4}), seconds{64});
  EXPECT_EQ(wait(1, 10, minutes{30}), minutes{30});
  EXPECT_EQ(wait(3, 10, minutes{30}), hours{2});
  EXPECT_EQ(wait(7, 10, minutes{30}), hours{4}) << "and no longer";
  EXPECT_EQ(wait(3, 613, minutes{1}), minutes{1});
}

TEST(settle, doubts_a_comment_that_stands_already_after_another_try) {
  outbox_row row;
  row.kind = turn_kind::public_reply;
  row.claimed_at = fakes::some_morning;
  send_report report;
  report.what = send_class::refused;
  report.code = 506;
  row.attempts = 1;
  EXPECT_EQ(settle(row, report, fakes::some_morning).state, turn_state::failed)
    << "somebody else's";
  row.attempts = 2;
  auto s = settle(row, report, fakes::some_morning);
  EXPECT_EQ(s.state, turn_state::unknown);
  EXPECT_EQ(s.next_try_at, fakes::some_morning + doubt_shown_after);
  row.kind = turn_kind::private_reply;
  EXPECT_EQ(settle(row, report, fakes::some_morning).state, turn_state::failed);
}

TEST(settle, heeds_metas_own_waiting_time) {
  auto s = settled(1, send_class::try_later, minutes{40});
  EXPECT_EQ(s.next_try_at, fakes::some_morning + minutes{40});
  EXPECT_EQ(settled(5, send_class::try_later, milliseconds{1}).next_try_at,
            fakes::some_morning + seconds{32})
    << "but never tries sooner than the back-off";
}

TEST(settle, gives_up_after_eight_tries) {
  EXPECT_EQ(settled(most_send_attempts - 1, send_class::try_later).state,
            turn_state::queued);
  EXPECT_EQ(settled(most_send_attempts, send_class::try_later).state,
            turn_state::failed);
}

TEST(settle, does_not_count_a_dead_token_as_a_try) {
  for (int attempts : {1, most_send_attempts, 100}) {
    auto s = settled(attempts, send_class::token_dead);
    EXPECT_EQ(s.state, turn_state::queued);
    EXPECT_FALSE(s.counts);
    EXPECT_GT(s.next_try_at, fakes::some_morning);
  }
  EXPECT_TRUE(settled(1, send_class::try_later).counts);
}

TEST(settle, uses_up_no_try_while_nothing_reaches_meta) {
  outbox_row row;
  row.state = turn_state::sending;
  row.attempts = most_send_attempts;
  row.created_at = fakes::some_morning;
  send_report report;
  report.what = send_class::try_later;
  report.unreached = true;
  auto now = fakes::some_morning;
  int tries = 0;
  for (; now < fakes::some_morning + hours{2}; ++tries) {
    auto s = settle(row, report, now);
    ASSERT_EQ(s.state, turn_state::queued);
    EXPECT_FALSE(s.counts);
    auto wait = s.next_try_at - now;
    EXPECT_GE(wait, seconds{2});
    EXPECT_LE(wait, minutes{15});
    now = s.next_try_at;
  }
  EXPECT_GE(tries, 12) << "4 minutes down must not cost an hour";
  EXPECT_LE(tries, 20) << "it backs off";
}

TEST(after_restart, doubts_only_what_was_on_its_way) {
  EXPECT_EQ(after_restart(turn_state::sending), turn_state::unknown);
  for (auto state : {turn_state::queued, turn_state::sent, turn_state::failed,
                     turn_state::unknown, turn_state::cancelled})
    EXPECT_EQ(after_restart(state), state);
}

TEST(advances, follows_the_whole_table) {
  using s = turn_state;
  const std::map<s, std::set<s>> allowed{
    {s::received, {}},
    {s::queued,
     {s::sending, s::unknown, s::sent, s::delivered, s::read, s::failed}},
    {s::sending, {s::sent, s::delivered, s::read, s::failed}},
    {s::unknown, {s::sent, s::delivered, s::read, s::failed}},
    {s::sent, {s::delivered, s::read, s::failed}},
    {s::delivered, {s::read}},
    {s::read, {}},
    {s::failed, {}},
    {s::cancelled, {}},
    {s::withdrawn, {}},
  };
  for (int from = 0; from <= 9; ++from)
    for (int to = 0; to <= 9; ++to) {
      auto a = static_cast<s>(from);
      auto b = static_cast<s>(to);
      EXPECT_EQ(advances(a, b), allowed.at(a).contains(b))
        << to_string(a) << " -> " << to_string(b);
    }
}

} // namespace
} // namespace assistly
