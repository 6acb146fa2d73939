#include "tests/model/talk.hpp"

#include <gtest/gtest.h>

namespace assistly {
namespace {

using fakes::customer_text;
using fakes::echo_of;
using fakes::talk;

/// A talk with one answer on its way to Meta.
talk with_send_under_way() {
  talk t;
  t.customer("When do you open?");
  t.now += seconds{3};
  t.decide(t.answer("At nine."));
  t.open[0].row.state = turn_state::sending;
  t.open[0].row.claimed_at = t.now;
  return t;
}

TEST(take_in, lets_a_persons_echo_take_the_conversation_over) {
  talk t;
  t.customer("When do you open?");
  t.now += seconds{3};
  auto made = t.decide(t.answer("At nine."));
  auto epoch = t.c.epoch;
  auto r = t.hear(echo_of("Hi, Ana here", t.now));
  EXPECT_EQ(r.what, taken::stored);
  ASSERT_TRUE(r.added);
  EXPECT_EQ(r.added->who, author::human);
  EXPECT_EQ(r.added->state, turn_state::sent);
  EXPECT_EQ(t.c.owner, speaker::human);
  EXPECT_EQ(t.c.epoch, epoch + 1);
  EXPECT_EQ(r.cancelled, std::vector{made.sends[0].id});
  EXPECT_FALSE(t.c.reply_due_at);
  EXPECT_FALSE(t.c.unanswered_since);
  EXPECT_EQ(t.c.answered_seq, t.c.customer_seq);
  EXPECT_EQ(t.c.ai_returns_at, t.now + t.policy.return_after);
}

TEST(take_in, names_the_phone_app_as_the_author_of_its_echoes) {
  talk t;
  t.customer("Hello");
  auto e = echo_of("Hi", t.now);
  e.from_phone = true;
  EXPECT_EQ(t.hear(e).added->who, author::phone);
}

TEST(take_in, lengthens_a_persons_turn_with_each_of_their_words) {
  talk t;
  t.hear(echo_of("Hi", t.now, "m_1"));
  auto epoch = t.c.epoch;
  t.now += minutes{60};
  t.hear(echo_of("Still there?", t.now, "m_2"));
  EXPECT_EQ(t.c.epoch, epoch) << "it was theirs already";
  EXPECT_EQ(t.c.ai_returns_at, t.now + t.policy.return_after);
}

TEST(take_in, knows_its_own_echo_by_the_callback_whatever_the_text) {
  auto t = with_send_under_way();
  auto e = echo_of("At nine. (changed by Meta)", t.now, "m_out");
  e.callback = to_string(t.open[0].row.id);
  auto r = t.hear(e);
  EXPECT_EQ(r.what, taken::reconciled);
  ASSERT_TRUE(r.news);
  EXPECT_EQ(r.news->id, t.open[0].row.id);
  EXPECT_EQ(r.news->state, turn_state::sent);
  EXPECT_EQ(r.news->external_id, "m_out");
  EXPECT_FALSE(r.added);
  EXPECT_EQ(t.c.owner, speaker::ai);
}

TEST(take_in, knows_its_own_echo_by_the_text_while_it_is_sending) {
  auto t = with_send_under_way();
  auto r = t.hear(echo_of("At nine.", t.now));
  EXPECT_EQ(r.what, taken::reconciled);
  EXPECT_EQ(r.news->id, t.open[0].row.id);
}

TEST(take_in, knows_its_own_echo_by_the_text_while_it_is_in_doubt) {
  auto t = with_send_under_way();
  t.open[0].row.state = turn_state::unknown;
  EXPECT_EQ(t.hear(echo_of("At nine.", t.now)).what, taken::reconciled);
}

TEST(take_in, takes_an_echo_for_the_later_of_two_sends_with_its_text) {
  auto t = with_send_under_way();
  t.open[0].row.state = turn_state::unknown;
  auto older = t.open[0].row.id;
  t.now += seconds{20};
  t.open.push_back(t.open[0]);
  auto& newer = t.open[1].row;
  newer.id = turn_id{make_uuid(t.now, t.random)};
  newer.state = turn_state::sending;
  newer.claimed_at = t.now;
  auto id = newer.id;
  auto before = t;
  auto r = t.hear(echo_of("At nine.", t.now + seconds{1}));
  ASSERT_TRUE(r.news);
  EXPECT_EQ(r.news->id, id) << "nothing was ever heard of the first";
  r = before.hear(echo_of("At nine.", before.now - seconds{10}));
  ASSERT_TRUE(r.news);
  EXPECT_EQ(r.news->id, older) << "the later one had not left yet";
}

TEST(take_in, does_not_take_a_persons_equal_words_for_a_send_still_queued) {
  auto t = with_send_under_way();
  t.open[0].row.state = turn_state::queued;
  auto r = t.hear(echo_of("At nine.", t.now));
  EXPECT_EQ(r.what, taken::stored);
  EXPECT_EQ(t.c.owner, speaker::human);
}

TEST(take_in, prefers_the_callback_to_an_equal_text) {
  auto t = with_send_under_way();
  auto twin = t.open[0];
  twin.row.id = turn_id{make_uuid(t.now, t.random)};
  t.open.push_back(twin);
  auto e = echo_of("At nine.", t.now);
  e.callback = to_string(twin.row.id);
  EXPECT_EQ(t.hear(e).news->id, twin.row.id);
}

TEST(take_in, defers_a_foreign_echo_while_a_send_is_in_doubt) {
  auto t = with_send_under_way();
  auto r = t.hear(echo_of("Something else", t.now));
  EXPECT_EQ(r.what, taken::deferred);
  EXPECT_GT(r.retry_at, t.now);
  EXPECT_LE(r.retry_at, t.now + echo_grace);
  EXPECT_FALSE(r.added);
  EXPECT_EQ(t.c.owner, speaker::ai);
}

TEST(take_in, counts_a_deferred_echo_as_a_persons_after_thirty_seconds) {
  auto t = with_send_under_way();
  auto seen = t.now;
  auto e = echo_of("Something else", t.now);
  int tries = 0;
  auto r = t.hear(e, seen);
  while (r.what == taken::deferred) {
    ASSERT_LT(++tries, 100);
    EXPECT_LE(r.retry_at, seen + echo_grace);
    t.now = r.retry_at;
    r = t.hear(e, seen);
  }
  EXPECT_EQ(t.now, seen + echo_grace);
  EXPECT_EQ(r.what, taken::stored);
  EXPECT_EQ(r.added->who, author::human);
  EXPECT_EQ(t.c.owner, speaker::human);
}

TEST(take_in, waits_for_a_send_in_doubt_only_as_long_as_its_echo_may_follow) {
  auto t = with_send_under_way();
  t.open[0].row.state = turn_state::unknown;
  auto claimed = *t.open[0].row.claimed_at;
  t.now = claimed + echo_follows - milliseconds{1};
  EXPECT_EQ(t.hear(echo_of("Ana here", t.now)).what, taken::deferred);
  t.now = claimed + echo_follows;
  auto r = t.hear(echo_of("Ana here", t.now));
  EXPECT_EQ(r.what, taken::stored) << "at once, however long it is unknown";
  EXPECT_EQ(t.c.owner, speaker::human);
}

TEST(take_in, does_not_take_a_persons_equal_words_for_a_send_long_in_doubt) {
  auto t = with_send_under_way();
  t.open[0].row.state = turn_state::unknown;
  t.now += echo_follows;
  EXPECT_EQ(t.hear(echo_of("At nine.", t.now)).what, taken::stored);
}

TEST(take_in, knows_an_echo_by_its_text_that_was_sent_then_and_delivered_late) {
  auto t = with_send_under_way();
  t.open[0].row.state = turn_state::unknown;
  auto e = echo_of("At nine.", t.now);
  t.now += hours{1};
  EXPECT_EQ(t.hear(e).what, taken::reconciled) << "Meta says it again for days";
}

TEST(take_in, does_not_doubt_a_send_that_was_never_claimed) {
  auto t = with_send_under_way();
  t.open[0].row.claimed_at.reset();
  EXPECT_EQ(t.hear(echo_of("At nine.", t.now)).what, taken::stored);
}

TEST(take_in, lets_an_echo_wait_for_a_private_reply_of_the_account) {
  talk t;
  t.customer("Hello");
  t.private_reply_in_doubt = true;
  auto seen = t.now;
  auto e = echo_of("It costs ten.", t.now);
  EXPECT_EQ(t.hear(e, seen).what, taken::deferred);
  EXPECT_EQ(t.c.owner, speaker::ai);
  t.now = seen + echo_grace;
  EXPECT_EQ(t.hear(e, seen).what, taken::stored) << "nobody vouched for it";
}

TEST(take_in, does_not_wait_when_nothing_is_in_doubt) {
  talk t;
  t.customer("Hello");
  EXPECT_EQ(t.hear(echo_of("Hi", t.now)).what, taken::stored);
}

TEST(take_in, ignores_the_late_echo_of_a_send_settled_long_ago) {
  talk t;
  t.customer("Hello");
  auto e = echo_of("Hi", t.now);
  e.callback = to_string(make_uuid(t.now, t.random));
  EXPECT_EQ(t.hear(e).what, taken::ignored);
  EXPECT_EQ(t.c.owner, speaker::ai);
}

TEST(take_in, does_not_take_a_foreign_apps_metadata_for_ours) {
  talk t;
  t.customer("Hello");
  auto e = echo_of("Hi", t.now);
  e.callback = "ref-4711";
  EXPECT_EQ(t.hear(e).what, taken::stored);
  EXPECT_EQ(t.c.owner, speaker::human);
}

TEST(take_in, learns_of_a_send_from_its_status) {
  auto t = with_send_under_way();
  for (auto [told, state] : {std::pair{delivery_state::sent, turn_state::sent},
                             {delivery_state::delivered, turn_state::delivered},
                             {delivery_state::read, turn_state::read},
                             {delivery_state::failed, turn_state::failed}}) {
    auto e = customer_text("", t.now, "wamid");
    e.kind = event_kind::status;
    e.state = told;
    e.callback = to_string(t.open[0].row.id);
    e.failure_code = told == delivery_state::failed ? 131026 : 0;
    auto r = t.hear(e);
    EXPECT_EQ(r.what, taken::reconciled);
    EXPECT_EQ(r.news->id, t.open[0].row.id);
    EXPECT_EQ(r.news->state, state);
    EXPECT_EQ(r.news->failure_code, e.failure_code);
  }
}

TEST(take_in, names_a_status_without_callback_by_its_external_id) {
  talk t;
  t.customer("Hello");
  auto e = customer_text("", t.now, "wamid");
  e.kind = event_kind::status;
  e.state = delivery_state::read;
  auto r = t.hear(e);
  EXPECT_EQ(r.news->id, turn_id{});
  EXPECT_EQ(r.news->external_id, "wamid");
}

TEST(take_in, does_not_count_statuses_as_activity) {
  talk t;
  t.customer("Hello");
  auto end = t.c.erase_at;
  t.now += days{1};
  for (auto kind : {event_kind::status, event_kind::watermark}) {
    auto e = customer_text("", t.now, "wamid");
    e.kind = kind;
    t.hear(e);
  }
  EXPECT_EQ(t.c.erase_at, end);
}

TEST(take_in, keeps_a_persons_reply_to_a_comment_as_a_public_reply) {
  talk t{channel_kind::page_comments};
  t.hear(fakes::comment_of("How much?", t.now));
  auto e = fakes::comment_of("Ten.", t.now, "comment_2");
  e.kind = event_kind::echo;
  e.parent_id = "comment_1";
  auto r = t.hear(e);
  EXPECT_EQ(r.added->kind, turn_kind::public_reply);
  EXPECT_EQ(t.c.owner, speaker::human);
}

} // namespace
} // namespace assistly
