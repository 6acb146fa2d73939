#include "model/undelivered.hpp"
#include "tests/model/talk.hpp"

#include <gtest/gtest.h>

namespace assistly {
namespace {

using fakes::talk;

struct lost {
  talk t;
  outbox_row row;

  lost() {
    t.customer("When do you open?");
    t.now += seconds{2};
    row = t.decide(t.answer("At nine.")).sends.at(0);
  }

  handed_over end(loss why, std::int32_t code = 0) {
    return undelivered(t.c, row.who, why, code, t.policy, t.now, t.random);
  }
};

TEST(undelivered, hands_the_conversation_to_people_and_says_why) {
  lost l;
  auto r = l.end(loss::refused, 131026);
  EXPECT_EQ(r.after.owner, speaker::human);
  EXPECT_EQ(r.after.epoch, l.t.c.epoch + 1);
  EXPECT_EQ(r.after.ai_returns_at, l.t.now + l.t.policy.return_after);
  ASSERT_TRUE(r.note);
  EXPECT_EQ(r.note->who, author::system);
  EXPECT_EQ(r.note->kind, turn_kind::note) << "nothing is said to the customer";
  EXPECT_EQ(r.note->seq, r.after.seq);
  EXPECT_NE(r.note->text.find("131026"), std::string::npos) << r.note->text;
}

TEST(undelivered, tells_the_three_reasons_apart) {
  lost l;
  auto refused = l.end(loss::refused).note->text;
  auto window = l.end(loss::window_closed).note->text;
  auto tries = l.end(loss::tries_used_up).note->text;
  EXPECT_NE(refused, window);
  EXPECT_NE(window, tries);
  EXPECT_EQ(refused.find("code"), std::string::npos) << "Meta gave none";
}

TEST(undelivered, leaves_a_conversation_alone_that_people_have) {
  lost l;
  take_over(l.t.c, l.t.policy, l.t.now);
  auto r = l.end(loss::refused);
  EXPECT_FALSE(r.note);
  EXPECT_EQ(r.after.epoch, l.t.c.epoch);
  EXPECT_EQ(r.after.seq, l.t.c.seq);
}

TEST(undelivered, hands_over_anew_what_people_left_unattended) {
  lost l;
  take_over(l.t.c, l.t.policy, l.t.now);
  l.t.now += l.t.policy.return_after;
  auto r = l.end(loss::window_closed);
  EXPECT_TRUE(r.note);
  EXPECT_EQ(r.after.owner, speaker::human);
  EXPECT_GT(*r.after.ai_returns_at, l.t.now);
}

TEST(undelivered, changes_nothing_for_a_persons_own_line) {
  lost l;
  l.row.who = author::human;
  auto r = l.end(loss::refused);
  EXPECT_FALSE(r.note);
  EXPECT_EQ(r.after.owner, speaker::ai);
}

TEST(in_doubt, hands_the_conversation_to_people_and_names_the_turn) {
  lost l;
  auto r = in_doubt(l.t.c, l.row, l.t.policy, l.t.now, l.t.random);
  EXPECT_EQ(r.after.owner, speaker::human);
  EXPECT_EQ(r.after.epoch, l.t.c.epoch + 1);
  ASSERT_TRUE(r.note);
  EXPECT_EQ(r.note->kind, turn_kind::note) << "nothing is said to the customer";
  EXPECT_NE(r.note->text.find("turn " + std::to_string(l.row.seq)),
            std::string::npos)
    << r.note->text;
}

TEST(in_doubt, owes_no_answer_any_more) {
  lost l;
  l.t.customer("Hello?");
  auto r = in_doubt(l.t.c, l.row, l.t.policy, l.t.now, l.t.random);
  EXPECT_FALSE(r.after.reply_due_at) << "it could be answered twice";
}

TEST(in_doubt, tells_people_who_have_it_already_and_changes_nothing_else) {
  lost l;
  take_over(l.t.c, l.t.policy, l.t.now);
  l.row.who = author::human;
  l.t.now += minutes{1};
  auto r = in_doubt(l.t.c, l.row, l.t.policy, l.t.now, l.t.random);
  ASSERT_TRUE(r.note);
  EXPECT_EQ(r.after.epoch, l.t.c.epoch);
  EXPECT_EQ(r.after.ai_returns_at, l.t.c.ai_returns_at);
}

TEST(undelivered, owes_no_answer_any_more) {
  lost l;
  l.t.customer("Hello?");
  ASSERT_TRUE(l.t.c.reply_due_at);
  auto r = l.end(loss::refused);
  EXPECT_FALSE(r.after.reply_due_at);
  EXPECT_FALSE(r.after.unanswered_since);
}

} // namespace
} // namespace assistly
