#include "tests/sandbox/sandbox_case.hpp"

namespace assistly::sandbox {

namespace {

class graph_messages : public sandbox_case {
protected:
  const std::string to_page = "/v25.0/" + std::string{page} + "/messages";
  const std::string to_instagram =
    "/v25.0/" + std::string{instagram} + "/messages";
  const std::string to_number = "/v25.0/" + std::string{number} + "/messages";
};

TEST_F(graph_messages, reach_a_messenger_customer) {
  const auto who = writes(channel_kind::messenger, "Hi?").customer_id;
  deliver();
  const auto got = post(to_page, message_to(who, "Yes \\u00e4"), "EAApage");
  EXPECT_EQ(got.raw.status, 200);
  EXPECT_EQ(got.raw.content_type, "application/json; charset=UTF-8");
  EXPECT_EQ(got.text("recipient_id"), who);
  EXPECT_TRUE(got.text("message_id").starts_with("m_"));
  const auto on_phone = phone(channel_kind::messenger);
  EXPECT_EQ(on_phone.text("lines.0.state"), "read");
  EXPECT_EQ(on_phone.text("lines.1.author"), "business");
  EXPECT_EQ(on_phone.text("lines.1.text"), "Yes ä");
  EXPECT_EQ(on_phone.text("lines.1.id"), got.text("message_id"));
}

TEST_F(graph_messages, come_back_as_echo_and_reports_on_messenger) {
  const auto who = writes(channel_kind::messenger, "Hi?").customer_id;
  deliver();
  const auto mid = post(to_page, message_to(who, "Yes", "row-7"), "EAApage")
                     .text("message_id");
  const auto hooks = deliver_with_reports();
  ASSERT_EQ(hooks.size(), 3U);
  const std::string at = "entry.0.messaging.0.";
  EXPECT_EQ(hooks[0].text(at + "sender.id"), page);
  EXPECT_EQ(hooks[0].text(at + "recipient.id"), who);
  EXPECT_EQ(hooks[0].flag(at + "message.is_echo"), true);
  EXPECT_EQ(hooks[0].text(at + "message.app_id"), "1029384756101112");
  EXPECT_EQ(hooks[0].text(at + "message.metadata"), "row-7");
  EXPECT_EQ(hooks[0].text(at + "message.mid"), mid);
  EXPECT_EQ(hooks[1].text(at + "delivery.mids.0"), mid);
  EXPECT_TRUE(hooks[2].has(at + "read.watermark"));
}

TEST_F(graph_messages, come_back_without_app_and_metadata_on_instagram) {
  const auto who = writes(channel_kind::instagram, "Hi?").customer_id;
  deliver();
  const auto got = post(to_instagram, message_to(who, "Yes"), "IGtoken");
  EXPECT_EQ(got.raw.status, 200);
  const auto hooks = deliver_with_reports();
  ASSERT_EQ(hooks.size(), 2U);
  const std::string at = "entry.0.messaging.0.";
  EXPECT_EQ(hooks[0].text("object"), "instagram");
  EXPECT_EQ(hooks[0].flag(at + "message.is_echo"), true);
  EXPECT_FALSE(hooks[0].has(at + "message.app_id"));
  EXPECT_FALSE(hooks[0].has(at + "message.metadata"));
  EXPECT_EQ(hooks[1].text(at + "read.mid"), got.text("message_id"));
}

TEST_F(graph_messages, go_to_instagram_through_its_page) {
  written_message what;
  what.channel = channel_kind::instagram;
  what.account_id = linked_instagram;
  what.customer = "Ana Roe";
  what.text = "Hi?";
  const auto made = world.customer_writes(what, 1);
  ASSERT_TRUE(made);
  deliver();
  const auto got =
    post(to_page, message_to(made->customer_id, "Yes"), "EAApage");
  EXPECT_EQ(got.raw.status, 200);
  EXPECT_EQ(seen.channel, channel_kind::instagram);
  const auto hooks = deliver_with_reports();
  ASSERT_FALSE(hooks.empty());
  EXPECT_EQ(hooks[0].text("entry.0.id"), linked_instagram);
}

TEST_F(graph_messages, reach_a_whatsapp_customer_and_report_three_times) {
  const auto who = writes(channel_kind::whatsapp, "Hi?").customer_id;
  deliver();
  const auto got =
    post(to_number, whatsapp_to("+" + who, "Yes", "row-9"), "EAAwhatsapp");
  EXPECT_EQ(got.raw.status, 200);
  EXPECT_EQ(got.text("messaging_product"), "whatsapp");
  EXPECT_EQ(got.text("contacts.0.input"), "+" + who);
  EXPECT_EQ(got.text("contacts.0.wa_id"), who);
  const auto id = got.text("messages.0.id");
  EXPECT_TRUE(id.starts_with("wamid."));
  const auto hooks = deliver_with_reports();
  ASSERT_EQ(hooks.size(), 3U);
  const std::string at = "entry.0.changes.0.value.";
  const std::string_view states[] = {"sent", "delivered", "read"};
  for (std::size_t i = 0; i < 3; ++i) {
    EXPECT_EQ(hooks[i].text("entry.0.id"), waba);
    EXPECT_EQ(hooks[i].text(at + "metadata.phone_number_id"), number);
    EXPECT_EQ(hooks[i].text(at + "statuses.0.id"), id);
    EXPECT_EQ(hooks[i].text(at + "statuses.0.status"), states[i]);
    EXPECT_EQ(hooks[i].text(at + "statuses.0.biz_opaque_callback_data"),
              "row-9");
    EXPECT_EQ(hooks[i].text(at + "statuses.0.recipient_id"), who);
  }
}

TEST_F(graph_messages, reach_a_whatsapp_customer_by_business_scoped_id) {
  writes(channel_kind::whatsapp, "Hi?");
  const auto hooks = deliver();
  json::json_fields hook;
  ASSERT_TRUE(hook.add_json(hooks.at(0)));
  const std::string bsuid{
    hook.text("entry.0.changes.0.value.messages.0.from_user_id")};
  ASSERT_FALSE(bsuid.empty());
  const auto got = post(to_number,
                        R"({"messaging_product":"whatsapp","recipient":")"
                          + bsuid + R"(","type":"text","text":{"body":"Yes"}})",
                        "EAAwhatsapp");
  EXPECT_EQ(got.raw.status, 200);
  EXPECT_EQ(got.text("contacts.0.user_id"), bsuid);
  EXPECT_FALSE(got.json.has("contacts.0.wa_id"));
}

