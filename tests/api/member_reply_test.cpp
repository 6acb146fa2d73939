#include "api/inbox.hpp"
#include "tests/storage/storage_node.hpp"

#include <gtest/gtest.h>

namespace assistly::api {
namespace {

using fakes::message;
using storage::member_act;

class member_reply : public testing::Test {
protected:
  outcome<std::string> reply(const std::string& text) {
    return act(access_, node_.tenant, c_.id, member_act::reply, text);
  }

  std::int64_t queued() {
    return node_.number("SELECT count(*) FROM outbox");
  }

  fakes::storage_node node_;
  config::settings settings_ = config::default_settings();
  access access_{settings_,   *node_.database, *node_.writer, *node_.reader,
                 *node_.book, node_.clock,     node_.random,  nullptr};
  conversation c_ = *node_.hear(message("Hello", "m_1")).now;
};

TEST_F(member_reply, leaves_in_as_many_messages_as_it_needs) {
  ASSERT_TRUE(reply(std::string(2'500, 'a')));
  EXPECT_EQ(queued(), 2);
  EXPECT_EQ(node_.broken(), "");
}

TEST_F(member_reply, is_refused_when_it_is_not_utf_8) {
  auto told = reply("caf\xe9");
  ASSERT_FALSE(told);
  EXPECT_EQ(told.error().code, errc::invalid);
  EXPECT_NE(told.error().text.find("UTF-8"), std::string::npos);
  EXPECT_EQ(queued(), 0);
}

TEST_F(member_reply, is_refused_when_it_has_no_text) {
  for (const auto* blank : {"", " \n\t "}) {
    auto told = reply(blank);
    ASSERT_FALSE(told);
    EXPECT_EQ(told.error().code, errc::invalid);
  }
  EXPECT_EQ(queued(), 0);
  EXPECT_EQ(node_.now_of(c_.id).owner, speaker::ai) << "nothing was taken over";
}

TEST_F(member_reply, finds_no_conversation_that_has_ended) {
  node_.clock.set(c_.erase_at);
  auto told = reply("Ana here");
  ASSERT_FALSE(told);
  EXPECT_EQ(told.error().code, errc::not_found);
}

} // namespace
} // namespace assistly::api
