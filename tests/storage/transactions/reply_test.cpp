#include "storage/transactions/reply.hpp"
#include "tests/storage/storage_node.hpp"

#include <gtest/gtest.h>

namespace assistly::storage {
namespace {

using fakes::message;
using fakes::storage_node;

class replies : public testing::Test {
protected:
  replies() : c_(*node_.hear(message("When do you open?", "m_1")).now) {
    node_.clock.advance(seconds{3});
  }

  turn_id queue() {
    return node_.answer(node_.now_of(c_.id), "At nine.").sends.at(0).id;
  }

  settled report(turn_id id, send_class what, std::int32_t code = 0) {
    send_report r;
    r.what = what;
    r.code = code;
    return node_.settle(id, r);
  }

  turn_state state(std::size_t at = 1) {
    return node_.turns(c_.id).at(at).state;
  }

  std::int64_t rows() {
    return node_.number("SELECT count(*) FROM outbox");
  }

  storage_node node_;
  conversation c_;
};

TEST_F(replies, are_queued_with_the_end_of_what_was_owed) {
  auto d = node_.answer(c_, "At nine.");
  EXPECT_TRUE(d.found);
  EXPECT_FALSE(d.stale);
  ASSERT_EQ(d.sends.size(), 1u);
  EXPECT_EQ(d.sends[0].state, turn_state::queued);
  EXPECT_EQ(state(), turn_state::queued);
  EXPECT_FALSE(node_.now_of(c_.id).reply_due_at);
  auto waiting = node_.read([&](session& s) {
    return waiting_sends(*s.db, node_.tenant, c_.channel, 10);
  });
  ASSERT_EQ(waiting.size(), 1u);
  EXPECT_EQ(waiting[0].id, d.sends[0].id);
  EXPECT_EQ(waiting[0].conversation, c_.id);
  EXPECT_EQ(node_.broken(), "");
}

TEST_F(replies, write_nothing_when_the_draft_is_stale) {
  auto d = node_.answer(c_, "At nine.");
  auto again = node_.answer(c_, "At nine!");
  EXPECT_TRUE(again.found);
  EXPECT_TRUE(again.stale);
  EXPECT_EQ(node_.turns(c_.id).size(), 2u);
  EXPECT_EQ(rows(), 1);
}

TEST_F(replies, find_nothing_to_decide_in_a_conversation_that_is_gone) {
  node_.erase(erase_scope::conversation, c_.id.value);
  EXPECT_FALSE(node_.answer(c_, "At nine.").found);
  EXPECT_EQ(node_.broken(), "");
}

TEST_F(replies, are_claimed_and_decided_in_one_when_the_channel_is_idle) {
  auto d = node_.answer(c_, "At nine.", true);
  ASSERT_EQ(d.sends.size(), 1u);
  EXPECT_EQ(d.sends[0].state, turn_state::sending);
  EXPECT_EQ(d.sends[0].attempts, 1);
  EXPECT_EQ(d.sends[0].claimed_at, node_.clock.now());
  EXPECT_EQ(node_.claim(d.sends[0].id).verdict, claim_verdict::overtaken)
    << "never claimed twice";
  EXPECT_EQ(rows(), 1);
  EXPECT_EQ(node_.broken(), "");
}

TEST_F(replies, are_claimed_before_they_are_sent) {
  auto id = queue();
  auto c = node_.claim(id);
  EXPECT_TRUE(c.found);
  EXPECT_EQ(c.verdict, claim_verdict::proceed);
  EXPECT_EQ(c.text, "At nine.");
  EXPECT_EQ(c.row.attempts, 1);
  EXPECT_EQ(c.to.aliases.at(0).external_id, "customer-1");
  EXPECT_EQ(state(), turn_state::sending);
  EXPECT_EQ(node_.number("SELECT claimed_at FROM outbox"),
            to_unix_ms(node_.clock.now()));
  EXPECT_EQ(node_.broken(), "");
}

TEST_F(replies, are_cancelled_at_the_claim_after_a_takeover) {
  auto id = queue();
  // Behind the inbox's back, so that the row is still there.
  node_.execute("UPDATE conversation SET owner = 1, epoch = epoch + 1");
  auto c = node_.claim(id);
  EXPECT_EQ(c.verdict, claim_verdict::overtaken);
  EXPECT_EQ(state(), turn_state::cancelled);
  EXPECT_EQ(rows(), 0);
  EXPECT_EQ(node_.broken(), "");
}

TEST_F(replies, fail_at_the_claim_when_the_window_has_closed) {
  auto id = queue();
  node_.clock.advance(hours{24});
  EXPECT_EQ(node_.claim(id).verdict, claim_verdict::window_closed);
  EXPECT_EQ(state(), turn_state::failed);
  EXPECT_EQ(rows(), 0);
}

TEST_F(replies, are_not_found_at_the_claim_once_they_are_gone) {
  auto id = queue();
  node_.erase(erase_scope::conversation, c_.id.value);
  EXPECT_FALSE(node_.claim(id).found);
}

TEST_F(replies, never_leave_without_their_words) {
  auto id = queue();
  node_.execute("DELETE FROM turn WHERE author = 2");
  EXPECT_EQ(node_.claim(id).verdict, claim_verdict::overtaken);
  EXPECT_EQ(rows(), 0);
}

TEST_F(replies, are_sent_with_metas_id) {
  auto id = queue();
  node_.claim(id);
  auto s = node_.sent(id, "m_out");
  EXPECT_EQ(s.conversation, c_.id);
  EXPECT_EQ(s.hash, c_.hash);
  EXPECT_EQ(state(), turn_state::sent);
  EXPECT_EQ(node_.turns(c_.id).at(1).external_id, "m_out");
  EXPECT_EQ(rows(), 0);
  EXPECT_EQ(node_.broken(), "");
}

TEST_F(replies, fail_for_good_when_clearly_refused) {
  auto id = queue();
  node_.claim(id);
  report(id, send_class::refused, 100);
  EXPECT_EQ(state(), turn_state::failed);
  EXPECT_EQ(node_.turns(c_.id).at(1).failure_code, 100);
  EXPECT_EQ(rows(), 0);
}

TEST_F(replies, wait_their_time_when_refused_for_now) {
  auto id = queue();
  node_.claim(id);
  auto s = report(id, send_class::try_later, 4);
  EXPECT_EQ(s.how.state, turn_state::queued);
  EXPECT_EQ(node_.claim(id).verdict, claim_verdict::not_yet);
  node_.clock.set(s.how.next_try_at);
  EXPECT_EQ(node_.claim(id).verdict, claim_verdict::proceed);
  EXPECT_EQ(node_.broken(), "");
}

TEST_F(replies, are_given_up_after_eight_tries) {
  auto id = queue();
  for (int i = 1; i < most_send_attempts; ++i) {
    ASSERT_EQ(node_.claim(id).verdict, claim_verdict::proceed) << i;
    auto s = report(id, send_class::try_later, 4);
    ASSERT_EQ(s.how.state, turn_state::queued) << i;
    node_.clock.set(s.how.next_try_at);
  }
  node_.claim(id);
  EXPECT_EQ(report(id, send_class::try_later, 4).how.state, turn_state::failed);
  EXPECT_EQ(rows(), 0);
  EXPECT_EQ(node_.broken(), "");
}

TEST_F(replies, lose_no_try_to_a_dead_token) {
  auto id = queue();
  for (int i = 0; i < 3 * most_send_attempts; ++i) {
    ASSERT_EQ(node_.claim(id).verdict, claim_verdict::proceed) << i;
    auto s = report(id, send_class::token_dead, 190);
    ASSERT_EQ(s.how.state, turn_state::queued);
    node_.clock.set(s.how.next_try_at);
  }
  EXPECT_EQ(node_.number("SELECT attempts FROM outbox"), 0);
  node_.claim(id);
  EXPECT_EQ(report(id, send_class::try_later, 4).how.state, turn_state::queued);
}

TEST_F(replies, stay_in_doubt_until_somebody_vouches_for_them) {
  auto id = queue();
  node_.claim(id);
  report(id, send_class::in_doubt);
  EXPECT_EQ(state(), turn_state::unknown);
  EXPECT_EQ(rows(), 1);
  EXPECT_EQ(node_.claim(id).verdict, claim_verdict::overtaken)
    << "never repeated blindly";
  EXPECT_EQ(rows(), 1);
  EXPECT_EQ(node_.broken(), "");
}

TEST_F(replies, owe_their_question_again_when_overtaken_on_the_way_back) {
  auto id = queue();
  node_.claim(id);
  node_.hear(message("On Sunday?", "m_2"));
  auto s = report(id, send_class::try_later, 4);
  node_.clock.set(s.how.next_try_at);
  auto under_way = node_.now_of(c_.id);
  auto claimed = node_.claim(id);
  EXPECT_EQ(claimed.verdict, claim_verdict::overtaken);
  EXPECT_TRUE(claimed.changed) << "the mailbox knows the newer question alone";
  EXPECT_TRUE(node_.answer(under_way, "On Sunday, yes.").stale)
    << "made without the older question";
  auto c = node_.now_of(c_.id);
  EXPECT_EQ(c.answered_seq, 0) << "the next answer is for both questions";
  EXPECT_TRUE(c.reply_due_at);
  EXPECT_EQ(node_.broken(), "");
}

TEST_F(replies, of_one_channel_are_doubted_when_its_adapter_dies) {
  auto id = queue();
  node_.claim(id);
  node_.write([&](work& w) {
    doubt_sending(w, node_.tenant, channel_id{c_.channel.value + 1});
  });
  EXPECT_EQ(state(), turn_state::sending);
  node_.write([&](work& w) { doubt_sending(w, node_.tenant, c_.channel); });
  EXPECT_EQ(state(), turn_state::unknown);
  EXPECT_EQ(node_.broken(), "");
}

TEST_F(replies, of_a_member_take_over_and_cancel_what_is_queued) {
  queue();
  auto d = node_.write([&](work& w) {
    return *act_as_member(w, node_.tenant, c_.id, member_act::reply, "Ana here",
                          node_.policy);
  });
  EXPECT_TRUE(d.found);
  ASSERT_EQ(d.sends.size(), 1u);
  EXPECT_EQ(state(1), turn_state::cancelled);
  EXPECT_EQ(state(2), turn_state::queued);
  EXPECT_EQ(rows(), 1);
  EXPECT_EQ(node_.now_of(c_.id).owner, speaker::human);
  EXPECT_EQ(node_.claim(d.sends[0].id).verdict, claim_verdict::proceed);
  EXPECT_EQ(node_.broken(), "");
}

TEST_F(replies, of_a_member_are_refused_after_the_window) {
  node_.clock.advance(hours{24});
  auto d = node_.write([&](work& w) {
    return act_as_member(w, node_.tenant, c_.id, member_act::reply, "Ana here",
                         node_.policy);
  });
  ASSERT_FALSE(d);
  EXPECT_EQ(d.error().code, errc::window_closed);
  EXPECT_EQ(rows(), 0);
  EXPECT_EQ(node_.now_of(c_.id).owner, speaker::ai);
}

TEST_F(replies, of_a_member_leave_in_order_when_one_was_refused_for_now) {
  std::string long_line;
  while (long_line.size() < 4'500)
    long_line += "We open at nine. ";
  auto d = node_.write([&](work& w) {
    return *act_as_member(w, node_.tenant, c_.id, member_act::reply, long_line,
                          node_.policy);
  });
  ASSERT_EQ(d.sends.size(), 3u);
  EXPECT_EQ(rows(), 3);
  // After a restart the last may be the first that is asked for.
  auto last = node_.claim(d.sends[2].id);
  EXPECT_EQ(last.verdict, claim_verdict::not_yet);
  EXPECT_GT(last.row.next_try_at, node_.clock.now());
  ASSERT_EQ(node_.claim(d.sends[0].id).verdict, claim_verdict::proceed);
  auto back = report(d.sends[0].id, send_class::try_later, 4);
  auto second = node_.claim(d.sends[1].id);
  EXPECT_EQ(second.verdict, claim_verdict::not_yet);
  EXPECT_GE(second.row.next_try_at, back.how.next_try_at);
  node_.clock.set(back.how.next_try_at);
  for (const auto& row : d.sends) {
    ASSERT_EQ(node_.claim(row.id).verdict, claim_verdict::proceed);
    node_.sent(row.id, "m_out_" + std::to_string(row.seq));
  }
  EXPECT_EQ(rows(), 0);
  EXPECT_EQ(node_.broken(), "");
}

TEST_F(replies, are_cancelled_at_the_claim_once_the_conversation_has_ended) {
  auto id = queue();
  node_.clock.set(node_.now_of(c_.id).erase_at);
  // The window is open still: it is not what ends it.
  node_.execute("UPDATE conversation SET customer_acted_at = "
                + std::to_string(to_unix_ms(node_.clock.now())));
  EXPECT_EQ(node_.claim(id).verdict, claim_verdict::overtaken);
  EXPECT_EQ(state(), turn_state::cancelled);
  EXPECT_EQ(rows(), 0);
  EXPECT_EQ(node_.turns(c_.id).size(), 2u) << "there is nobody to tell";
  EXPECT_EQ(node_.broken(), "");
}

TEST_F(replies, of_a_member_find_no_conversation_that_has_ended) {
  node_.clock.set(node_.now_of(c_.id).erase_at);
  for (auto what :
       {member_act::take_over, member_act::hand_back, member_act::reply}) {
    auto d = node_.write([&](work& w) {
      return act_as_member(w, node_.tenant, c_.id, what, "Ana here",
                           node_.policy);
    });
    ASSERT_FALSE(d);
    EXPECT_EQ(d.error().code, errc::not_found);
  }
  EXPECT_EQ(node_.now_of(c_.id).erase_at, c_.erase_at) << "nothing revives it";
}

TEST_F(replies, pause_while_a_member_has_taken_over_until_it_is_handed_back) {
  auto act = [&](member_act what) {
    return node_.write([&](work& w) {
      return *act_as_member(w, node_.tenant, c_.id, what, {}, node_.policy);
    });
  };
  queue();
  auto taken = act(member_act::take_over);
  EXPECT_EQ(taken.now->owner, speaker::human);
  EXPECT_EQ(rows(), 0);
  EXPECT_FALSE(node_.hear(message("Hello?", "m_2")).owes_answer);
  auto back = act(member_act::hand_back);
  EXPECT_EQ(back.now->owner, speaker::ai);
  EXPECT_TRUE(node_.hear(message("Hello??", "m_3")).owes_answer);
  EXPECT_EQ(node_.broken(), "");
}

TEST_F(replies, that_a_start_makes_are_counted_before_and_forgotten_once_made) {
  auto attempts = [&] {
    return node_.read(
      [](session& s) { return owed_replies(*s.db).at(0).attempts; });
  };
  for (int i = 1; i <= 2; ++i) {
    node_.write([&](work& w) { count_reply_try(w, node_.tenant, c_.hash); });
    EXPECT_EQ(attempts(), i);
  }
  node_.write([&](work& w) { forget_reply_tries(w, node_.tenant, c_.id); });
  EXPECT_EQ(attempts(), 0);
  EXPECT_EQ(node_.broken(), "");
}

TEST_F(replies, that_are_owed_are_found_by_a_start) {
  auto owed = [&] {
    return node_.read([](session& s) { return owed_replies(*s.db); });
  };
  ASSERT_EQ(owed().size(), 1u);
  EXPECT_EQ(owed()[0].tenant, node_.tenant);
  EXPECT_EQ(owed()[0].conversation, c_.hash);
  node_.reopen();
  EXPECT_EQ(owed().size(), 1u);
  queue();
  EXPECT_TRUE(owed().empty());
}

TEST_F(replies, count_their_failed_tries_on_the_conversation) {
  auto fail = [&] {
    return node_.write(
      [&](work& w) { return count_failed_reply(w, node_.tenant, c_.id); });
  };
  EXPECT_EQ(fail(), 1);
  EXPECT_EQ(fail(), 2);
  EXPECT_EQ(node_.now_of(c_.id).reply_attempts, 2);
  node_.erase(erase_scope::conversation, c_.id.value);
  EXPECT_EQ(fail(), 0);
}

} // namespace
} // namespace assistly::storage
