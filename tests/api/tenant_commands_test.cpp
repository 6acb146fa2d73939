#include "api/tenant_commands.hpp"
#include "tests/storage/storage_node.hpp"

#include <gtest/gtest.h>

namespace assistly::api {
namespace {

std::string file_with(int conversation_days) {
  return R"(
[tenant]
id = "acme"
name = "Acme"
languages = ["en"]
[retention]
conversation_days = )"
         + std::to_string(conversation_days) + R"(
[[channel]]
kind = "messenger"
account_id = "acme-page"
access_token = "token-page"
[[knowledge]]
title = "Opening hours"
answer = "We are open from nine to six."
)";
}

TEST(apply_command, pulls_the_ends_of_conversations_to_a_shorter_period) {
  fakes::storage_node node;
  auto settings = config::default_settings();
  access a{settings,   *node.database, *node.writer, *node.reader,
           *node.book, node.clock,     node.random,  nullptr};
  node.policy.retention.conversation = days{20};
  auto c = *node.hear(fakes::message("Hello", "m_1")).now;
  auto apply_days = [&](int count) {
    return apply(a, {"apply", {{"text", file_with(count)}, {"folder", "."}}});
  };
  auto longer = apply_days(25);
  ASSERT_TRUE(longer) << longer.error().text;
  EXPECT_EQ(node.now_of(c.id).erase_at, c.erase_at);
  ASSERT_TRUE(apply_days(2));
  EXPECT_EQ(node.now_of(c.id).erase_at, c.erase_at - days{18});
  EXPECT_EQ(node.broken(), "");
}

TEST(apply_command, names_the_account_that_is_another_tenants_and_its_line) {
  fakes::storage_node node;
  auto settings = config::default_settings();
  access a{settings,   *node.database, *node.writer, *node.reader,
           *node.book, node.clock,     node.random,  nullptr};
  auto text = file_with(25);
  text.replace(text.find("\"acme\""), 6, "\"rival\"");
  auto told = apply(a, {"apply", {{"text", text}, {"folder", "."}}});
  ASSERT_FALSE(told);
  EXPECT_EQ(told.error().code, errc::conflict);
  EXPECT_NE(told.error().text.find("acme-page"), std::string::npos);
  EXPECT_NE(told.error().text.find("line 10: "), std::string::npos)
    << told.error().text;
}

} // namespace
} // namespace assistly::api
