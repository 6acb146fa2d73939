#include "protocol/graph/history.hpp"

#include <gtest/gtest.h>

namespace assistly::graph {
namespace {

const secret_text token{"EAAtesttoken"};
const endpoints meta;
const history_account on_page{channel_kind::messenger, "100", {}};
const history_account on_instagram{
  channel_kind::instagram, "100", {channel_login::by::instagram, ""}};

TEST(build_conversations, reads_page_by_page) {
  const auto first = build_conversations(on_page, "", meta, token, {});
  ASSERT_TRUE(first);
  EXPECT_TRUE(first->url.starts_with(
    "https://graph.facebook.com/v25.0/100/conversations?platform=messenger&"))
    << first->url;
  EXPECT_EQ(first->url.find("after="), std::string::npos);
  const auto next = build_conversations(on_page, "a=&b", meta, token, {});
  ASSERT_TRUE(next);
  EXPECT_TRUE(next->url.ends_with("&after=a%3D%26b")) << next->url;
  const auto instagram = build_conversations(on_instagram, "", meta, token, {});
  ASSERT_TRUE(instagram);
  EXPECT_TRUE(instagram->url.starts_with("https://graph.instagram.com/"));
}

TEST(build_conversations, refuses_what_meta_keeps_no_history_of) {
  for (auto kind : {channel_kind::whatsapp, channel_kind::page_comments,
                    channel_kind::instagram_comments}) {
    EXPECT_FALSE(has_history(kind));
    EXPECT_FALSE(build_conversations({kind, "100", {}}, "", meta, token, {}));
  }
}

TEST(build_messages, names_the_conversation_as_meta_does) {
  const auto call =
    build_messages(on_instagram, "aWdfZAG06=", "7", meta, token, {});
  ASSERT_TRUE(call);
  EXPECT_TRUE(call->url.starts_with(
    "https://graph.instagram.com/v25.0/aWdfZAG06=/messages?fields="))
    << call->url;
  EXPECT_FALSE(build_messages(on_page, "../me", "", meta, token, {}));
}

const std::string one =
  R"({"id":"t_1","updated_time":"2026-11-20T00:00:09+0000",)"
  R"("participants":{"data":[{"id":"700"},{"id":"100"}]},)"
  R"("messages":{"data":[)"
  R"({"id":"m2","created_time":"2026-11-20T00:00:09+0000","from":{"id":"100"},"message":"Yes"},)"
  R"({"id":"m1","created_time":"2026-11-20T00:00:01+0000","from":{"id":"700"},"message":"Hi"},)"
  R"({"id":"m0","created_time":"2026-11-20T00:00:00+0000","from":{"id":"9"},"message":"?"}],)"
  R"("paging":{"cursors":{"after":"m-next"},"next":"https://x"}}})";

TEST(read_conversations, tells_who_said_what) {
  const auto told = read_conversations(
    on_page, 200,
    R"({"data":[)" + one
      + R"(,{"id":"t_2","updated_time":"2026-11-20T00:00:00+0000"}],)"
        R"("paging":{"cursors":{"after":"c-next"},"next":"https://x"}})");
  ASSERT_TRUE(told);
  EXPECT_EQ(told->next, "c-next");
  ASSERT_EQ(told->conversations.size(), 1U) << "one has messages";
  const auto& c = told->conversations[0];
  EXPECT_EQ(c.id, "t_1");
  EXPECT_EQ(c.customer, "700");
  EXPECT_EQ(c.newest.next, "m-next");
  ASSERT_EQ(c.newest.messages.size(), 3U);
  EXPECT_EQ(c.newest.messages[0].from, shown_side::business);
  EXPECT_EQ(c.newest.messages[1].from, shown_side::customer);
  EXPECT_EQ(c.newest.messages[1].text, "Hi");
  EXPECT_EQ(c.newest.messages[2].from, shown_side::unsaid);
}

TEST(read_conversations, finds_the_customer_in_the_messages_if_need_be) {
  const auto told = read_conversations(
    on_page, 200,
    R"({"data":[{"id":"t_1","updated_time":"2026-11-20T00:00:00+0000",)"
    R"("messages":{"data":[{"id":"m","message":"Yes","from":{"id":"100"},)"
    R"("to":{"data":[{"id":"700"}]},)"
    R"("created_time":"2026-11-20T00:00:00+0000"}]}}]})");
  ASSERT_TRUE(told);
  EXPECT_EQ(told->conversations.at(0).customer, "700");
  EXPECT_EQ(told->next, "");
}

TEST(read_conversations, takes_no_half_answer) {
  for (const std::string body :
       {R"({"error":{"code":190}})", R"({"data":1})", R"(<html>)",
        R"({"data":[],"paging":{"next":"https://x"}})",
        R"({"data":[{"id":"t","messages":{"data":[]}}]})",
        R"({"data":[{"id":"t","updated_time":"2026-11-20T00:00:00+0000",)"
        R"("messages":{"data":[{"id":"m"}]}}]})"})
    EXPECT_FALSE(read_conversations(on_page, 200, body)) << body;
  EXPECT_FALSE(read_conversations(on_page, 502, R"({"data":[]})"));
  EXPECT_TRUE(read_conversations(on_page, 200, R"({"data":[]})"));
}

TEST(read_messages, goes_on_where_the_conversation_left_off) {
  const auto told =
    read_messages(on_page, "700", 200,
                  R"({"data":[{"id":"m","message":"Hi","from":{"id":"700"},)"
                  R"("created_time":"2026-11-20T00:00:00+0000"}]})");
  ASSERT_TRUE(told);
  EXPECT_EQ(told->messages.at(0).from, shown_side::customer);
  EXPECT_EQ(told->next, "");
}

} // namespace
} // namespace assistly::graph
