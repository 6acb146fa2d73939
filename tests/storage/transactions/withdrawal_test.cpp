/// Withdrawals over rows: the model's rules stand in tests/model.
#include "tests/storage/storage_node.hpp"

#include <gtest/gtest.h>

namespace assistly::storage {
namespace {

using fakes::comment;
using fakes::message;
using fakes::storage_node;

inbound_event gone(inbound_event what) {
  what.kind = event_kind::withdrawn;
  what.text.clear();
  what.dedupe_key = "gone:" + what.external_id;
  return what;
}

TEST(withdrawals, owe_the_rest_of_a_burst_an_answer_again) {
  storage_node node;
  node.hear(message("A", "m_a"));
  auto b = node.hear(message("B", "m_b"));
  node.clock.advance(seconds{3});
  node.answer(*b.now, "A is so, B is thus.");
  auto r = node.hear(gone(message("", "m_a")));
  EXPECT_EQ(r.cancelled.size(), 1u);
  EXPECT_TRUE(r.owes_answer);
  EXPECT_EQ(node.now_of(b.now->id).answered_seq, 0);
  r = node.hear(gone(message("", "m_b")));
  EXPECT_FALSE(r.owes_answer) << "nothing is left to answer";
  EXPECT_EQ(r.now->answered_seq, r.now->customer_seq);
  EXPECT_EQ(node.broken(), "");
}

TEST(withdrawals, of_an_old_message_cancel_nothing) {
  storage_node node;
  auto old = node.hear(message("old", "m_old"));
  node.clock.advance(seconds{3});
  auto first = node.answer(*old.now, "Yes.", true);
  node.sent(first.sends.at(0).id, "m_out");
  auto b = node.hear(message("B", "m_b"));
  node.clock.advance(seconds{3});
  auto d = node.answer(*b.now, "B is thus.");
  auto r = node.hear(gone(message("", "m_old")));
  EXPECT_TRUE(r.cancelled.empty());
  EXPECT_EQ(node.claim(d.sends.at(0).id).verdict, claim_verdict::proceed);
  EXPECT_EQ(node.turns(b.now->id).at(0).state, turn_state::withdrawn);
  EXPECT_EQ(node.broken(), "");
}

TEST(withdrawals, of_a_comment_leave_the_reply_on_the_one_before_it) {
  storage_node node;
  auto first = comment("How much?", "c_1");
  first.parent_id = "c_top";
  node.hear(first);
  auto a = node.hear(comment("oops", "c_2"));
  ASSERT_EQ(a.now->to.comment_id, "c_2");
  auto r = node.hear(gone(comment("", "c_2")));
  EXPECT_TRUE(r.owes_answer);
  auto to = node.now_of(a.now->id).to;
  EXPECT_EQ(to.comment_id, "c_1");
  EXPECT_EQ(to.comment_parent_id, "c_top");
  EXPECT_EQ(node.broken(), "");
}

TEST(withdrawals, of_a_comment_find_an_older_one_that_was_answered_long_ago) {
  storage_node node;
  auto a = node.hear(comment("How much?", "c_1"));
  node.clock.advance(seconds{3});
  node.answer(*a.now, "Ten.");
  node.hear(comment("oops", "c_2"));
  node.hear(gone(comment("", "c_2")));
  EXPECT_EQ(node.now_of(a.now->id).to.comment_id, "c_1");
}

TEST(withdrawals, told_twice_change_nothing_the_second_time) {
  storage_node node;
  node.hear(message("A", "m_a"));
  node.hear(gone(message("", "m_a")));
  auto b = node.hear(message("B", "m_b"));
  auto epoch = b.now->epoch;
  auto again = gone(message("", "m_a"));
  again.dedupe_key = "gone again";
  auto r = node.hear(again);
  EXPECT_EQ(r.now->epoch, epoch);
  EXPECT_TRUE(r.owes_answer);
}

} // namespace
} // namespace assistly::storage