TEST_F(graph_messages, are_limited_in_the_unit_of_each_channel) {
  const auto messenger = writes(channel_kind::messenger, "Hi").customer_id;
  const auto ig = writes(channel_kind::instagram, "Hi").customer_id;
  const auto phone_number = writes(channel_kind::whatsapp, "Hi").customer_id;
  // 2000 and 4096 characters, whatever their bytes.
  EXPECT_EQ(
    post(to_page, message_to(messenger, repeated("ä", 2000)), "EAApage").code(),
    0);
  EXPECT_EQ(
    post(to_page, message_to(messenger, repeated("a", 2001)), "EAApage").code(),
    100);
  EXPECT_EQ(post(to_number, whatsapp_to(phone_number, repeated("ä", 4096)),
                 "EAAwhatsapp")
              .code(),
            0);
  EXPECT_EQ(post(to_number, whatsapp_to(phone_number, repeated("a", 4097)),
                 "EAAwhatsapp")
              .code(),
            131009);
  // 1000 bytes on Instagram: 500 umlauts fit, one letter more does not.
  EXPECT_EQ(
    post(to_instagram, message_to(ig, repeated("ä", 500)), "IGtoken").code(),
    0);
  EXPECT_EQ(
    post(to_instagram, message_to(ig, repeated("ä", 500) + "a"), "IGtoken")
      .code(),
    100);
  EXPECT_EQ(
    post(to_instagram, message_to(ig, repeated("a", 1000)), "IGtoken").code(),
    0);
}

TEST_F(graph_messages, are_refused_without_text_or_with_too_much_metadata) {
  const auto who = writes(channel_kind::messenger, "Hi").customer_id;
  EXPECT_EQ(post(to_page, message_to(who, ""), "EAApage").code(), 100);
  EXPECT_EQ(
    post(to_page, message_to(who, "x", repeated("m", 1001)), "EAApage").code(),
    100);
  EXPECT_EQ(post(to_page, R"({"message":{"text":"x"}})", "EAApage").code(),
            100);
  EXPECT_EQ(post(to_page, "{", "EAApage").code(), 100);
}

