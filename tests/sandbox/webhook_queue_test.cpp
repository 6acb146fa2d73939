#include "tests/sandbox/sandbox_case.hpp"

namespace assistly::sandbox {

namespace {

class webhook_queue_case : public testing::Test {
protected:
  void add(webhook_kind kind = webhook_kind::messaging) {
    webhook_body body;
    body.head = "{}";
    queue.add(kind, body, now, now, line_reference{"thread", "line"});
  }

  /// Fails every attempt until Meta gives up; the gaps before each retry.
  std::vector<milliseconds> fail_until_dropped() {
    std::vector<milliseconds> gaps;
    for (;;) {
      const auto due = queue.next_due();
      if (!due)
        return gaps;
      if (*due > now || !gaps.empty() || attempts > 0)
        gaps.push_back(*due - now);
      now = *due;
      const auto got = queue.take_due(now, 10);
      EXPECT_EQ(got.size(), 1U);
      ++attempts;
      if (queue.finished(got[0].id, 503, now).dropped)
        return gaps;
    }
  }

  webhook_queue queue{secret_text{std::string{app_secret}}};
  timestamp now = from_unix_ms(1795132800000);
  int attempts = 0;
};

TEST_F(webhook_queue_case, tries_at_once_and_then_ever_more_seldom) {
  add();
  const auto gaps = fail_until_dropped();
  ASSERT_GE(gaps.size(), 6U);
  EXPECT_EQ(gaps[0], milliseconds{0});
  EXPECT_EQ(gaps[1], milliseconds{500});
  EXPECT_EQ(gaps[2], milliseconds{1000});
  EXPECT_EQ(gaps[3], milliseconds{2000});
  for (std::size_t i = 1; i < gaps.size(); ++i)
    EXPECT_GE(gaps[i], gaps[i - 1]);
}

TEST_F(webhook_queue_case, gives_up_after_the_time_of_each_kind) {
  const std::pair<webhook_kind, milliseconds> all[] = {
    {webhook_kind::messaging, hours{1}},
    {webhook_kind::graph, hours{36}},
    {webhook_kind::whatsapp, days{7}}};
  for (const auto& [kind, patience] : all) {
    const auto begin = now;
    attempts = 0;
    add(kind);
    fail_until_dropped();
    EXPECT_LE(now - begin, patience);
    EXPECT_GE(now - begin, patience / 2);
    EXPECT_FALSE(queue.next_due());
  }
  EXPECT_EQ(queue.counts().dropped, 3U);
}

TEST_F(webhook_queue_case, counts_only_a_200_as_success) {
  for (const int status : {0, 201, 204, 302, 401, 500}) {
    add();
    const auto got = queue.take_due(now, 10);
    ASSERT_EQ(got.size(), 1U) << status;
    EXPECT_FALSE(queue.finished(got[0].id, status, now).accepted);
    const auto again = queue.take_due(now, 10);
    ASSERT_EQ(again.size(), 1U);
    EXPECT_TRUE(queue.finished(again[0].id, 200, now).accepted);
  }
  EXPECT_EQ(queue.waiting(), 0U);
}

TEST_F(webhook_queue_case, takes_no_more_than_it_is_asked_for) {
  for (int i = 0; i < 5; ++i)
    add();
  EXPECT_EQ(queue.take_due(now, 2).size(), 2U);
  EXPECT_EQ(queue.take_due(now, 10).size(), 3U);
  EXPECT_EQ(queue.take_due(now, 10).size(), 0U);
}

TEST_F(webhook_queue_case, holds_what_is_for_later) {
  webhook_body body;
  body.head = "{}";
  queue.add(webhook_kind::whatsapp, body, now, now + seconds{1});
  EXPECT_TRUE(queue.take_due(now, 10).empty());
  EXPECT_EQ(queue.take_due(now + seconds{1}, 10).size(), 1U);
}

TEST_F(webhook_queue_case, drops_what_is_over_its_bound) {
  for (std::size_t i = 0; i < webhook_queue::most_waiting + 7; ++i)
    add();
  EXPECT_EQ(queue.waiting(), webhook_queue::most_waiting);
  EXPECT_EQ(queue.counts().dropped, 7U);
}

TEST_F(webhook_queue_case, signs_the_exact_bytes) {
  add();
  const auto got = queue.take_due(now, 1);
  ASSERT_EQ(got.size(), 1U);
  crypto::hmac_sha256 signer{app_secret};
  EXPECT_EQ(got[0].signature,
            "sha256=" + crypto::to_hex(signer.sign(std::string_view{"{}"})));
}

using webhook_state = sandbox_case;

TEST_F(webhook_state, is_seen_on_the_customers_line) {
  writes(channel_kind::messenger, "hello");
  EXPECT_EQ(phone(channel_kind::messenger).text("lines.0.state"), "sending");
  auto due = world.take_webhooks(10);
  ASSERT_EQ(due.size(), 1U);
  world.webhook_finished(due[0].id, 503);
  EXPECT_EQ(phone(channel_kind::messenger).text("lines.0.note"),
            "The server answered 503; trying again.");
  due = world.take_webhooks(10);
  ASSERT_EQ(due.size(), 1U);
  world.webhook_finished(due[0].id, 0);
  EXPECT_EQ(phone(channel_kind::messenger).text("lines.0.note"),
            "The server did not answer; trying again.");
  EXPECT_TRUE(world.take_webhooks(10).empty());
  world.advance(milliseconds{500});
  EXPECT_EQ(deliver().size(), 1U);
  const auto got = phone(channel_kind::messenger);
  EXPECT_EQ(got.text("lines.0.state"), "delivered");
  EXPECT_EQ(got.text("lines.0.note"), "");
}

TEST_F(webhook_state, is_failed_once_meta_gives_up) {
  writes(channel_kind::instagram, "hello");
  while (const auto due = world.next_webhook()) {
    clock.at = *due;
    for (const auto& one : world.take_webhooks(10))
      world.webhook_finished(one.id, 500);
  }
  EXPECT_EQ(phone(channel_kind::instagram).text("lines.0.state"), "failed");
}

} // namespace

} // namespace assistly::sandbox
