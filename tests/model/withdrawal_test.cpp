#include "tests/model/talk.hpp"

#include <gtest/gtest.h>

namespace assistly {
namespace {

using fakes::comment_of;
using fakes::customer_text;
using fakes::talk;

/// "A" and "B" in one burst; the answer to both is queued.
talk burst_answered() {
  talk t;
  t.hear(customer_text("A", t.now, "m_a"));
  t.hear(customer_text("B", t.now, "m_b"));
  t.now += seconds{3};
  t.decide(t.answer("A is so, B is thus."));
  return t;
}

TEST(take_back, owes_the_rest_of_a_burst_an_answer_again) {
  auto t = burst_answered();
  auto send = t.open[0].row.id;
  auto r = t.withdraw("m_a");
  EXPECT_EQ(r.cancelled, std::vector{send});
  EXPECT_EQ(t.c.answered_seq, 0);
  EXPECT_TRUE(t.c.reply_due_at) << "B waits for its answer";
  EXPECT_TRUE(t.c.unanswered_since);
  EXPECT_FALSE(t.decide(t.answer("B is thus.")).stale);
  EXPECT_EQ(t.c.answered_seq, 2);
}

TEST(take_back, owes_nothing_when_all_of_a_burst_is_gone) {
  auto t = burst_answered();
  t.withdraw("m_a");
  t.withdraw("m_b");
  EXPECT_FALSE(t.c.reply_due_at);
  EXPECT_FALSE(t.c.unanswered_since);
  EXPECT_EQ(t.c.answered_seq, t.c.customer_seq) << "it must not look open";
}

TEST(take_back, leaves_an_answer_alone_that_is_not_to_those_words) {
  talk t;
  t.hear(customer_text("long ago", t.now, "m_old"));
  t.now += seconds{3};
  t.decide(t.answer("Yes."));
  t.open.clear();
  t.hear(customer_text("B", t.now, "m_b"));
  t.now += seconds{3};
  t.decide(t.answer("B is thus."));
  EXPECT_TRUE(t.withdraw("m_old").cancelled.empty());
  EXPECT_EQ(t.open.size(), 1u);
  EXPECT_EQ(t.c.answered_seq, t.c.customer_seq);
  EXPECT_FALSE(t.c.reply_due_at);
}

TEST(take_back, leaves_all_alone_when_one_of_our_own_comments_is_removed) {
  talk t{channel_kind::page_comments};
  t.hear(comment_of("How much?", t.now, "comment_1"));
  t.now += seconds{3};
  auto d = t.answer("Ten.");
  d.messages[0].kind = turn_kind::public_reply;
  t.decide(d);
  auto epoch = t.c.epoch;
  EXPECT_TRUE(t.withdraw("comment_ours").cancelled.empty());
  EXPECT_EQ(t.open.size(), 1u);
  EXPECT_EQ(t.c.epoch, epoch);
  EXPECT_EQ(t.c.to.comment_id, "comment_1");
}

TEST(take_back, owes_nothing_once_every_owed_word_is_gone) {
  talk t;
  t.hear(customer_text("My card is 4111", t.now, "m_a"));
  t.withdraw("m_a");
  EXPECT_FALSE(t.c.reply_due_at) << "an empty question is not asked";
  EXPECT_FALSE(t.c.unanswered_since);
  EXPECT_EQ(t.c.answered_seq, t.c.customer_seq);
}

TEST(take_back, does_not_count_a_late_turn_as_a_question_that_is_left) {
  talk t;
  t.hear(customer_text("one", t.now, "m_1"));
  t.now += seconds{10};
  t.decide(t.answer("1"));
  t.open.clear();
  t.hear(customer_text("two", t.now, "m_2"));
  t.hear(customer_text("zero", fakes::some_morning - seconds{5}, "m_0"));
  t.withdraw("m_2");
  EXPECT_FALSE(t.c.reply_due_at);
}

TEST(take_back, keeps_the_due_time_of_what_else_is_owed) {
  talk t;
  t.hear(customer_text("A", t.now, "m_a"));
  t.hear(customer_text("B", t.now, "m_b"));
  auto due = t.c.reply_due_at;
  t.now += seconds{1};
  t.withdraw("m_a");
  EXPECT_EQ(t.c.reply_due_at, due);
}

TEST(take_back, lets_no_draft_hold_the_words_that_are_gone) {
  talk t;
  t.hear(customer_text("A", t.now, "m_a"));
  t.hear(customer_text("B", t.now, "m_b"));
  t.now += seconds{3};
  auto under_way = t.answer("A is so, B is thus.");
  t.withdraw("m_a");
  EXPECT_TRUE(t.decide(under_way).stale);
  EXPECT_FALSE(t.decide(t.answer("B is thus.")).stale);
}

TEST(take_back, does_not_overtake_an_older_answer_that_is_on_its_way) {
  talk t;
  t.hear(customer_text("old question", t.now, "m_old"));
  t.now += seconds{3};
  t.decide(t.answer("Old answer."));
  t.open[0].row.state = turn_state::sending;
  t.hear(customer_text("A", t.now, "m_a"));
  t.hear(customer_text("B", t.now, "m_b"));
  auto r = t.withdraw("m_a");
  EXPECT_EQ(r.carried, std::vector{t.open[0].row.id});
  t.now += seconds{3};
  t.decide(t.answer("B is thus."));
  t.open[0].row.state = turn_state::queued;
  EXPECT_EQ(claim(t.c, t.open[0].row, {}, t.now), claim_verdict::proceed)
    << "refused for now, it comes back and is still wanted";
}

TEST(take_back, lets_an_answer_on_its_way_leave_no_second_time) {
  auto t = burst_answered();
  t.open[0].row.state = turn_state::sending;
  EXPECT_EQ(t.withdraw("m_a").not_again, std::vector{t.open[0].row.id});
  EXPECT_FALSE(t.c.reply_due_at) << "it may well arrive";
  t.open[0].row.state = turn_state::queued;
  EXPECT_EQ(claim(t.c, t.open[0].row, {}, t.now), claim_verdict::overtaken);
  cancel_at_claim(t.c, t.open[0].row, true, t.policy, t.now);
  EXPECT_TRUE(t.c.reply_due_at) << "it did not, and B waits";
  EXPECT_EQ(t.c.answered_seq, 0);
}

TEST(take_back, leaves_an_answer_alone_that_was_made_without_those_words) {
  talk t;
  t.hear(customer_text("A", t.now, "m_a"));
  t.hear(customer_text("B", t.now, "m_b"));
  t.withdraw("m_a");
  t.now += seconds{3};
  t.decide(t.answer("B is thus."));
  EXPECT_TRUE(t.withdraw("m_a").cancelled.empty()) << "told twice";
  EXPECT_EQ(claim(t.c, t.open.at(0).row, {}, t.now), claim_verdict::proceed);
}

TEST(take_back, raises_no_epoch_when_nothing_is_owed_any_more) {
  talk t;
  t.hear(customer_text("old question", t.now, "m_old"));
  t.now += seconds{3};
  t.decide(t.answer("Old answer."));
  t.open[0].row.state = turn_state::sending;
  t.hear(customer_text("A", t.now, "m_a"));
  t.withdraw("m_a");
  EXPECT_FALSE(t.c.reply_due_at);
  t.open[0].row.state = turn_state::queued;
  EXPECT_EQ(claim(t.c, t.open[0].row, {}, t.now), claim_verdict::proceed);
}

TEST(take_back, answers_a_later_question_once_when_an_earlier_is_owed_again) {
  auto t = burst_answered();
  // It came back unsent after C was answered as well.
  t.open[0].row.state = turn_state::sending;
  t.hear(customer_text("C", t.now, "m_c"));
  t.now += seconds{3};
  t.decide(t.answer("C is such."));
  t.open[0].row.state = turn_state::queued;
  ASSERT_EQ(t.open.size(), 2u);
  auto r = t.withdraw("m_a");
  EXPECT_EQ(r.cancelled.size(), 2u) << "one answer to B and C comes instead";
  EXPECT_EQ(t.c.answered_seq, 0);
  EXPECT_TRUE(t.c.reply_due_at);
}

TEST(take_back, keeps_a_later_answer_when_nothing_earlier_is_left) {
  talk t;
  t.hear(customer_text("A", t.now, "m_a"));
  t.now += seconds{3};
  t.decide(t.answer("A is so."));
  t.open[0].row.state = turn_state::sending;
  t.hear(customer_text("B", t.now, "m_b"));
  t.now += seconds{3};
  t.decide(t.answer("B is thus."));
  t.open[0].row.state = turn_state::queued;
  auto r = t.withdraw("m_a");
  EXPECT_EQ(r.cancelled.size(), 1u);
  ASSERT_EQ(t.open.size(), 1u);
  EXPECT_EQ(t.open[0].text, "B is thus.");
  EXPECT_FALSE(t.c.reply_due_at);
  EXPECT_EQ(t.c.answered_seq, t.c.customer_seq);
}

TEST(take_back, owes_nothing_while_a_person_has_the_conversation) {
  talk t;
  t.hear(customer_text("A", t.now, "m_a"));
  t.hear(customer_text("B", t.now, "m_b"));
  t.now += seconds{3};
  auto d = t.answer("A colleague will answer.");
  d.kind = draft_kind::hand_off;
  t.decide(d);
  EXPECT_EQ(t.withdraw("m_a").cancelled.size(), 1u);
  EXPECT_FALSE(t.c.reply_due_at);
  EXPECT_EQ(t.c.owner, speaker::human);
  EXPECT_EQ(t.c.answered_seq, t.c.customer_seq);
}

TEST(take_back, owes_nothing_again_in_mode_off) {
  auto t = burst_answered();
  t.policy.mode = channel_mode::off;
  EXPECT_EQ(t.withdraw("m_a").cancelled.size(), 1u);
  EXPECT_FALSE(t.c.reply_due_at);
}

TEST(take_back, hangs_the_reply_on_the_newest_comment_that_is_left) {
  talk t{channel_kind::instagram_comments};
  auto first = comment_of("How much?", t.now, "comment_1");
  first.parent_id = "thread_top";
  t.hear(first);
  t.hear(comment_of("oops", t.now, "comment_2"));
  ASSERT_EQ(t.c.to.comment_id, "comment_2");
  t.withdraw("comment_2");
  EXPECT_EQ(t.c.to.comment_id, "comment_1");
  EXPECT_EQ(t.c.to.comment_parent_id, "thread_top");
  EXPECT_TRUE(t.c.reply_due_at) << "the question is still there";
}

TEST(take_back, leaves_the_newest_comment_when_an_older_one_is_removed) {
  talk t{channel_kind::page_comments};
  t.hear(comment_of("How much?", t.now, "comment_1"));
  t.hear(comment_of("Hello?", t.now, "comment_2"));
  t.withdraw("comment_1");
  EXPECT_EQ(t.c.to.comment_id, "comment_2");
}

} // namespace
} // namespace assistly
