#include "tests/sandbox/sandbox_case.hpp"

namespace assistly::sandbox {

namespace {

class graph_comments : public sandbox_case {
protected:
  graph_answer privately(std::string_view account, std::string_view comment,
                         std::string_view text, std::string_view token) {
    return post("/v25.0/" + std::string{account} + "/messages",
                R"({"recipient":{"comment_id":")" + std::string{comment}
                  + R"("},"message":{"text":")" + std::string{text}
                  + R"(","metadata":"out-5"}})",
                token);
  }

  graph_answer reply(std::string_view comment, std::string_view text,
                     std::string_view token, std::string_view edge) {
    return post("/v25.0/" + std::string{comment} + "/" + std::string{edge},
                R"({"message":")" + std::string{text} + R"("})", token);
  }
};

TEST_F(graph_comments, of_customers_come_as_webhooks) {
  const auto on_page = writes(channel_kind::page_comments, "How much?");
  const auto on_ig = writes(channel_kind::instagram_comments, "How much?");
  const auto hooks = deliver_with_reports();
  ASSERT_EQ(hooks.size(), 2U);
  const std::string at = "entry.0.changes.0.value.";
  EXPECT_EQ(hooks[0].text("entry.0.changes.0.field"), "feed");
  EXPECT_EQ(hooks[0].text(at + "comment_id"), on_page.id);
  EXPECT_EQ(hooks[0].text(at + "from.id"), on_page.customer_id);
  EXPECT_EQ(hooks[0].text(at + "from.name"), "Ana Roe");
  EXPECT_EQ(hooks[0].text(at + "parent_id"), hooks[0].text(at + "post_id"));
  EXPECT_TRUE(hooks[0].text(at + "post_id").starts_with(page));
  EXPECT_EQ(hooks[1].text("entry.0.changes.0.field"), "comments");
  EXPECT_EQ(hooks[1].text(at + "id"), on_ig.id);
  EXPECT_EQ(hooks[1].text(at + "from.username"), "ana.roe");
  EXPECT_FALSE(hooks[1].has(at + "parent_id"));
}

TEST_F(graph_comments, are_answered_in_public_on_a_page) {
  const auto made = writes(channel_kind::page_comments, "How much?");
  deliver();
  const auto got = reply(made.id, "499 EUR", "EAApage", "comments");
  EXPECT_EQ(got.raw.status, 200);
  const auto hooks = deliver_with_reports();
  ASSERT_EQ(hooks.size(), 1U);
  const std::string at = "entry.0.changes.0.value.";
  EXPECT_EQ(hooks[0].text(at + "from.id"), page);
  EXPECT_EQ(hooks[0].text(at + "comment_id"), got.text("id"));
  EXPECT_EQ(hooks[0].text(at + "parent_id"), made.id);
  EXPECT_EQ(hooks[0].text(at + "message"), "499 EUR");
  EXPECT_EQ(phone(channel_kind::page_comments).text("lines.1.parent"), made.id);
  // Everybody who looks at the post sees it.
  EXPECT_EQ(phone(channel_kind::page_comments, "Somebody").text("lines.1.text"),
            "499 EUR");
}

TEST_F(graph_comments, are_answered_in_public_on_instagram) {
  const auto made = writes(channel_kind::instagram_comments, "How much?");
  const auto below =
    writes(channel_kind::instagram_comments, "Same here", made.id, "Bo");
  deliver();
  const auto got = reply(made.id, "499 EUR", "IGtoken", "replies");
  EXPECT_EQ(got.raw.status, 200);
  const auto hooks = deliver_with_reports();
  ASSERT_EQ(hooks.size(), 1U);
  const std::string at = "entry.0.changes.0.value.";
  EXPECT_EQ(hooks[0].text(at + "from.id"), instagram);
  EXPECT_FALSE(hooks[0].text(at + "from.self_ig_scoped_id").empty());
  EXPECT_EQ(hooks[0].text(at + "parent_id"), made.id);
  // Top-level comments only.
  EXPECT_EQ(reply(below.id, "x", "IGtoken", "replies").code(), 100);
}

TEST_F(graph_comments, are_answered_once_in_private) {
  const auto made = writes(channel_kind::page_comments, "How much?");
  deliver();
  const auto got = privately(page, made.id, "499 EUR", "EAApage");
  EXPECT_EQ(got.raw.status, 200);
  const auto psid = got.text("recipient_id");
  EXPECT_NE(psid, made.customer_id);
  EXPECT_TRUE(got.text("message_id").starts_with("m_"));
  const auto again = privately(page, made.id, "499 EUR", "EAApage");
  EXPECT_EQ(again.raw.status, 400);
  EXPECT_EQ(again.code(), 100);
  EXPECT_EQ(again.subcode(), 2534025);
  // It stands below the comment and in the messages.
  const auto below = phone(channel_kind::page_comments);
  EXPECT_EQ(below.text("lines.1.kind"), "private_reply");
  EXPECT_EQ(below.text("lines.1.parent"), made.id);
  EXPECT_EQ(phone(channel_kind::messenger).text("lines.0.text"), "499 EUR");
  // Nobody else sees it.
  EXPECT_FALSE(phone(channel_kind::page_comments, "Bo").has("lines.1"));
  // It opens no window; only the customer's answer does.
  const auto messages = "/v25.0/" + std::string{page} + "/messages";
  EXPECT_EQ(post(messages, message_to(psid, "more"), "EAApage").subcode(),
            2018278);
  EXPECT_EQ(writes(channel_kind::messenger, "Thanks").customer_id, psid);
  EXPECT_EQ(post(messages, message_to(psid, "more"), "EAApage").code(), 0);
}

