/// What becomes of a conversation whose answer never arrives, or comes back
/// unsent after somebody else had a say.
#include "storage/transactions/undelivered.hpp"
#include "tests/storage/storage_node.hpp"

#include <gtest/gtest.h>

namespace assistly::storage {
namespace {

using fakes::message;
using fakes::storage_node;

class undelivered_sends : public testing::Test {
protected:
  undelivered_sends()
    : c_(*node_.hear(message("When do you open?", "m_1")).now) {
    node_.clock.advance(seconds{3});
  }

  turn_id queue() {
    return node_.answer(node_.now_of(c_.id), "At nine.").sends.at(0).id;
  }

  /// The words of a hand-off, queued.
  turn_id hand_off() {
    auto c = node_.now_of(c_.id);
    draft made;
    made.kind = draft_kind::hand_off;
    made.epoch = c.epoch;
    made.for_seq = c.customer_seq;
    made.messages = {{turn_kind::text, "A colleague will answer you."}};
    return node_
      .write([&](work& w) {
        return decide(w, node_.tenant, c.id, made, node_.policy, false);
      })
      .sends.at(0)
      .id;
  }

  settled report(turn_id id, send_class what, std::int32_t code = 0,
                 bool unreached = false) {
    send_report r;
    r.what = what;
    r.code = code;
    r.unreached = unreached;
    return node_.settle(id, r);
  }

  /// Claims it, and lets it come back refused for now, its next try due.
  void come_back(turn_id id) {
    ASSERT_EQ(node_.claim(id).verdict, claim_verdict::proceed);
    back(id);
  }

  void back(turn_id id) {
    auto s = report(id, send_class::try_later, 4);
    ASSERT_EQ(s.how.state, turn_state::queued);
    node_.clock.set(s.how.next_try_at);
  }

  inbound_event withdrawn(std::string mid) {
    auto e = message("", mid);
    e.kind = event_kind::withdrawn;
    e.dedupe_key = "unsend:" + mid;
    return e;
  }

  turn last() {
    return node_.turns(c_.id).back();
  }

