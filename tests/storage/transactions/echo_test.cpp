#include "tests/storage/storage_node.hpp"

#include <gtest/gtest.h>

namespace assistly::storage {
namespace {

using fakes::echo;
using fakes::message;
using fakes::storage_node;

class echoes : public testing::Test {
protected:
  /// A question, and its answer claimed.
  void ask() {
    c_ = *node_.hear(message("When do you open?", "m_1")).now;
    node_.clock.advance(seconds{3});
    send_ = node_.answer(c_, "At nine.", true).sends.at(0).id;
  }

  turn_state state() {
    return node_.turns(c_.id).at(1).state;
  }

  storage_node node_;
  conversation c_;
  turn_id send_;
};

TEST_F(echoes, reconcile_a_send_by_its_callback_before_the_answer_comes) {
  ask();
  auto e = echo("At nine.", "m_out");
  e.callback = to_string(send_);
  EXPECT_EQ(node_.hear(e).what, taken::reconciled);
  EXPECT_EQ(state(), turn_state::sent);
  EXPECT_EQ(node_.turns(c_.id).at(1).external_id, "m_out");
  EXPECT_EQ(node_.number("SELECT count(*) FROM outbox"), 0);
  auto late = node_.sent(send_, "m_out");
  EXPECT_FALSE(late.conversation) << "the echo was quicker";
  EXPECT_EQ(node_.turns(c_.id).size(), 2u);
  EXPECT_EQ(node_.broken(), "");
}

TEST_F(echoes, reconcile_a_send_by_its_words_where_no_mark_comes_back) {
  ask();
  EXPECT_EQ(node_.hear(echo("At nine.", "m_out")).what, taken::reconciled);
  EXPECT_EQ(state(), turn_state::sent);
}

TEST_F(echoes, know_a_settled_send_by_the_id_that_meta_gave) {
  ask();
  node_.sent(send_, "m_out");
  auto r = node_.hear(echo("At nine.", "m_out"));
  EXPECT_EQ(r.what, taken::ignored);
  EXPECT_EQ(node_.now_of(c_.id).owner, speaker::ai);
  EXPECT_EQ(node_.turns(c_.id).size(), 2u);
}

TEST_F(echoes, know_a_settled_send_after_its_conversation_was_erased) {
  ask();
  node_.sent(send_, "m_out");
  node_.erase(erase_scope::conversation, c_.id.value);
  auto r = node_.hear(echo("At nine.", "m_out"));
  EXPECT_EQ(r.what, taken::ignored);
  EXPECT_EQ(node_.number("SELECT count(*) FROM conversation"), 0)
    << "an echo of ours never brings a person back";
}

TEST_F(echoes, know_a_send_whose_answer_came_after_the_erasure) {
  ask();
  node_.clock.advance(seconds{31});
  node_.erase(erase_scope::conversation, c_.id.value);
  auto late = node_.sent(send_, "m_out");
  EXPECT_FALSE(late.conversation);
  EXPECT_EQ(node_.hear(echo("At nine.", "m_out")).what, taken::ignored);
  EXPECT_EQ(node_.number("SELECT count(*) FROM conversation"), 0);
}

TEST_F(echoes, of_strangers_wait_for_a_send_in_doubt_and_then_take_over) {
  ask();
  auto entry = node_.offer(echo("Ana here", "m_ana"));
  auto r = node_.take(entry);
  EXPECT_EQ(r.what, taken::deferred);
  EXPECT_GT(r.retry_at, node_.clock.now());
  EXPECT_EQ(node_.number("SELECT count(*) FROM journal"), 1);
  node_.clock.advance(echo_grace);
  r = node_.take(entry);
  EXPECT_EQ(r.what, taken::stored);
  EXPECT_EQ(r.now->owner, speaker::human);
  EXPECT_EQ(node_.number("SELECT count(*) FROM journal"), 0);
  EXPECT_EQ(node_.broken(), "");
}

TEST_F(echoes, that_waited_turn_out_to_be_ours_once_the_answer_is_settled) {
  ask();
  // Meta changed the text, and gives no mark back.
  auto entry = node_.offer(echo("At nine…", "m_out"));
  EXPECT_EQ(node_.take(entry).what, taken::deferred);
  node_.sent(send_, "m_out");
  node_.clock.advance(echo_grace);
  EXPECT_EQ(node_.take(entry).what, taken::ignored);
  EXPECT_EQ(node_.now_of(c_.id).owner, speaker::ai);
}

TEST_F(echoes, of_a_person_open_a_conversation_that_they_own) {
  auto r = node_.hear(echo("Hi, Ana here", "m_ana"));
  EXPECT_TRUE(r.created);
  EXPECT_EQ(r.now->owner, speaker::human);
  EXPECT_EQ(node_.broken(), "");
}

TEST_F(echoes, reconcile_what_a_crash_left_in_doubt) {
  ask();
  node_.reopen();
  EXPECT_EQ(node_.write([](work& w) { return doubt_all_sending(w); }), 1);
  EXPECT_EQ(state(), turn_state::unknown);
  EXPECT_EQ(node_.broken(), "");
  auto e = echo("At nine.", "m_out");
  e.callback = to_string(send_);
  EXPECT_EQ(node_.hear(e).what, taken::reconciled);
  EXPECT_EQ(state(), turn_state::sent);
  EXPECT_EQ(node_.number("SELECT count(*) FROM outbox"), 0);
  EXPECT_EQ(node_.broken(), "");
}

TEST_F(echoes, tell_a_comment_answer_of_ours_from_a_persons) {
  auto a = node_.hear(fakes::comment("How much?", "c_1"));
  node_.clock.advance(seconds{3});
  auto d = node_.answer(*a.now, "Ten.", true);
  send_report report;
  report.what = send_class::sent;
  report.external_id = "c_ours";
  node_.settle(d.sends.at(0).id, report, channel_kind::page_comments);
  auto own = fakes::comment("Ten.", "c_ours", "");
  own.kind = event_kind::echo;
  own.parent_id = "c_1";
  EXPECT_EQ(node_.hear(own).what, taken::ignored);
  auto person = fakes::comment("Nine for you!", "c_ana", "");
  person.kind = event_kind::echo;
  person.parent_id = "c_1";
  auto r = node_.hear(person);
  EXPECT_EQ(r.what, taken::stored);
  EXPECT_EQ(r.now->id, a.now->id) << "found by the comment it answers";
  EXPECT_EQ(r.now->owner, speaker::human);
}

TEST_F(echoes, statuses_move_a_send_on_by_the_id_that_meta_gave) {
  ask();
  node_.sent(send_, "wamid");
  auto told = [&](delivery_state how) {
    auto e = message("", "wamid");
    e.kind = event_kind::status;
    e.person.clear();
    e.state = how;
    e.failure_code = how == delivery_state::failed ? 131026 : 0;
    e.dedupe_key = "status:" + std::to_string(static_cast<int>(how));
    node_.hear(e);
    return state();
  };
  EXPECT_EQ(told(delivery_state::delivered), turn_state::delivered);
  EXPECT_EQ(told(delivery_state::sent), turn_state::delivered);
  EXPECT_EQ(told(delivery_state::failed), turn_state::delivered);
  EXPECT_EQ(told(delivery_state::read), turn_state::read);
}

TEST_F(echoes, a_failed_status_ends_a_send_in_doubt) {
  ask();
  auto e = message("", "wamid");
  e.kind = event_kind::status;
  e.state = delivery_state::failed;
  e.failure_code = 131026;
  e.callback = to_string(send_);
  EXPECT_EQ(node_.hear(e).what, taken::reconciled);
  EXPECT_EQ(state(), turn_state::failed);
  EXPECT_EQ(node_.turns(c_.id).at(1).failure_code, 131026);
  EXPECT_EQ(node_.number("SELECT count(*) FROM outbox"), 0);
  EXPECT_EQ(node_.broken(), "");
}

} // namespace
} // namespace assistly::storage