TEST_F(graph_comments, answered_in_private_are_echoed_with_metadata) {
  const auto made = writes(channel_kind::page_comments, "How much?");
  deliver();
  privately(page, made.id, "499 EUR", "EAApage");
  const auto hooks = deliver_with_reports();
  ASSERT_FALSE(hooks.empty());
  EXPECT_EQ(hooks[0].text("entry.0.messaging.0.message.metadata"), "out-5");
}

TEST_F(graph_comments, answered_in_private_on_instagram_count_bytes) {
  const auto made = writes(channel_kind::instagram_comments, "How much?");
  EXPECT_EQ(privately(instagram, made.id, repeated("ä", 501), "IGtoken").code(),
            100);
  // The refusal has not spent it.
  const auto got = privately(instagram, made.id, repeated("ä", 500), "IGtoken");
  EXPECT_EQ(got.code(), 0);
  EXPECT_EQ(got.text("recipient_id"), made.customer_id);
  EXPECT_EQ(privately(instagram, made.id, "x", "IGtoken").subcode(), 2534025);
}

TEST_F(graph_comments, older_than_a_week_get_no_private_reply) {
  const auto made = writes(channel_kind::page_comments, "How much?");
  world.advance(days{7} + milliseconds{1});
  EXPECT_EQ(privately(page, made.id, "x", "EAApage").subcode(), 2534025);
}

TEST_F(graph_comments, of_the_business_get_no_private_reply) {
  const auto made = writes(channel_kind::page_comments, "How much?");
  const auto own = reply(made.id, "x", "EAApage", "comments").text("id");
  EXPECT_EQ(privately(page, own, "x", "EAApage").subcode(), 2534025);
}

TEST_F(graph_comments, of_another_account_or_of_nobody_do_not_exist) {
  const auto made = writes(channel_kind::page_comments, "How much?");
  EXPECT_EQ(privately(page, "1_2", "x", "EAApage").subcode(), 33);
  EXPECT_EQ(privately(instagram, made.id, "x", "IGtoken").subcode(), 33);
  EXPECT_EQ(reply(made.id, "x", "IGtoken", "comments").subcode(), 33);
  EXPECT_EQ(reply(made.id, "x", "EAApage", "replies").subcode(), 33);
  EXPECT_EQ(reply("1_2", "x", "EAApage", "comments").subcode(), 33);
}

TEST_F(graph_comments, have_limits_of_their_own) {
  const auto on_page = writes(channel_kind::page_comments, "Hi");
  const auto on_ig = writes(channel_kind::instagram_comments, "Hi");
  EXPECT_EQ(
    reply(on_page.id, repeated("a", 8001), "EAApage", "comments").code(), 100);
  EXPECT_EQ(
    reply(on_page.id, repeated("a", 8000), "EAApage", "comments").code(), 0);
  EXPECT_EQ(reply(on_ig.id, repeated("a", 301), "IGtoken", "replies").code(),
            100);
  EXPECT_EQ(reply(on_ig.id, "", "IGtoken", "replies").code(), 100);
}

TEST_F(graph_comments, can_be_hidden_and_deleted) {
  const auto made = writes(channel_kind::page_comments, "Spam");
  deliver();
  EXPECT_EQ(
    call("POST", "/v25.0/" + made.id, R"({"is_hidden":true})", "EAApage")
      .json.flag("success"),
    true);
  EXPECT_EQ(
    call("DELETE", "/v25.0/" + made.id, {}, "EAApage").json.flag("success"),
    true);
  const auto hooks = deliver_with_reports();
  ASSERT_EQ(hooks.size(), 2U);
  EXPECT_EQ(hooks[0].text("entry.0.changes.0.value.verb"), "hide");
  EXPECT_EQ(hooks[1].text("entry.0.changes.0.value.verb"), "remove");
  EXPECT_EQ(phone(channel_kind::page_comments).flag("lines.0.removed"), true);
  EXPECT_EQ(call("DELETE", "/v25.0/" + made.id, {}, "EAApage").subcode(), 33);
}

TEST_F(graph_comments, nest_one_level_deep) {
  const auto top = writes(channel_kind::page_comments, "One");
  const auto second = writes(channel_kind::page_comments, "Two", top.id, "Bo");
  writes(channel_kind::page_comments, "Three", second.id);
  deliver();
  const auto got = phone(channel_kind::page_comments);
  EXPECT_EQ(got.text("lines.1.parent"), top.id);
  EXPECT_EQ(got.text("lines.2.parent"), top.id);
}

} // namespace

} // namespace assistly::sandbox
