/// A private reply is a turn of the comment's conversation, but arrives in the
/// author's direct messages, and is told of there.
#include "tests/storage/storage_node.hpp"

#include <gtest/gtest.h>

namespace assistly::storage {
namespace {

using fakes::comment;
using fakes::echo;
using fakes::message;
using fakes::storage_node;

class private_replies : public testing::Test {
protected:
  void ask(bool claim_now = true) {
    c_ = *node_.hear(comment("How much?", "c_1")).now;
    node_.clock.advance(seconds{3});
    send_ = say(claim_now).sends.at(0).id;
  }

  decided say(bool claim_now) {
    auto c = node_.now_of(c_.id);
    draft made;
    made.kind = draft_kind::answer;
    made.epoch = c.epoch;
    made.for_seq = c.customer_seq;
    made.messages = {{turn_kind::private_reply, "It costs ten."}};
    return node_.write([&](work& w) {
      return decide(w, node_.tenant, c.id, made, node_.policy, claim_now);
    });
  }

  void arrive() {
    send_report report;
    report.what = send_class::sent;
    report.external_id = "m_out";
    node_.settle(send_, report, channel_kind::page_comments);
  }

  std::int64_t conversations() {
    return node_.number("SELECT count(*) FROM conversation");
  }

  storage_node node_;
  conversation c_;
  turn_id send_;
};

TEST_F(private_replies, are_settled_by_their_echo_when_it_is_quicker) {
  ask();
  auto e = echo("It costs ten.", "m_out");
  e.callback = to_string(send_);
  auto r = node_.hear(e);
  EXPECT_EQ(r.what, taken::reconciled);
  EXPECT_EQ(r.now->id, c_.id);
  EXPECT_EQ(r.now->owner, speaker::ai);
  EXPECT_EQ(node_.turns(c_.id).at(1).state, turn_state::sent);
  EXPECT_EQ(conversations(), 1) << "an echo of ours opens nothing";
  EXPECT_EQ(node_.number("SELECT count(*) FROM outbox"), 0);
  EXPECT_EQ(node_.number("SELECT count(*) FROM journal"), 0);
  EXPECT_EQ(r.now->to, c_.to) << "the comment is still answered as before";
  auto direct = node_.hear(message("Thanks!", "m_1"));
  EXPECT_EQ(direct.now->person, c_.person) << "the echo named the author";
  EXPECT_EQ(node_.broken(), "");
}

TEST_F(private_replies, are_found_by_their_mark_beside_an_older_conversation) {
  auto direct = node_.hear(message("Hello", "m_1"));
  ask();
  auto e = echo("It costs ten.", "m_out");
  e.callback = to_string(send_);
  EXPECT_EQ(node_.hear(e).now->id, c_.id);
  EXPECT_EQ(node_.now_of(direct.now->id).owner, speaker::ai);
  EXPECT_EQ(node_.broken(), "");
}

TEST_F(private_replies, let_an_echo_without_our_mark_wait_for_their_receipt) {
  ask();
  auto entry = node_.offer(echo("It costs ten.", "m_out"));
  auto r = node_.take(entry);
  EXPECT_EQ(r.what, taken::deferred);
  EXPECT_GT(r.retry_at, node_.clock.now());
  EXPECT_EQ(conversations(), 1) << "nobody is made while it is in doubt";
  EXPECT_EQ(node_.number("SELECT count(*) FROM person"), 1);
  EXPECT_EQ(node_.number("SELECT count(*) FROM journal"), 1);
  arrive();
  node_.clock.set(r.retry_at);
  EXPECT_EQ(node_.take(entry).what, taken::ignored) << "it was ours";
  EXPECT_EQ(conversations(), 1);
  EXPECT_EQ(node_.broken(), "");
}

TEST_F(private_replies, let_an_echo_wait_that_would_take_a_conversation_over) {
  auto direct = node_.hear(message("Hello", "m_1"));
  ask();
  auto entry = node_.offer(echo("It costs ten.", "m_out"));
  EXPECT_EQ(node_.take(entry).what, taken::deferred);
  EXPECT_EQ(node_.now_of(direct.now->id).owner, speaker::ai);
  node_.clock.advance(echo_grace);
  EXPECT_EQ(node_.take(entry).what, taken::stored) << "nobody vouched for it";
  EXPECT_EQ(node_.now_of(direct.now->id).owner, speaker::human);
}

TEST_F(private_replies, let_no_echo_wait_on_another_account_or_kind) {
  ask();
  auto plan = fakes::plan_of("acme");
  auto second = plan.channels[0];
  ASSERT_EQ(second.kind, channel_kind::messenger);
  second.access.account_id = "acme-page-2";
  plan.channels.push_back(second);
  node_.apply(plan);
  auto other_page = echo("Ana here", "m_ana");
  other_page.account_id = "acme-page-2";
  EXPECT_EQ(node_.hear(other_page).what, taken::stored);
  auto instagram = echo("Ana here", "i_ana");
  instagram.channel = channel_kind::instagram;
  instagram.account_id = "acme-insta";
  instagram.person = {{alias_space::igsid, "customer-1"}};
  EXPECT_EQ(node_.hear(instagram).what, taken::stored);
}

TEST_F(private_replies, let_no_echo_wait_long_after_their_claim) {
  ask();
  node_.clock.advance(echo_follows);
  EXPECT_EQ(node_.hear(echo("Ana here", "m_ana")).what, taken::stored);
}

TEST_F(private_replies, let_no_echo_wait_while_they_are_queued) {
  ask(false);
  EXPECT_EQ(node_.hear(echo("Ana here", "m_ana")).what, taken::stored);
}

TEST_F(private_replies, are_told_of_by_their_id_in_direct_messages) {
  ask();
  arrive();
  auto e = message("", "m_out");
  e.kind = event_kind::status;
  e.state = delivery_state::read;
  e.dedupe_key = "seen:m_out";
  auto r = node_.hear(e);
  ASSERT_TRUE(r.now);
  EXPECT_EQ(r.now->id, c_.id);
  EXPECT_EQ(node_.turns(c_.id).at(1).state, turn_state::read);
  EXPECT_EQ(node_.broken(), "");
}

TEST_F(private_replies, are_unused_again_when_a_member_cancels_them) {
  ask(false);
  EXPECT_TRUE(node_.now_of(c_.id).private_reply_used);
  node_.write([&](work& w) {
    return *act_as_member(w, node_.tenant, c_.id, member_act::take_over, {},
                          node_.policy);
  });
  EXPECT_FALSE(node_.now_of(c_.id).private_reply_used);
}

TEST_F(private_replies, are_unused_again_when_cancelled_at_their_claim) {
  ask(false);
  node_.execute("UPDATE channel SET mode = 0");
  EXPECT_EQ(node_.claim(send_).verdict, claim_verdict::overtaken);
  EXPECT_FALSE(node_.now_of(c_.id).private_reply_used);
}

TEST_F(private_replies, stay_used_once_they_were_sent) {
  ask();
  arrive();
  node_.hear(comment("And shipping?", "c_2"));
  EXPECT_TRUE(node_.now_of(c_.id).private_reply_used);
  node_.clock.advance(seconds{3});
  auto d = say(false);
  EXPECT_TRUE(d.sends.empty());
  EXPECT_FALSE(d.unsendable);
  EXPECT_EQ(node_.now_of(c_.id).owner, speaker::ai);
}

} // namespace
} // namespace assistly::storage
