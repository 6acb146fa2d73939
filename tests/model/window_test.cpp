#include "model/window.hpp"
#include "tests/fakes/manual_clock.hpp"

#include <gtest/gtest.h>

namespace assistly {
namespace {

conversation of(channel_kind kind) {
  conversation c;
  c.kind = kind;
  c.customer_acted_at = fakes::some_morning;
  c.to.aliases = {{alias_space::psid, "customer"}};
  return c;
}

TEST(may_send, allows_a_reply_for_24_hours_after_the_customers_act) {
  for (auto kind : {channel_kind::messenger, channel_kind::instagram,
                    channel_kind::whatsapp}) {
    auto c = of(kind);
    auto end = fakes::some_morning + hours{24};
    EXPECT_EQ(window_closes_at(c), end);
    EXPECT_TRUE(may_send(c, turn_kind::text, end - milliseconds{1}));
    EXPECT_FALSE(may_send(c, turn_kind::text, end));
  }
}

TEST(may_send, allows_nothing_before_the_customer_ever_acted) {
  auto c = of(channel_kind::messenger);
  c.customer_acted_at.reset();
  EXPECT_FALSE(window_closes_at(c));
  EXPECT_FALSE(may_send(c, turn_kind::text, fakes::some_morning));
}

TEST(may_send, allows_a_private_reply_for_seven_days) {
  for (auto kind :
       {channel_kind::page_comments, channel_kind::instagram_comments}) {
    auto c = of(kind);
    auto end = fakes::some_morning + days{7};
    EXPECT_TRUE(may_send(c, turn_kind::private_reply, end - milliseconds{1}));
    EXPECT_FALSE(may_send(c, turn_kind::private_reply, end));
  }
}

TEST(may_send, allows_a_public_reply_without_a_limit) {
  auto c = of(channel_kind::page_comments);
  EXPECT_TRUE(
    may_send(c, turn_kind::public_reply, fakes::some_morning + days{400}));
}

TEST(may_send, allows_no_private_reply_to_an_unknown_author) {
  auto c = of(channel_kind::page_comments);
  c.to.aliases.clear();
  EXPECT_FALSE(may_send(c, turn_kind::private_reply, fakes::some_morning));
  EXPECT_TRUE(may_send(c, turn_kind::public_reply, fakes::some_morning));
}

TEST(may_send, keeps_messages_and_comments_apart) {
  auto message = of(channel_kind::whatsapp);
  EXPECT_FALSE(may_send(message, turn_kind::public_reply, fakes::some_morning));
  EXPECT_FALSE(
    may_send(message, turn_kind::private_reply, fakes::some_morning));
  EXPECT_FALSE(may_send(of(channel_kind::page_comments), turn_kind::text,
                        fakes::some_morning));
}

} // namespace
} // namespace assistly
