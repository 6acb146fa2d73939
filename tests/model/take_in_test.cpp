#include "tests/model/talk.hpp"

#include <gtest/gtest.h>

namespace assistly {
namespace {

using fakes::customer_text;
using fakes::talk;

TEST(take_in, owes_an_answer_after_the_quiet_time) {
  talk t;
  auto r = t.customer("Are you open?");
  EXPECT_EQ(r.what, taken::stored);
  ASSERT_TRUE(r.added);
  EXPECT_EQ(r.added->who, author::customer);
  EXPECT_EQ(r.added->state, turn_state::received);
  EXPECT_EQ(r.added->seq, 1);
  EXPECT_EQ(t.c.customer_seq, 1);
  EXPECT_EQ(t.c.answered_seq, 0);
  EXPECT_EQ(t.c.reply_due_at, t.now + t.policy.quiet);
}

TEST(take_in, lets_a_burst_have_one_due_time_that_moves_with_it) {
  talk t;
  auto first = t.now;
  t.customer("Hello");
  t.now += milliseconds{1'500};
  t.customer("I have a question");
  EXPECT_EQ(t.c.reply_due_at, t.now + t.policy.quiet);
  EXPECT_EQ(t.c.unanswered_since, first);
  EXPECT_EQ(t.c.customer_seq, 2);
}

TEST(take_in, waits_at_most_five_quiet_times_after_the_first_turn) {
  talk t;
  auto first = t.now;
  for (int i = 0; i < 20; ++i) {
    t.customer("and another thing");
    EXPECT_LE(*t.c.reply_due_at, std::max(t.now, first + 5 * t.policy.quiet));
    t.now += milliseconds{1'000};
  }
  EXPECT_EQ(t.c.unanswered_since, first);
  // Long past the latest moment: at once, never in the past.
  t.now += seconds{60};
  t.customer("still there?");
  EXPECT_EQ(t.c.reply_due_at, t.now);
}

TEST(take_in, answers_at_once_with_a_quiet_time_of_zero) {
  talk t;
  t.policy.quiet = milliseconds{0};
  t.customer("Hello");
  EXPECT_EQ(t.c.reply_due_at, t.now);
}

TEST(take_in, forgets_failed_tries_when_the_customer_writes_anew) {
  talk t;
  t.customer("Hello");
  t.c.reply_attempts = 3;
  t.customer("Hello?");
  EXPECT_EQ(t.c.reply_attempts, 0);
}

TEST(take_in, keeps_the_order_of_acceptance_whatever_the_channel_time) {
  talk t;
  t.hear(customer_text("second", t.now, "m_2"));
  auto r = t.hear(customer_text("first", t.now - seconds{1}, "m_1"));
  EXPECT_EQ(r.added->seq, 2);
  EXPECT_EQ(r.added->at, t.now - seconds{1});
  EXPECT_EQ(t.c.customer_acted_at, t.now);
}

TEST(take_in, uses_the_time_of_arrival_where_meta_gives_none) {
  talk t;
  auto e = customer_text("Hello", timestamp{});
  e.has_time = false;
  EXPECT_EQ(t.hear(e).added->at, t.now);
}

TEST(take_in,
     marks_a_turn_late_that_is_over_two_seconds_older_than_the_last_answered) {
  talk t;
  t.customer("When do you open?");
  t.now += seconds{3};
  t.decide(t.answer("At nine."));
  ASSERT_EQ(t.c.answered_at, fakes::some_morning);
  auto late = t.hear(
    customer_text("on Sunday", t.c.answered_at - milliseconds{2'001}, "m_0"));
  EXPECT_TRUE(late.added->late);
  EXPECT_FALSE(t.c.reply_due_at) << "something after it was answered";
  EXPECT_EQ(t.c.answered_seq, t.c.customer_seq) << "it must not look open";
}

TEST(take_in, does_not_mark_a_turn_two_seconds_older_late) {
  talk t;
  t.customer("When do you open?");
  t.now += seconds{3};
  t.decide(t.answer("At nine."));
  auto r = t.hear(customer_text("on Sunday", t.c.answered_at - seconds{2}));
  EXPECT_FALSE(r.added->late);
  EXPECT_TRUE(t.c.reply_due_at);
}

TEST(take_in, lets_a_late_turn_join_an_answer_that_is_still_owed) {
  talk t;
  t.customer("one");
  t.now += seconds{10};
  t.decide(t.answer("1"));
  t.customer("two");
  auto due = t.c.reply_due_at;
  t.hear(customer_text("zero", fakes::some_morning - seconds{5}, "m_0"));
  EXPECT_EQ(t.c.reply_due_at, due);
  EXPECT_LT(t.c.answered_seq, t.c.customer_seq);
}

TEST(take_in, cancels_queued_answers_that_a_newer_turn_overtakes) {
  talk t;
  t.customer("When do you open?");
  t.now += seconds{3};
  auto made = t.decide(t.answer("At nine."));
  ASSERT_EQ(made.sends.size(), 1u);
  t.now += milliseconds{10};
  auto r = t.customer("On Sunday, I mean");
  EXPECT_EQ(r.cancelled, std::vector{made.sends[0].id});
  EXPECT_EQ(t.c.answered_seq, 0) << "both turns are owed an answer now";
  EXPECT_TRUE(t.c.reply_due_at);
}

TEST(take_in, leaves_a_send_alone_that_is_on_its_way) {
  talk t;
  t.customer("When do you open?");
  t.now += seconds{3};
  t.decide(t.answer("At nine."));
  t.open[0].row.state = turn_state::sending;
  auto r = t.customer("On Sunday, I mean");
  EXPECT_TRUE(r.cancelled.empty());
  EXPECT_EQ(t.c.answered_seq, 1);
}

TEST(take_in, leaves_the_words_of_a_person_queued) {
  talk t;
  t.customer("Hello");
  auto said = *reply_as_human(t.c, "Ana here", t.policy, t.now, t.random);
  t.c = said.after;
  t.open.push_back({said.sends[0], "Ana here"});
  EXPECT_TRUE(t.customer("Hi Ana").cancelled.empty());
}

TEST(take_in, owes_nothing_while_a_person_has_the_conversation) {
  talk t;
  take_over(t.c, t.policy, t.now);
  auto r = t.customer("Hello");
  EXPECT_EQ(r.what, taken::stored) << "kept, not answered";
  EXPECT_FALSE(t.c.reply_due_at);
  EXPECT_EQ(t.c.answered_seq, t.c.customer_seq);
}

TEST(take_in, gives_an_unattended_conversation_back_to_the_ai) {
  talk t;
  take_over(t.c, t.policy, t.now);
  auto epoch = t.c.epoch;
  t.now += t.policy.return_after - milliseconds{1};
  t.customer("Anybody?");
  EXPECT_EQ(t.c.owner, speaker::human);
  t.now += milliseconds{1};
  t.customer("Anybody??");
  EXPECT_EQ(t.c.owner, speaker::ai);
  EXPECT_EQ(t.c.epoch, epoch + 1);
  EXPECT_TRUE(t.c.reply_due_at);
}

TEST(take_in, owes_nothing_in_mode_off) {
  talk t;
  t.policy.mode = channel_mode::off;
  auto r = t.customer("Hello");
  EXPECT_EQ(r.what, taken::stored);
  EXPECT_FALSE(t.c.reply_due_at);
}

TEST(take_in, owes_a_proposal_in_mode_draft) {
  talk t;
  t.policy.mode = channel_mode::draft;
  t.customer("Hello");
  EXPECT_TRUE(t.c.reply_due_at);
}

TEST(take_in, owes_nothing_for_standby_events) {
  talk t;
  auto e = customer_text("Hello", t.now);
  e.standby = true;
  auto r = t.hear(e);
  EXPECT_EQ(r.what, taken::stored);
  EXPECT_FALSE(t.c.reply_due_at);
  EXPECT_EQ(t.c.answered_seq, t.c.customer_seq);
}

TEST(take_in, owes_nothing_for_a_turn_without_words) {
  talk t;
  t.customer("");
  EXPECT_FALSE(t.c.reply_due_at);
}

TEST(take_in, moves_the_end_with_each_activity) {
  talk t;
  t.customer("Hello");
  EXPECT_EQ(t.c.erase_at, t.now + t.policy.retention.conversation);
  t.now += days{3};
  t.customer("Hello again");
  EXPECT_EQ(t.c.erase_at, t.now + t.policy.retention.conversation);
}

TEST(take_in, changes_the_words_of_an_edited_comment_and_owes_nothing_new) {
  talk t{channel_kind::page_comments};
  t.hear(fakes::comment_of("How much?", t.now));
  t.now += seconds{3};
  t.decide([&] {
    auto d = t.answer("Ten.");
    d.messages[0].kind = turn_kind::public_reply;
    return d;
  }());
  auto e = fakes::comment_of("How much is it?", t.now);
  e.edit = true;
  auto r = t.hear(e);
  EXPECT_EQ(r.what, taken::stored);
  EXPECT_EQ(r.edited_external_id, "comment_1");
  EXPECT_FALSE(r.added);
  EXPECT_TRUE(r.cancelled.empty());
  EXPECT_FALSE(t.c.reply_due_at) << "an edit is never a second question";
}

TEST(take_in, cancels_the_answer_to_what_was_withdrawn) {
  talk t;
  t.customer("My card number is …");
  t.now += seconds{3};
  auto made = t.decide(t.answer("Please do not send it."));
  auto e = customer_text("", t.now);
  e.kind = event_kind::withdrawn;
  auto r = t.hear(e);
  EXPECT_EQ(r.withdrawn_external_id, "m_1");
  EXPECT_EQ(r.cancelled, std::vector{made.sends[0].id});
}

TEST(take_in, lets_no_draft_answer_what_was_withdrawn_meanwhile) {
  talk t;
  t.customer("My card number is 4111");
  t.now += seconds{3};
  auto under_way = t.answer("Please do not send 4111.");
  auto e = customer_text("", t.now);
  e.kind = event_kind::withdrawn;
  t.hear(e);
  EXPECT_TRUE(t.decide(under_way).stale);
}

TEST(take_in, keeps_the_newest_comment_as_what_is_answered) {
  talk t{channel_kind::page_comments};
  t.hear(fakes::comment_of("How much?", t.now, "comment_1"));
  auto second = fakes::comment_of("Hello?", t.now, "comment_2");
  second.parent_id = "comment_1";
  t.hear(second);
  EXPECT_EQ(t.c.to.comment_id, "comment_2");
  EXPECT_EQ(t.c.to.comment_parent_id, "comment_1");
  EXPECT_EQ(t.c.to.thread_id, "post");
}

TEST(take_in, ignores_what_is_only_kept) {
  talk t;
  auto e = customer_text("", t.now);
  e.kind = event_kind::other;
  auto before = t.c.seq;
  EXPECT_EQ(t.hear(e).what, taken::ignored);
  EXPECT_EQ(t.c.seq, before);
}

TEST(creates_conversation, is_for_a_customers_act_or_a_persons_echo_only) {
  auto e = customer_text("Hello", fakes::some_morning);
  EXPECT_TRUE(creates_conversation(e));
  e.edit = true;
  EXPECT_FALSE(creates_conversation(e));
  for (auto kind : {event_kind::status, event_kind::watermark,
                    event_kind::withdrawn, event_kind::other}) {
    auto other = customer_text("", fakes::some_morning);
    other.kind = kind;
    EXPECT_FALSE(creates_conversation(other)) << to_string(kind);
  }
  auto echo = fakes::echo_of("Hi", fakes::some_morning);
  EXPECT_TRUE(creates_conversation(echo)) << "a person writes first";
  echo.callback = "018cc251-f400-7000-8000-abcdefabcdef";
  EXPECT_FALSE(creates_conversation(echo)) << "our own";
  auto nobody = fakes::echo_of("Hi", fakes::some_morning);
  nobody.person.clear();
  EXPECT_FALSE(creates_conversation(nobody));
}

TEST(take_over, raises_the_epoch_once_and_clears_what_is_owed) {
  talk t;
  t.customer("Hello");
  auto epoch = t.c.epoch;
  EXPECT_TRUE(take_over(t.c, t.policy, t.now));
  EXPECT_EQ(t.c.epoch, epoch + 1);
  EXPECT_FALSE(t.c.reply_due_at);
  EXPECT_FALSE(t.c.unanswered_since);
  t.now += minutes{10};
  EXPECT_FALSE(take_over(t.c, t.policy, t.now));
  EXPECT_EQ(t.c.epoch, epoch + 1);
  EXPECT_EQ(t.c.ai_returns_at, t.now + t.policy.return_after);
}

TEST(hand_back, raises_the_epoch_once) {
  talk t;
  EXPECT_FALSE(hand_back(t.c));
  take_over(t.c, t.policy, t.now);
  auto epoch = t.c.epoch;
  EXPECT_TRUE(hand_back(t.c));
  EXPECT_EQ(t.c.epoch, epoch + 1);
  EXPECT_FALSE(t.c.ai_returns_at);
}

} // namespace
} // namespace assistly
