#include "tests/sandbox/sandbox_case.hpp"

namespace assistly::sandbox {

namespace {

class graph_lookups : public sandbox_case {
protected:
  const std::string base = "/v25.0/" + std::string{page};
};

TEST_F(graph_lookups, tell_who_a_token_is) {
  EXPECT_EQ(get("/v25.0/me", "EAApage").text("id"), page);
  const auto ig = get("/v25.0/me?fields=user_id,username", "IGtoken");
  EXPECT_EQ(ig.text("user_id"), instagram);
  EXPECT_NE(ig.text("id"), instagram);
  EXPECT_EQ(get("/v25.0/me", "EAAwhatsapp").text("id"), number);
  EXPECT_EQ(get("/v25.0/me", "EAAno").code(), 190);
}

TEST_F(graph_lookups, tell_what_a_token_opens) {
  const auto got = get("/debug_token?input_token=EAApage", "EAApage");
  EXPECT_EQ(got.json.flag("data.is_valid"), true);
  EXPECT_EQ(got.text("data.type"), "PAGE");
  EXPECT_EQ(got.text("data.granular_scopes.0.target_ids.0"), page);
  const auto dead = get("/v25.0/debug_token?input_token=x", "EAApage");
  EXPECT_EQ(dead.raw.status, 200);
  EXPECT_EQ(dead.json.flag("data.is_valid"), false);
}

TEST_F(graph_lookups, list_and_change_subscriptions) {
  EXPECT_EQ(get(base + "/subscribed_apps", "EAApage").text("data.0.id"),
            "1029384756101112");
  EXPECT_EQ(get("/" + std::string{waba} + "/subscribed_apps", "EAAwhatsapp")
              .text("data.0.whatsapp_business_api_data.id"),
            "1029384756101112");
  call("DELETE", base + "/subscribed_apps", {}, "EAApage");
  EXPECT_FALSE(get(base + "/subscribed_apps", "EAApage").json.has("data.0"));
  writes(channel_kind::messenger, "unheard");
  EXPECT_TRUE(deliver().empty());
  EXPECT_EQ(phone(channel_kind::messenger).text("lines.0.note"),
            "The app is not subscribed to this account.");
  EXPECT_EQ(
    post(base + "/subscribed_apps?subscribed_fields=messages", {}, "EAApage")
      .json.flag("success"),
    true);
  writes(channel_kind::messenger, "heard");
  EXPECT_EQ(deliver().size(), 1U);
}

TEST_F(graph_lookups, find_a_conversation_by_its_customer) {
  const auto who = writes(channel_kind::messenger, "Hi?").customer_id;
  writes(channel_kind::messenger, "Other", {}, "Bo");
  const auto mid = post(base + "/messages", message_to(who, "Yes"), "EAApage")
                     .text("message_id");
  const auto got =
    get(base + "/conversations?user_id=" + who + "&fields=messages{id,message}",
        "EAApage");
  EXPECT_FALSE(got.json.has("data.1"));
  EXPECT_EQ(got.text("data.0.messages.data.0.id"), mid);
  EXPECT_EQ(got.text("data.0.messages.data.0.message"), "Yes");
  EXPECT_EQ(got.text("data.0.messages.data.0.from.id"), page);
  EXPECT_EQ(got.text("data.0.messages.data.0.created_time"),
            "2026-11-20T00:00:00+0000");
  EXPECT_EQ(got.text("data.0.messages.data.1.from.id"), who);
  EXPECT_FALSE(got.json.has("data.0.messages.paging.next"));
}

TEST_F(graph_lookups, say_whether_there_is_more) {
  const auto who = writes(channel_kind::messenger, "Hi?").customer_id;
  for (int i = 0; i < 29; ++i)
    writes(channel_kind::messenger, "again");
  const auto first =
    get(base + "/conversations?fields=messages.limit(20)&user_id=" + who,
        "EAApage");
  EXPECT_TRUE(first.json.has("data.0.messages.data.19"));
  EXPECT_FALSE(first.json.has("data.0.messages.data.20"));
  auto next = first.text("data.0.messages.paging.next");
  ASSERT_TRUE(next.starts_with("http://127.0.0.1:8090/")) << next;
  EXPECT_EQ(next.find("access_token"), std::string::npos);
  const auto second = get(
    next.substr(std::string_view{"http://127.0.0.1:8090"}.size()), "EAApage");
  EXPECT_TRUE(second.json.has("data.9.id")) << second.raw.body;
  EXPECT_FALSE(second.json.has("data.10.id"));
  EXPECT_FALSE(second.json.has("paging.next"));
}

TEST_F(graph_lookups, list_the_conversations_page_by_page_newest_first) {
  for (const auto* who : {"Ana", "Bo", "Cy"}) {
    writes(channel_kind::messenger, "Hi", {}, who);
    clock.at += seconds{1};
  }
  writes(channel_kind::messenger, "again", {}, "Ana");
  const auto first =
    get(base + "/conversations?limit=2&fields=messages.limit(1)", "EAApage");
  EXPECT_TRUE(first.json.has("data.1.id"));
  EXPECT_FALSE(first.json.has("data.2.id"));
  EXPECT_EQ(first.text("data.0.messages.data.0.message"), "again");
  EXPECT_FALSE(first.json.has("data.0.messages.data.1"));
  EXPECT_EQ(first.text("data.0.participants.data.1.id"), page);
  EXPECT_TRUE(first.json.has("paging.next"));
  const auto second =
    get(base + "/conversations?limit=2&fields=messages.limit(1)&after="
          + first.text("paging.cursors.after"),
        "EAApage");
  EXPECT_EQ(second.text("data.0.messages.data.0.message"), "Hi");
  EXPECT_FALSE(second.json.has("data.1.id"));
  EXPECT_FALSE(second.json.has("paging.next"));
}

TEST_F(graph_lookups, unsubscribe_after_an_hour_of_failures) {
  auto fail = [&] {
    for (auto& one : world.take_webhooks(1000))
      world.webhook_finished(one.id, 500);
  };
  auto subscribed = [&] {
    return get(base + "/subscribed_apps", "EAApage").json.has("data.0");
  };
  writes(channel_kind::messenger, "lost");
  fail();
  clock.at += minutes{59};
  fail();
  EXPECT_TRUE(subscribed());
  clock.at += seconds{1};
  EXPECT_EQ(deliver().size(), 1U);
  clock.at += hours{2};
  EXPECT_TRUE(subscribed()) << "one that was taken begins anew";
  writes(channel_kind::messenger, "lost too");
  fail();
  clock.at += hours{1};
  EXPECT_FALSE(subscribed());
  writes(channel_kind::messenger, "unheard");
  EXPECT_TRUE(deliver().empty());
  post(base + "/subscribed_apps", "{}", "EAApage");
  writes(channel_kind::messenger, "heard");
  EXPECT_EQ(deliver().size(), 1U);
}

TEST_F(graph_lookups, answer_an_unknown_customer_with_an_empty_list) {
  const auto got = get(base + "/conversations?user_id=1", "EAApage");
  EXPECT_EQ(got.raw.body, R"({"data":[]})");
}

TEST_F(graph_lookups, find_instagram_conversations_through_the_page) {
  written_message what;
  what.channel = channel_kind::instagram;
  what.account_id = linked_instagram;
  what.customer = "Ana";
  what.text = "Hi?";
  const auto made = world.customer_writes(what, 1);
  ASSERT_TRUE(made);
  const auto got = get(base
                         + "/conversations?platform=instagram&fields=messages"
                           "&user_id="
                         + made->customer_id,
                       "EAApage");
  EXPECT_EQ(got.text("data.0.messages.data.0.id"), made->id);
}

TEST_F(graph_lookups, list_the_replies_to_a_comment) {
  const auto on_page = writes(channel_kind::page_comments, "How much?");
  const auto id = post("/v25.0/" + on_page.id + "/comments",
                       R"({"message":"499"})", "EAApage")
                    .text("id");
  const auto got = get("/v25.0/" + on_page.id + "/comments", "EAApage");
  EXPECT_EQ(got.text("data.0.id"), id);
  EXPECT_EQ(got.text("data.0.message"), "499");
  EXPECT_EQ(got.text("data.0.from.id"), page);
  EXPECT_FALSE(got.json.has("data.1"));
  const auto on_ig = writes(channel_kind::instagram_comments, "How much?");
  post("/v25.0/" + on_ig.id + "/replies", R"({"message":"499"})", "IGtoken");
  EXPECT_EQ(
    get("/v25.0/" + on_ig.id + "/replies", "IGtoken").text("data.0.text"),
    "499");
  EXPECT_EQ(get("/v25.0/" + on_ig.id, "IGtoken").text("text"), "How much?");
  EXPECT_EQ(get("/v25.0/" + on_ig.id + "/replies", "EAAwhatsapp").subcode(),
            33);
}

TEST_F(graph_lookups, tell_a_customers_name) {
  const auto on_page = writes(channel_kind::messenger, "Hi").customer_id;
  const auto got = get("/v25.0/" + on_page, "EAApage");
  EXPECT_EQ(got.text("first_name"), "Ana");
  EXPECT_EQ(got.text("last_name"), "Roe");
  const auto on_ig = writes(channel_kind::instagram, "Hi").customer_id;
  EXPECT_EQ(get("/v25.0/" + on_ig, "IGtoken").text("username"), "ana.roe");
  EXPECT_EQ(get("/v25.0/" + on_page, "IGtoken").subcode(), 33);
}

TEST_F(graph_lookups, list_the_numbers_of_a_waba) {
  EXPECT_EQ(get("/v25.0/" + std::string{waba} + "/phone_numbers", "EAAwhatsapp")
              .text("data.0.id"),
            number);
}

TEST_F(graph_lookups, refuse_what_is_not_there) {
  EXPECT_EQ(get("/v25.0/123", "EAApage").subcode(), 33);
  EXPECT_EQ(get(base + "/nothing", "EAApage").subcode(), 33);
  EXPECT_EQ(get("/", "EAApage").subcode(), 33);
  EXPECT_EQ(post(base + "/photos", "{}", "EAApage").subcode(), 33);
  EXPECT_EQ(get("/v25.0/t_1_2/messages", "EAApage").subcode(), 33);
}

} // namespace

} // namespace assistly::sandbox