TEST_F(graph_messages, are_refused_once_the_window_is_closed) {
  const auto messenger = writes(channel_kind::messenger, "Hi").customer_id;
  const auto ig = writes(channel_kind::instagram, "Hi").customer_id;
  const auto phone_number = writes(channel_kind::whatsapp, "Hi").customer_id;
  world.advance(hours{24});
  EXPECT_EQ(post(to_page, message_to(messenger, "x"), "EAApage").code(), 0);
  world.advance(milliseconds{1});
  const auto on_page = post(to_page, message_to(messenger, "x"), "EAApage");
  EXPECT_EQ(on_page.raw.status, 400);
  EXPECT_EQ(on_page.code(), 10);
  EXPECT_EQ(on_page.subcode(), 2018278);
  EXPECT_FALSE(on_page.text("error.fbtrace_id").empty());
  EXPECT_EQ(on_page.text("error.type"), "OAuthException");
  const auto on_ig = post(to_instagram, message_to(ig, "x"), "IGtoken");
  EXPECT_EQ(on_ig.raw.status, 403);
  EXPECT_EQ(on_ig.subcode(), 2534022);
  EXPECT_EQ(on_ig.text("error.type"), "IGApiException");
  const auto on_wa =
    post(to_number, whatsapp_to(phone_number, "x"), "EAAwhatsapp");
  EXPECT_EQ(on_wa.code(), 131047);
  EXPECT_EQ(on_wa.text("error.error_data.messaging_product"), "whatsapp");
  // A new word opens it again.
  writes(channel_kind::messenger, "Still there?");
  EXPECT_EQ(post(to_page, message_to(messenger, "x"), "EAApage").code(), 0);
}

TEST_F(graph_messages, of_a_human_may_come_within_a_week) {
  const auto who = writes(channel_kind::messenger, "Hi").customer_id;
  const auto tagged = [&](std::string_view tag) {
    return post(to_page,
                R"({"recipient":{"id":")" + who
                  + R"("},"messaging_type":"MESSAGE_TAG","tag":")"
                  + std::string{tag} + R"(","message":{"text":"x"}})",
                "EAApage");
  };
  world.advance(days{6});
  EXPECT_EQ(tagged("HUMAN_AGENT").code(), 0);
  EXPECT_EQ(tagged("ACCOUNT_UPDATE").code(), 100);
  world.advance(days{2});
  EXPECT_EQ(tagged("HUMAN_AGENT").subcode(), 2018278);
}

TEST_F(graph_messages, to_nobody_are_refused) {
  EXPECT_EQ(post(to_page, message_to("7099", "x"), "EAApage").subcode(),
            2018001);
  const auto got = post(to_instagram, message_to("8099", "x"), "IGtoken");
  EXPECT_EQ(got.subcode(), 2534014);
  EXPECT_EQ(got.text("error.type"), "IGApiException");
  EXPECT_EQ(post(to_number, whatsapp_to("999123", "x"), "EAAwhatsapp").code(),
            131026);
  // A customer of Messenger is nobody on WhatsApp.
  const auto who = writes(channel_kind::messenger, "Hi").customer_id;
  EXPECT_EQ(post(to_number, whatsapp_to(who, "x"), "EAAwhatsapp").code(),
            131026);
}

TEST_F(graph_messages, to_anybody_are_taken_when_it_is_not_strict) {
  world.settings().strict = false;
  EXPECT_EQ(post(to_page, message_to("7099", "x"), "EAApage").code(), 0);
  EXPECT_EQ(post(to_number, whatsapp_to("999123", "x"), "EAAwhatsapp").code(),
            0);
  EXPECT_EQ(post(to_page,
                 R"({"recipient":{"comment_id":"1_2"},"message":{"text":"x"}})",
                 "EAApage")
              .code(),
            0);
  EXPECT_EQ(post("/v25.0/1_2/comments", R"({"message":"x"})", "EAApage").code(),
            0);
  EXPECT_EQ(world.record().counts().accepted, 4U);
}

TEST_F(graph_messages, need_a_token_that_opens_the_account) {
  const auto who = writes(channel_kind::messenger, "Hi").customer_id;
  const auto body = message_to(who, "x");
  EXPECT_EQ(post(to_page, body, "").code(), 104);
  const auto unknown = post(to_page, body, "EAAnobody");
  EXPECT_EQ(unknown.code(), 190);
  EXPECT_EQ(unknown.raw.status, 401);
  EXPECT_EQ(post(to_page, body, "EAAwhatsapp").subcode(), 33);
  EXPECT_EQ(seen.token_in, "header");
  // Clients that put it elsewhere are served, and it is noted.
  EXPECT_EQ(post(to_page + "?access_token=EAApage", body, "").code(), 0);
  EXPECT_EQ(seen.token_in, "query");
}

