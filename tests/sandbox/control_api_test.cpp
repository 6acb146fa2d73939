#include "sandbox/control_api.hpp"
#include "sandbox/phone_page.hpp"
#include "tests/sandbox/sandbox_case.hpp"

namespace assistly::sandbox {

namespace {

class control_api : public sandbox_case {
protected:
  control_result ask(std::string_view method, std::string_view target,
                     std::string_view body = {},
                     std::string_view type = "application/json") {
    http::request request;
    request.method = method;
    request.set_target(target);
    request.body = body;
    if (!body.empty())
      request.add_header("Content-Type", type);
    return answer_control(world, facts, request, ++arrival_us);
  }

  http::response answer(std::string_view method, std::string_view target,
                        std::string_view body = {},
                        std::string_view type = "application/json") {
    auto got = ask(method, target, body, type);
    auto* direct = std::get_if<http::response>(&got);
    EXPECT_NE(direct, nullptr) << target;
    return direct ? std::move(*direct) : http::response{};
  }

  json::json_fields json(std::string_view method, std::string_view target,
                         std::string_view body = {}) {
    json::json_fields out;
    const auto got = answer(method, target, body);
    EXPECT_TRUE(out.add_json(got.body)) << got.body;
    return out;
  }

  control_facts facts;
};

TEST_F(control_api, lets_a_customer_write) {
  const auto got = answer("POST", "/sandbox/customers/Ana%20Roe/messages",
                          R"({"channel":"whatsapp","text":"Gr\u00fc\u00dfe"})");
  EXPECT_EQ(got.status, 201);
  json::json_fields made;
  ASSERT_TRUE(made.add_json(got.body));
  EXPECT_TRUE(made.text("id").starts_with("wamid."));
  const auto seen_on_phone = json("GET", "/sandbox/threads/whatsapp/Ana%20Roe");
  EXPECT_EQ(seen_on_phone.text("lines.0.text"), "Grüße");
  EXPECT_EQ(seen_on_phone.text("customer_id"), made.text("customer_id"));
}

TEST_F(control_api, lets_a_customer_answer_a_comment) {
  const auto top = json("POST", "/sandbox/customers/Ana/messages",
                        R"({"channel":"page_comments","text":"One"})");
  const auto below = json("POST", "/sandbox/customers/Bo/messages",
                          R"({"channel":"page_comments","text":"Two",)"
                          R"("reply_to_comment":")"
                            + std::string{top.text("id")} + "\"}");
  EXPECT_FALSE(below.text("id").empty());
  EXPECT_EQ(answer("DELETE", "/sandbox/customers/Ana/comments/"
                               + std::string{below.text("id")})
              .status,
            409);
  EXPECT_EQ(answer("DELETE", "/sandbox/customers/Bo/comments/"
                               + std::string{below.text("id")})
              .status,
            204);
}

TEST_F(control_api, says_in_words_what_is_wrong) {
  const auto path = "/sandbox/customers/Ana/messages";
  for (const auto& [body, status] :
       {std::pair{R"({"channel":"fax","text":"x"})", 400},
        std::pair{R"({"channel":"messenger","text":""})", 400},
        std::pair{R"({"channel":"messenger","account":"1","text":"x"})", 404},
        std::pair{"{", 400}}) {
    const auto got = answer("POST", path, body);
    EXPECT_EQ(got.status, status) << body;
    EXPECT_EQ(got.content_type, "application/problem+json");
  }
}

TEST_F(control_api, takes_no_body_that_a_foreign_page_could_send) {
  const auto got =
    answer("POST", "/sandbox/customers/Ana/messages",
           R"({"channel":"messenger","text":"x"})", "text/plain");
  EXPECT_EQ(got.status, 415);
  EXPECT_TRUE(deliver().empty());
}

TEST_F(control_api, holds_a_phone_until_there_is_news) {
  json("POST", "/sandbox/customers/Ana/messages",
       R"({"channel":"messenger","text":"x"})");
  deliver();
  const auto all = json("GET", "/sandbox/threads/messenger/Ana");
  const std::string next{all.text("next")};
  auto got = ask("GET", "/sandbox/threads/messenger/Ana?after=" + next);
  auto* held = std::get_if<held_phone>(&got);
  ASSERT_NE(held, nullptr);
  EXPECT_EQ(held->longest, seconds{25});
  EXPECT_FALSE(world.phone_changed(held->view, held->after));
  post("/me/messages", message_to(all.text("customer_id"), "hello"), "EAApage");
  EXPECT_TRUE(world.phone_changed(held->view, held->after));
  json::json_fields news;
  ASSERT_TRUE(news.add_json(answer_phone(world, *held).body));
  EXPECT_EQ(news.text("lines.0.text"), "x"); // now read
  EXPECT_EQ(news.text("lines.1.text"), "hello");
  // News that are there already are not waited for.
  EXPECT_TRUE(std::holds_alternative<http::response>(
    ask("GET", "/sandbox/threads/messenger/Ana?after=" + next)));
  auto shorter = ask("GET", "/sandbox/threads/messenger/Cy?after=0&wait=99");
  ASSERT_NE(std::get_if<held_phone>(&shorter), nullptr);
  EXPECT_EQ(std::get<held_phone>(shorter).longest, seconds{25});
}

TEST_F(control_api, lists_channels_and_posts) {
  facts.suggestions = {"When are you open?", "¿Hacen envíos?"};
  facts.has_team = true;
  const auto got = json("GET", "/sandbox/channels");
  EXPECT_EQ(got.text("channels.0.kind"), "messenger");
  EXPECT_EQ(got.text("channels.3.kind"), "page_comments");
  EXPECT_TRUE(got.text("channels.3.posts.0.id").starts_with(page));
  EXPECT_FALSE(got.text("channels.4.posts.0.id").empty());
  EXPECT_EQ(got.text("suggestions.1"), "¿Hacen envíos?");
  EXPECT_EQ(got.flag("team"), true);
  // The page has no business with tokens.
  EXPECT_EQ(answer("GET", "/sandbox/channels").body.find("EAApage"),
            std::string::npos);
}

TEST_F(control_api, sets_lists_and_clears_faults) {
  const auto made =
    answer("POST", "/sandbox/faults",
           R"({"match":{"channel":"messenger"},"kind":"slow","times":3})");
  EXPECT_EQ(made.status, 201);
  const auto got = json("GET", "/sandbox/faults");
  EXPECT_EQ(got.text("faults.0.kind"), "slow");
  EXPECT_EQ(got.text("faults.0.match.channel"), "messenger");
  EXPECT_EQ(got.number("faults.0.times"), 3);
  EXPECT_EQ(got.number("faults.0.delay_ms"), 2000);
  EXPECT_EQ(answer("DELETE", "/sandbox/faults").status, 204);
  EXPECT_FALSE(json("GET", "/sandbox/faults").has("faults.0"));
  EXPECT_EQ(answer("POST", "/sandbox/faults", R"({"kind":"x"})").status, 400);
}

TEST_F(control_api, moves_the_clock_forward_only) {
  const auto got =
    json("POST", "/sandbox/clock", R"({"advance_seconds":86400})");
  EXPECT_EQ(got.text("now"), "2026-11-21T00:00:00.000Z");
  EXPECT_EQ(json("GET", "/sandbox/clock").number("advanced_seconds"), 86400);
  for (const auto* body :
       {R"({"advance_seconds":-1})", R"({"advance_seconds":99999999})",
        R"({"advance_seconds":"soon"})", "{}"})
    EXPECT_EQ(answer("POST", "/sandbox/clock", body).status, 400) << body;
}

TEST_F(control_api, shows_what_was_asked_of_meta) {
  const auto who = writes(channel_kind::messenger, "Hi").customer_id;
  post("/me/messages", message_to(who, "one", "row-1"), "EAApage");
  post("/me/messages", message_to("7099", "two", "row-2"), "EAApage");
  const auto all = json("GET", "/sandbox/requests");
  EXPECT_EQ(all.text("requests.0.metadata"), "row-1");
  EXPECT_EQ(all.text("requests.0.recipient"), who);
  EXPECT_EQ(all.number("requests.0.at_us"), arrival_us - 2);
  EXPECT_EQ(all.number("requests.0.result.status"), 200);
  EXPECT_EQ(all.number("requests.1.result.subcode"), 2018001);
  EXPECT_EQ(all.number("next"), 2);
  EXPECT_EQ(json("GET", "/sandbox/requests?after=1").text("requests.0.text"),
            "two");
  const auto stats = json("GET", "/sandbox/stats");
  EXPECT_EQ(stats.number("accepted"), 1);
  EXPECT_EQ(stats.number("refused"), 1);
  EXPECT_EQ(stats.number("accepted_by_channel.messenger"), 1);
  EXPECT_EQ(stats.number("answer_us.count"), 1);
  EXPECT_EQ(stats.number("webhooks.queued"), 4);
}

TEST_F(control_api, switches_recording_strictness_and_echoes) {
  const auto got =
    json("POST", "/sandbox/settings",
         R"({"record":false,"strict":false,"echoes":false,"statuses":false})");
  EXPECT_EQ(got.flag("record"), false);
  EXPECT_EQ(post("/me/messages", message_to("7099", "two"), "EAApage").code(),
            0);
  EXPECT_TRUE(deliver().empty());
  EXPECT_FALSE(json("GET", "/sandbox/requests").has("requests.0"));
  EXPECT_EQ(json("GET", "/sandbox/stats").number("accepted"), 1);
  EXPECT_EQ(
    json("POST", "/sandbox/settings", R"({"record":true})").flag("strict"),
    false);
}

TEST_F(control_api, hands_the_team_its_orders) {
  const auto who = writes(channel_kind::page_comments, "Hm").customer_id;
  auto got = ask("GET", "/sandbox/team/page_comments/Ana%20Roe");
  auto* look = std::get_if<team_order>(&got);
  ASSERT_NE(look, nullptr);
  EXPECT_EQ(look->what, team_order::action::look);
  EXPECT_EQ(look->which.account_id, page);
  EXPECT_EQ(look->which.customer_id, who);
  EXPECT_TRUE(look->which.post_id.starts_with(page));
  got = ask("POST", "/sandbox/team/whatsapp/Ana/reply", R"({"text":"Hi"})");
  auto* reply = std::get_if<team_order>(&got);
  ASSERT_NE(reply, nullptr);
  EXPECT_EQ(reply->text, "Hi");
  EXPECT_EQ(reply->which.account_id, number);
  EXPECT_EQ(
    answer("POST", "/sandbox/team/whatsapp/Ana/reply", R"({"text":" "})")
      .status,
    400);
  EXPECT_EQ(answer("POST", "/sandbox/team/whatsapp/Ana/erase", "{}").status,
            404);
  EXPECT_EQ(answer("GET", "/sandbox/team/fax/Ana").status, 400);
}

TEST_F(control_api, tells_the_page_what_the_team_said) {
  EXPECT_EQ(answer_team({}).body, R"({"available":false})");
  EXPECT_EQ(answer_team(outcome<std::string>{std::string{"{}"}}).body,
            R"({"available":true,"conversation":{}})");
  EXPECT_EQ(
    answer_team(outcome<std::string>{fault{errc::not_found, "no"}}).body,
    R"({"available":true,"conversation":null})");
  const auto refused = answer_team(
    outcome<std::string>{fault{errc::window_closed, "The window is closed."}});
  EXPECT_EQ(refused.status, 409);
  EXPECT_NE(refused.body.find("The window is closed."), std::string::npos);
}

TEST_F(control_api, knows_nothing_else) {
  for (const auto* target :
       {"/sandbox/", "/sandbox/nothing", "/sandbox/threads/messenger",
        "/sandbox/customers/Ana/calls", "/sandbox/team"})
    EXPECT_EQ(answer("GET", target).status, 404) << target;
  EXPECT_EQ(answer("PUT", "/sandbox/clock", "{}").status, 404);
}

TEST(phone_page, comes_with_all_its_files_and_lets_nothing_else_in) {
  const auto index = page_file("/");
  ASSERT_TRUE(index);
  EXPECT_NE(index->body.find("<title>Assistly sandbox</title>"),
            std::string::npos);
  std::size_t at = 0;
  int files = 0;
  while ((at = index->body.find("/sandbox/page/", at)) != std::string::npos) {
    const auto end = index->body.find('"', at);
    EXPECT_TRUE(page_file(index->body.substr(at, end - at)));
    at = end;
    ++files;
  }
  EXPECT_EQ(files, 2);
  for (const auto* name : {"app", "dom", "phone", "team", "calls"}) {
    const auto file = page_file("/sandbox/page/" + std::string{name} + ".js");
    ASSERT_TRUE(file) << name;
    EXPECT_EQ(file->body.find("innerHTML"), std::string::npos);
  }
  bool has_policy = false;
  for (const auto& [name, value] : index->headers)
    if (name == "Content-Security-Policy") {
      has_policy = true;
      EXPECT_TRUE(value.starts_with("default-src 'none'"));
      EXPECT_EQ(value.find("unsafe"), std::string::npos);
    }
  EXPECT_TRUE(has_policy);
  EXPECT_FALSE(page_file("/sandbox/page/other.js"));
}

} // namespace

} // namespace assistly::sandbox
