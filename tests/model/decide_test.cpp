#include "model/text_limits.hpp"
#include "tests/model/talk.hpp"

#include <gtest/gtest.h>

namespace assistly {
namespace {

using fakes::talk;

talk asked() {
  talk t;
  t.customer("When do you open?");
  t.now += seconds{2};
  return t;
}

TEST(decide, queues_the_answer_and_owes_nothing_more) {
  auto t = asked();
  auto r = t.decide(t.answer("At nine."));
  EXPECT_FALSE(r.stale);
  ASSERT_EQ(r.turns.size(), 1u);
  ASSERT_EQ(r.sends.size(), 1u);
  EXPECT_EQ(r.turns[0].who, author::ai);
  EXPECT_EQ(r.turns[0].state, turn_state::queued);
  EXPECT_EQ(r.turns[0].text, "At nine.");
  EXPECT_EQ(r.sends[0].id, r.turns[0].id) << "the row's id is the turn's";
  EXPECT_EQ(r.sends[0].seq, r.turns[0].seq);
  EXPECT_EQ(r.sends[0].epoch, t.c.epoch);
  EXPECT_EQ(r.sends[0].answers_after, 0);
  EXPECT_EQ(r.sends[0].answers_to, 1);
  EXPECT_EQ(r.sends[0].next_try_at, t.now);
  EXPECT_FALSE(t.c.reply_due_at);
  EXPECT_FALSE(t.c.unanswered_since);
  EXPECT_EQ(t.c.answered_seq, 1);
  EXPECT_EQ(t.c.answered_at, fakes::some_morning);
}

TEST(decide, is_stale_under_another_epoch) {
  auto t = asked();
  auto d = t.answer("At nine.");
  take_over(t.c, t.policy, t.now);
  hand_back(t.c);
  t.customer("Hello?");
  d.for_seq = t.c.customer_seq;
  auto before = t.c.seq;
  EXPECT_TRUE(t.decide(d).stale);
  EXPECT_EQ(t.c.seq, before);
  EXPECT_TRUE(t.c.reply_due_at) << "the answer stays owed";
}

TEST(decide, is_stale_after_a_newer_customer_turn) {
  auto t = asked();
  auto d = t.answer("At nine.");
  t.customer("On Sunday?");
  auto r = t.decide(d);
  EXPECT_TRUE(r.stale);
  EXPECT_TRUE(r.sends.empty());
  EXPECT_TRUE(r.turns.empty());
}

TEST(decide, is_stale_once_a_person_owns_the_conversation) {
  auto t = asked();
  auto d = t.answer("At nine.");
  take_over(t.c, t.policy, t.now);
  d.epoch = t.c.epoch;
  EXPECT_TRUE(t.decide(d).stale);
}

TEST(decide, is_stale_the_second_time) {
  auto t = asked();
  auto d = t.answer("At nine.");
  EXPECT_FALSE(t.decide(d).stale);
  EXPECT_TRUE(t.decide(d).stale) << "one turn gets one answer";
}

TEST(decide, says_a_hand_off_once_with_words_that_survive_it) {
  auto t = asked();
  auto d = t.answer("A colleague will answer you soon.");
  d.kind = draft_kind::hand_off;
  d.note = "Asks for Sunday hours.";
  auto epoch = t.c.epoch;
  auto r = t.decide(d);
  EXPECT_EQ(t.c.owner, speaker::human);
  EXPECT_EQ(t.c.epoch, epoch + 1);
  ASSERT_EQ(r.sends.size(), 1u);
  EXPECT_EQ(claim(t.c, r.sends[0], {}, t.now), claim_verdict::proceed)
    << "its own change of epoch must not cancel it";
  ASSERT_EQ(r.turns.size(), 2u);
  EXPECT_EQ(r.turns[1].who, author::system);
  EXPECT_EQ(r.turns[1].kind, turn_kind::note);
  EXPECT_EQ(r.turns[1].text, "Asks for Sunday hours.");
  // What the customer writes meanwhile is kept, not answered, not announced.
  t.now += seconds{5};
  auto more = t.customer("And on holidays?");
  EXPECT_TRUE(more.cancelled.empty() || t.open.empty());
  EXPECT_FALSE(t.c.reply_due_at);
  EXPECT_EQ(claim(t.c, r.sends[0], {}, t.now), claim_verdict::proceed);
}

TEST(decide, keeps_silent_when_told_to) {
  auto t = asked();
  draft d;
  d.kind = draft_kind::silence;
  d.epoch = t.c.epoch;
  d.for_seq = t.c.customer_seq;
  auto r = t.decide(d);
  EXPECT_FALSE(r.stale);
  EXPECT_TRUE(r.turns.empty());
  EXPECT_FALSE(t.c.reply_due_at);
  EXPECT_EQ(t.c.owner, speaker::ai);
}

TEST(decide, says_nothing_on_a_channel_that_was_turned_off) {
  auto t = asked();
  auto d = t.answer("At nine.");
  t.policy.mode = channel_mode::off;
  auto r = t.decide(d);
  EXPECT_FALSE(r.stale);
  EXPECT_TRUE(r.sends.empty());
  EXPECT_TRUE(r.turns.empty());
  EXPECT_FALSE(t.c.reply_due_at) << "no longer owed";
  EXPECT_EQ(t.c.answered_seq, t.c.customer_seq);
  EXPECT_EQ(t.c.owner, speaker::ai);
}

TEST(decide, says_nothing_in_a_conversation_that_has_ended) {
  auto t = asked();
  auto d = t.answer("At nine.");
  t.now = t.c.erase_at;
  t.c.customer_acted_at = t.now;
  auto end = t.c.erase_at;
  auto r = t.decide(d);
  EXPECT_FALSE(r.stale);
  EXPECT_TRUE(r.turns.empty());
  EXPECT_FALSE(t.c.reply_due_at) << "no longer owed";
  EXPECT_EQ(t.c.erase_at, end) << "nothing revives it";
}

TEST(decide, answers_in_a_conversation_that_is_held_past_its_end) {
  auto t = asked();
  auto d = t.answer("At nine.");
  t.now = t.c.erase_at;
  t.c.customer_acted_at = t.now;
  t.c.hold = true;
  EXPECT_EQ(t.decide(d).sends.size(), 1u);
}

TEST(decide, answers_what_moved_the_end) {
  auto t = asked();
  t.now = t.c.erase_at;
  t.customer("Hello?");
  EXPECT_GT(t.c.erase_at, t.now);
  t.now += seconds{2};
  EXPECT_EQ(t.decide(t.answer("At nine.")).sends.size(), 1u);
}

TEST(decide, fits_the_text_to_the_channel) {
  auto t = asked();
  auto r = t.decide(t.answer(std::string(3'000, 'a')));
  EXPECT_LE(code_points(r.turns[0].text), 2'000u);
}

TEST(decide, hands_an_answer_off_that_the_window_no_longer_lets_through) {
  auto t = asked();
  t.now += hours{24};
  auto r = t.decide(t.answer("At nine."));
  EXPECT_TRUE(r.unsendable);
  EXPECT_TRUE(r.sends.empty());
  ASSERT_EQ(r.turns.size(), 1u);
  EXPECT_EQ(r.turns[0].kind, turn_kind::note);
  EXPECT_FALSE(r.turns[0].text.empty());
  EXPECT_EQ(t.c.owner, speaker::human);
}

TEST(decide, does_not_call_a_hand_off_without_words_unsendable) {
  auto t = asked();
  auto d = t.answer("");
  d.kind = draft_kind::hand_off;
  d.note = "The customer asked for a person.";
  auto r = t.decide(d);
  EXPECT_FALSE(r.unsendable);
  ASSERT_EQ(r.turns.size(), 1u);
  EXPECT_EQ(r.turns[0].text, d.note);
}

TEST(decide, sends_an_answer_without_words_to_a_person) {
  auto t = asked();
  auto r = t.decide(t.answer(""));
  EXPECT_TRUE(r.unsendable);
  EXPECT_EQ(t.c.owner, speaker::human);
}

draft both_replies(const talk& t) {
  auto d = t.answer("We have sent you a message!");
  d.messages[0].kind = turn_kind::public_reply;
  d.messages.push_back({turn_kind::private_reply, "It costs ten."});
  return d;
}

TEST(decide, sends_a_private_reply_once_ever) {
  talk t{channel_kind::page_comments};
  t.hear(fakes::comment_of("How much?", t.now));
  t.now += seconds{2};
  auto first = t.decide(both_replies(t));
  ASSERT_EQ(first.sends.size(), 2u);
  EXPECT_EQ(first.sends[0].kind, turn_kind::public_reply);
  EXPECT_EQ(first.sends[1].kind, turn_kind::private_reply);
  EXPECT_TRUE(t.c.private_reply_used);
  t.open.clear();
  t.now += seconds{60};
  t.hear(fakes::comment_of("And shipping?", t.now, "comment_2"));
  t.now += seconds{2};
  auto second = t.decide(both_replies(t));
  ASSERT_EQ(second.sends.size(), 1u);
  EXPECT_EQ(second.sends[0].kind, turn_kind::public_reply);
}

TEST(decide, answers_a_comment_in_public_after_the_private_window) {
  talk t{channel_kind::page_comments};
  t.hear(fakes::comment_of("How much?", t.now));
  t.now += days{7};
  auto r = t.decide(both_replies(t));
  ASSERT_EQ(r.sends.size(), 1u);
  EXPECT_EQ(r.sends[0].kind, turn_kind::public_reply);
  EXPECT_FALSE(t.c.private_reply_used);
}

TEST(decide, sends_no_private_reply_to_nobody) {
  talk t{channel_kind::page_comments};
  t.c.to.aliases.clear();
  auto e = fakes::comment_of("How much?", t.now);
  e.person.clear();
  t.hear(e);
  t.now += seconds{2};
  auto r = t.decide(both_replies(t));
  ASSERT_EQ(r.sends.size(), 1u);
  EXPECT_EQ(r.sends[0].kind, turn_kind::public_reply);
}

draft only_private_reply(const talk& t) {
  auto d = t.answer("It costs ten.");
  d.messages[0].kind = turn_kind::private_reply;
  return d;
}

TEST(decide, does_not_hand_off_for_a_private_reply_that_was_used_before) {
  talk t{channel_kind::page_comments};
  t.hear(fakes::comment_of("How much?", t.now));
  t.now += seconds{2};
  ASSERT_EQ(t.decide(only_private_reply(t)).sends.size(), 1u);
  t.open.clear();
  t.hear(fakes::comment_of("Thanks!", t.now, "comment_2"));
  t.now += seconds{2};
  auto r = t.decide(only_private_reply(t));
  EXPECT_FALSE(r.unsendable);
  EXPECT_TRUE(r.sends.empty());
  EXPECT_EQ(t.c.owner, speaker::ai);
  ASSERT_EQ(r.turns.size(), 1u) << "the team can see why nothing was said";
  EXPECT_EQ(r.turns[0].kind, turn_kind::note);
}

TEST(decide, may_send_a_private_reply_again_whose_first_was_cancelled) {
  talk t{channel_kind::page_comments};
  t.hear(fakes::comment_of("How much?", t.now));
  t.now += seconds{2};
  t.decide(only_private_reply(t));
  ASSERT_TRUE(t.c.private_reply_used);
  t.hear(fakes::comment_of("In red, I mean", t.now, "comment_2"));
  EXPECT_FALSE(t.c.private_reply_used) << "it never left";
  t.now += seconds{2};
  EXPECT_EQ(t.decide(only_private_reply(t)).sends.size(), 1u);
}

outcome<decide_result> say(talk& t, std::string_view text) {
  return reply_as_human(t.c, text, t.policy, t.now, t.random);
}

TEST(reply_as_human, takes_the_conversation_over_first) {
  auto t = asked();
  auto epoch = t.c.epoch;
  auto r = *say(t, "Ana here");
  EXPECT_EQ(r.after.owner, speaker::human);
  EXPECT_EQ(r.after.epoch, epoch + 1);
  EXPECT_FALSE(r.after.reply_due_at);
  ASSERT_EQ(r.sends.size(), 1u);
  EXPECT_EQ(r.sends[0].who, author::human);
  EXPECT_EQ(r.sends[0].answers_after, 0);
  EXPECT_EQ(r.sends[0].answers_to, 0);
  EXPECT_EQ(r.after.answered_seq, r.after.customer_seq);
}

TEST(reply_as_human, is_refused_when_the_window_is_closed) {
  auto t = asked();
  t.now += hours{24};
  EXPECT_EQ(say(t, "Ana here").error().code, errc::window_closed);
}

TEST(reply_as_human, answers_a_comment_under_it) {
  talk t{channel_kind::instagram_comments};
  t.hear(fakes::comment_of("How much?", t.now));
  EXPECT_EQ(say(t, "Ten")->sends[0].kind, turn_kind::public_reply);
}

std::string sentences(std::size_t bytes) {
  std::string text;
  for (int i = 0; text.size() < bytes; ++i)
    text += "Sentence number " + std::to_string(i) + ". ";
  return text;
}

TEST(reply_as_human, becomes_several_messages_when_one_does_not_hold_it) {
  auto t = asked();
  auto text = sentences(5'000);
  auto r = *say(t, text);
  ASSERT_EQ(r.sends.size(), 3u);
  ASSERT_EQ(r.turns.size(), 3u);
  std::string all;
  for (std::size_t i = 0; i < r.turns.size(); ++i) {
    EXPECT_EQ(r.sends[i].id, r.turns[i].id) << "each has its own row";
    EXPECT_LE(code_points(r.turns[i].text), 2'000u);
    EXPECT_EQ(r.turns[i].text.back(), '.') << "cut after a sentence";
    EXPECT_EQ(r.turns[i].seq, r.turns[0].seq + static_cast<std::int64_t>(i));
    all += r.turns[i].text + " ";
  }
  EXPECT_EQ(all, text) << "nothing is lost";
}

TEST(reply_as_human, is_refused_under_a_comment_that_does_not_hold_it) {
  talk t{channel_kind::instagram_comments};
  t.hear(fakes::comment_of("How much?", t.now));
  auto refused = say(t, std::string(301, 'a'));
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, errc::invalid);
  EXPECT_NE(refused.error().text.find("300 characters"), std::string::npos)
    << refused.error().text;
  EXPECT_TRUE(say(t, std::string(300, 'a')));
}

TEST(reply_as_human, is_refused_when_it_would_become_a_flood) {
  auto t = asked();
  auto refused = say(t, sentences(2'000 * (most_reply_parts + 1)));
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, errc::invalid);
  EXPECT_NE(refused.error().text.find("2000 characters"), std::string::npos)
    << refused.error().text;
}

TEST(reply_as_human, is_refused_when_there_is_nothing_to_read) {
  auto t = asked();
  for (const auto* blank : {"", " ", "\n\t \r\n", "\u00a0\u3000\u200b"}) {
    auto refused = say(t, blank);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, errc::invalid);
    EXPECT_NE(refused.error().text.find("no text"), std::string::npos);
  }
}

TEST(owe_again, gives_the_turns_of_a_cancelled_answer_back) {
  auto t = asked();
  auto r = t.decide(t.answer("At nine."));
  ASSERT_EQ(t.c.answered_seq, 1);
  owe_again(t.c, r.sends[0]);
  EXPECT_EQ(t.c.answered_seq, 0);
}

TEST(owe_again, changes_nothing_for_a_persons_line) {
  auto t = asked();
  t.decide(t.answer("At nine."));
  outbox_row line;
  line.who = author::human;
  owe_again(t.c, line);
  EXPECT_EQ(t.c.answered_seq, 1);
}

} // namespace
} // namespace assistly