TEST_F(graph_messages, need_a_right_proof_if_there_is_one) {
  const auto who = writes(channel_kind::messenger, "Hi").customer_id;
  const auto with_proof = [&](std::string_view proof) {
    return post(to_page + "?appsecret_proof=" + std::string{proof},
                message_to(who, "x"), "EAApage");
  };
  EXPECT_EQ(with_proof(proof_for("EAApage")).code(), 0);
  EXPECT_TRUE(seen.proof);
  const auto wrong = with_proof(proof_for("IGtoken"));
  EXPECT_EQ(wrong.code(), 100);
  EXPECT_EQ(wrong.text("error.type"), "GraphMethodException");
  EXPECT_EQ(with_proof("").code(), 100);
  // In the body it counts as well.
  auto body = message_to(who, "x");
  body.insert(1, R"("appsecret_proof":")" + proof_for("EAApage") + "\",");
  EXPECT_EQ(post(to_page, body, "EAApage").code(), 0);
  body.replace(body.find("proof\":\"") + 8, 1, "z");
  EXPECT_EQ(post(to_page, body, "EAApage").code(), 100);
}

TEST(appsecret_proof, is_the_one_of_the_contract) {
  EXPECT_EQ(proof_for("EAAtesttoken"),
            "13be83d4fcc4612bdd4ff7b12f323e238602e22a2bb906779c2178f3315437f3");
}

class graph_with_required_proof : public sandbox_case {
protected:
  graph_with_required_proof() : sandbox_case(required()) {}

  static world_options required() {
    auto made = options_for_tests();
    made.require_proof = true;
    return made;
  }
};

TEST_F(graph_with_required_proof, refuses_calls_without_one) {
  EXPECT_EQ(get("/v25.0/me", "EAApage").code(), 104);
  EXPECT_EQ(
    get("/v25.0/me?appsecret_proof=" + proof_for("EAApage"), "EAApage").code(),
    0);
}

TEST_F(graph_messages, work_with_or_without_version_and_by_me) {
  const auto who = writes(channel_kind::messenger, "Hi").customer_id;
  for (const auto& path :
       {"/" + std::string{page} + "/messages", std::string{"/me/messages"},
        std::string{"/v19.0/me/messages"}})
    EXPECT_EQ(post(path, message_to(who, "x"), "EAApage").code(), 0) << path;
}

TEST_F(graph_messages, work_as_a_form) {
  const auto who = writes(channel_kind::messenger, "Hi").customer_id;
  const auto got = call("POST", "/me/messages",
                        "recipient=%7B%22id%22%3A%22" + who
                          + "%22%7D&message=%7B%22text%22%3A%22a%20b%22%7D"
                            "&access_token=EAApage",
                        {}, "application/x-www-form-urlencoded");
  EXPECT_EQ(got.code(), 0);
  EXPECT_EQ(seen.text, "a b");
  EXPECT_EQ(seen.token_in, "body");
}

TEST_F(graph_messages, may_be_signs_instead_of_words) {
  const auto who = writes(channel_kind::messenger, "Hi").customer_id;
  deliver();
  const auto act = [&](std::string_view action) {
    return post(to_page,
                R"({"recipient":{"id":")" + who + R"("},"sender_action":")"
                  + std::string{action} + R"("})",
                "EAApage");
  };
  const auto got = act("typing_on");
  EXPECT_EQ(got.text("recipient_id"), who);
  EXPECT_FALSE(got.json.has("message_id"));
  EXPECT_EQ(phone(channel_kind::messenger).flag("typing"), true);
  act("typing_off");
  EXPECT_EQ(phone(channel_kind::messenger).flag("typing"), false);
  EXPECT_EQ(phone(channel_kind::messenger).text("lines.0.state"), "delivered");
  act("mark_seen");
  EXPECT_EQ(phone(channel_kind::messenger).text("lines.0.state"), "read");
  EXPECT_EQ(world.record().counts().sends, 0U);
}

TEST_F(graph_messages, may_mark_a_whatsapp_message_as_read) {
  const auto made = writes(channel_kind::whatsapp, "Hi");
  deliver();
  const auto mark = [&](std::string_view id) {
    return post(to_number,
                R"({"messaging_product":"whatsapp","status":"read",)"
                R"("message_id":")"
                  + std::string{id}
                  + R"(","typing_indicator":{"type":"text"}})",
                "EAAwhatsapp");
  };
  EXPECT_EQ(mark(made.id).json.flag("success"), true);
  const auto got = phone(channel_kind::whatsapp);
  EXPECT_EQ(got.text("lines.0.state"), "read");
  EXPECT_EQ(got.flag("typing"), true);
  EXPECT_EQ(mark("wamid.none").code(), 131009);
}

} // namespace

} // namespace assistly::sandbox