  storage_node node_;
  conversation c_;
};

TEST_F(undelivered_sends, go_to_people_with_a_note_when_refused) {
  auto id = queue();
  node_.claim(id);
  auto s = report(id, send_class::refused, 551);
  EXPECT_TRUE(s.changed) << "the mailbox is to be told";
  EXPECT_EQ(s.hash, c_.hash);
  EXPECT_EQ(node_.now_of(c_.id).owner, speaker::human);
  EXPECT_EQ(last().who, author::system);
  EXPECT_NE(last().text.find("551"), std::string::npos) << last().text;
  EXPECT_EQ(node_.number("SELECT count(*) FROM outbox"), 0)
    << "the hand-off says nothing to the customer";
  EXPECT_EQ(node_.broken(), "");
}

TEST_F(undelivered_sends, go_to_people_when_the_window_closed_first) {
  auto id = queue();
  node_.clock.advance(hours{24});
  auto c = node_.claim(id);
  EXPECT_EQ(c.verdict, claim_verdict::window_closed);
  EXPECT_TRUE(c.changed);
  EXPECT_EQ(c.hash, c_.hash);
  EXPECT_EQ(node_.now_of(c_.id).owner, speaker::human);
  EXPECT_EQ(last().kind, turn_kind::note);
  EXPECT_EQ(node_.broken(), "");
}

TEST_F(undelivered_sends, go_to_people_when_their_tries_are_used_up) {
  auto id = queue();
  for (int i = 1; i < most_send_attempts; ++i)
    come_back(id);
  EXPECT_EQ(node_.now_of(c_.id).owner, speaker::ai);
  node_.claim(id);
  EXPECT_TRUE(report(id, send_class::try_later, 4).changed);
  EXPECT_EQ(node_.now_of(c_.id).owner, speaker::human);
  EXPECT_EQ(last().who, author::system);
}

TEST_F(undelivered_sends, go_to_people_when_a_status_tells_of_it) {
  auto id = queue();
  node_.claim(id);
  node_.sent(id, "m_out");
  auto e = message("", "m_out");
  e.kind = event_kind::status;
  e.state = delivery_state::failed;
  e.failure_code = 131026;
  e.dedupe_key = "status:m_out";
  auto r = node_.hear(e);
  EXPECT_EQ(r.now->owner, speaker::human);
  EXPECT_EQ(last().who, author::system);
  EXPECT_EQ(node_.broken(), "");
}

TEST_F(undelivered_sends, of_a_person_change_nothing_when_refused) {
  auto d = node_.write([&](work& w) {
    return *act_as_member(w, node_.tenant, c_.id, member_act::reply, "Ana here",
                          node_.policy);
  });
  node_.claim(d.sends.at(0).id);
  EXPECT_FALSE(report(d.sends[0].id, send_class::refused, 551).changed);
  EXPECT_EQ(last().who, author::human);
}

TEST_F(undelivered_sends, take_the_time_of_a_persons_turn_from_the_settings) {
  auto plan = fakes::plan_of("acme");
  plan.settings.return_after = minutes{7};
  node_.apply(plan);
  auto id = queue();
  node_.claim(id);
  report(id, send_class::refused, 551);
  EXPECT_EQ(node_.now_of(c_.id).ai_returns_at, node_.clock.now() + minutes{7});
}

TEST_F(undelivered_sends, survive_a_way_to_meta_that_is_down_for_hours) {
  auto id = queue();
  auto until = node_.clock.now() + hours{3};
  while (node_.clock.now() < until) {
    ASSERT_EQ(node_.claim(id).verdict, claim_verdict::proceed);
    auto s = report(id, send_class::try_later, 0, true);
    ASSERT_EQ(s.how.state, turn_state::queued);
    node_.clock.set(s.how.next_try_at);
  }
  EXPECT_EQ(node_.number("SELECT attempts FROM outbox"), 0);
  EXPECT_EQ(node_.claim(id).verdict, claim_verdict::proceed);
  node_.sent(id, "m_out");
  EXPECT_EQ(node_.now_of(c_.id).owner, speaker::ai);
}

TEST_F(undelivered_sends, end_with_the_window_when_the_way_stays_down) {
  auto id = queue();
  while (true) {
    auto c = node_.claim(id);
    if (c.verdict == claim_verdict::window_closed)
      break;
    ASSERT_EQ(c.verdict, claim_verdict::proceed);
    node_.clock.set(report(id, send_class::try_later, 0, true).how.next_try_at);
  }
  EXPECT_LE(node_.clock.now(), fakes::some_morning + hours{24} + minutes{15});
  EXPECT_EQ(node_.now_of(c_.id).owner, speaker::human) << "somebody is told";
}

TEST_F(undelivered_sends, are_shown_to_people_once_when_nobody_vouches) {
  auto id = queue();
  node_.claim(id);
  auto s = report(id, send_class::in_doubt);
  auto show = [&] {
    return node_.write(
      [&](work& w) { return show_doubt(w, node_.tenant, id); });
  };
  auto doubts = [&] {
    return node_.read([&](session& one) {
      return sends_in_doubt(*one.db, node_.tenant, c_.channel);
    });
  };
  ASSERT_EQ(doubts().size(), 1u);
  EXPECT_EQ(doubts()[0].next_try_at, s.how.next_try_at);
  auto early = show();
  EXPECT_FALSE(early.hash) << "its echo may still come";
  EXPECT_EQ(early.due, s.how.next_try_at);
  node_.clock.set(s.how.next_try_at);
  EXPECT_EQ(show().hash, c_.hash) << "the mailbox is to be told";
  EXPECT_EQ(node_.now_of(c_.id).owner, speaker::human);
  EXPECT_EQ(last().kind, turn_kind::note);
  EXPECT_TRUE(doubts().empty());
  auto again = show();
  EXPECT_FALSE(again.hash);
  EXPECT_FALSE(again.due);
  EXPECT_EQ(node_.number("SELECT count(*) FROM outbox WHERE state = 7"), 1)
    << "a late echo still finds it";
  EXPECT_EQ(node_.broken(), "");
}

TEST_F(undelivered_sends, are_known_again_when_they_wait_in_the_queue) {
  auto id = queue();
  node_.claim(id);
  report(id, send_class::in_doubt);
  // Its adapter was dead when the clear answer came.
  report(id, send_class::try_later, 4);
  auto told =
    node_.write([&](work& w) { return show_doubt(w, node_.tenant, id); });
  EXPECT_EQ(told.queued, c_.id);
  EXPECT_FALSE(told.hash);
}

TEST_F(undelivered_sends, are_shown_in_time_when_the_clock_was_set_back) {
  auto id = queue();
  node_.claim(id);
  report(id, send_class::in_doubt);
  node_.clock.advance(-days{1});
  auto show = [&] {
    return node_.write(
      [&](work& w) { return show_doubt(w, node_.tenant, id); });
  };
  auto due = show().due;
  EXPECT_EQ(due, node_.clock.now() + doubt_shown_after);
  node_.clock.advance(seconds{30});
  EXPECT_EQ(show().due, due) << "it is put off once";
  node_.clock.advance(seconds{30});
  EXPECT_EQ(show().hash, c_.hash);
}

TEST_F(undelivered_sends, are_in_doubt_for_a_while_from_a_restart) {
  auto id = queue();
  node_.claim(id);
  node_.clock.advance(hours{2});
  node_.write([](work& w) { doubt_all_sending(w); });
  auto all = node_.read([&](session& s) {
    return sends_in_doubt(*s.db, node_.tenant, c_.channel);
  });
  ASSERT_EQ(all.size(), 1u);
  EXPECT_EQ(all[0].id, id);
  EXPECT_EQ(all[0].next_try_at, node_.clock.now() + doubt_shown_after);
}

TEST_F(undelivered_sends, are_not_shown_of_what_is_being_erased) {
  auto id = queue();
  node_.claim(id);
  node_.clock.set(report(id, send_class::in_doubt).how.next_try_at);
  node_.write([&](work& w) {
    w.keys.destroy(name_of(node_.tenant, c_.id));
    w.keys.destroy(name_of(node_.tenant, c_.person));
  });
  auto told =
    node_.write([&](work& w) { return show_doubt(w, node_.tenant, id); });
  EXPECT_FALSE(told.hash);
  EXPECT_FALSE(told.due);
  EXPECT_EQ(node_.number("SELECT owner FROM conversation"), 0);
}

TEST_F(undelivered_sends, are_cancelled_on_a_channel_that_was_turned_off) {
  auto id = queue();
  auto plan = fakes::plan_of("acme");
  for (auto& c : plan.channels)
    c.mode = channel_mode::off;
  node_.apply(plan);
  EXPECT_EQ(node_.claim(id).verdict, claim_verdict::overtaken);
  EXPECT_EQ(last().state, turn_state::cancelled);
  auto c = node_.now_of(c_.id);
  EXPECT_EQ(c.owner, speaker::ai);
  EXPECT_FALSE(c.reply_due_at);
  EXPECT_EQ(node_.number("SELECT count(*) FROM outbox"), 0);
  EXPECT_EQ(node_.broken(), "");
}

TEST_F(undelivered_sends, of_a_hand_off_are_not_said_after_a_members_answer) {
  auto id = hand_off();
  ASSERT_EQ(node_.claim(id).verdict, claim_verdict::proceed);
  node_.write([&](work& w) {
    return *act_as_member(w, node_.tenant, c_.id, member_act::reply, "At nine!",
                          node_.policy);
  });
  back(id);
  EXPECT_EQ(node_.claim(id).verdict, claim_verdict::overtaken);
  EXPECT_EQ(node_.turns(c_.id).at(1).state, turn_state::cancelled);
  EXPECT_EQ(node_.broken(), "");
}

TEST_F(undelivered_sends, of_a_hand_off_are_not_said_after_a_persons_echo) {
  auto id = hand_off();
  ASSERT_EQ(node_.claim(id).verdict, claim_verdict::proceed);
  auto entry = node_.offer(fakes::echo("Ana here", "m_ana"));
  node_.take(entry);
  node_.clock.advance(echo_grace);
  ASSERT_EQ(node_.take(entry).what, taken::stored);
  back(id);
  EXPECT_EQ(node_.claim(id).verdict, claim_verdict::overtaken);
}

TEST_F(undelivered_sends, of_a_hand_off_are_tried_again_while_nobody_spoke) {
  auto id = hand_off();
  come_back(id);
  node_.hear(message("Hello?", "m_2"));
  EXPECT_EQ(node_.claim(id).verdict, claim_verdict::proceed);
}

TEST_F(undelivered_sends, are_not_tried_again_for_words_that_were_taken_back) {
  auto id = queue();
  node_.claim(id);
  node_.hear(withdrawn("m_1"));
  back(id);
  auto c = node_.claim(id);
  EXPECT_EQ(c.verdict, claim_verdict::overtaken);
  EXPECT_FALSE(c.changed) << "nothing else was asked";
  EXPECT_FALSE(node_.now_of(c_.id).reply_due_at);
  EXPECT_EQ(node_.broken(), "");
}

TEST_F(undelivered_sends, owe_what_was_not_taken_back_an_answer_again) {
  node_.hear(message("And on Sunday?", "m_2"));
  auto id = queue();
  node_.claim(id);
  node_.hear(withdrawn("m_1"));
  back(id);
  auto c = node_.claim(id);
  EXPECT_EQ(c.verdict, claim_verdict::overtaken);
  EXPECT_TRUE(c.changed) << "the mailbox is to be told";
  EXPECT_TRUE(node_.now_of(c_.id).reply_due_at);
  EXPECT_EQ(node_.now_of(c_.id).answered_seq, 0);
  EXPECT_EQ(node_.broken(), "");
}

TEST_F(undelivered_sends, stand_that_were_made_after_words_were_taken_back) {
  node_.hear(message("And on Sunday?", "m_2"));
  node_.hear(withdrawn("m_1"));
  node_.clock.advance(seconds{3});
  auto id = queue();
  come_back(id);
  EXPECT_EQ(node_.claim(id).verdict, claim_verdict::proceed);
}

TEST_F(undelivered_sends, stand_when_a_newer_question_is_taken_back) {
  auto id = queue();
  node_.claim(id);
  node_.hear(message("A", "m_a"));
  node_.hear(message("B", "m_b"));
  node_.hear(withdrawn("m_a"));
  node_.clock.advance(seconds{3});
  node_.answer(node_.now_of(c_.id), "B is thus.");
  back(id);
  EXPECT_EQ(node_.claim(id).verdict, claim_verdict::proceed)
    << "its question is neither gone nor answered otherwise";
  EXPECT_EQ(node_.broken(), "");
}

} // namespace
} // namespace assistly::storage
