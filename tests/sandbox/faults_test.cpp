#include "tests/sandbox/sandbox_case.hpp"

namespace assistly::sandbox {

namespace {

class faults : public sandbox_case {
protected:
  void strike_with(std::string_view json) {
    json::json_fields fields;
    ASSERT_TRUE(fields.add_json(json));
    auto rule = read_fault_rule(fields);
    ASSERT_TRUE(rule) << rule.error().text;
    ASSERT_TRUE(world.faults().add(*rule));
  }

  graph_answer send(std::string_view text = "x") {
    const auto who = writes(channel_kind::messenger, "Hi").customer_id;
    return post("/v25.0/" + std::string{page} + "/messages",
                message_to(who, text), "EAApage");
  }

  std::size_t answers_on_phone() {
    const auto got = phone(channel_kind::messenger);
    std::size_t count = 0;
    for (const auto& one : got.all())
      count += one.path.ends_with(".author") && one.value == "business";
    return count;
  }
};

TEST_F(faults, answer_with_any_graph_error) {
  strike_with(R"({"kind":"error","code":10,"subcode":2018108})");
  const auto got = send();
  EXPECT_EQ(got.raw.status, 400);
  EXPECT_EQ(got.subcode(), 2018108);
  EXPECT_EQ(answers_on_phone(), 0U);
  EXPECT_EQ(seen.fault, "error");
  EXPECT_FALSE(seen.accepted);
  EXPECT_EQ(send().code(), 0);
}

TEST_F(faults, answer_with_a_status_and_html) {
  strike_with(R"({"kind":"status","code":503,"times":2})");
  for (int i = 0; i < 2; ++i) {
    const auto got = send();
    EXPECT_EQ(got.raw.status, 503);
    EXPECT_TRUE(got.raw.content_type.starts_with("text/html"));
  }
  EXPECT_EQ(send().raw.status, 200);
  EXPECT_EQ(answers_on_phone(), 1U);
}

TEST_F(faults, lose_the_request_or_only_its_answer) {
  strike_with(R"({"kind":"reset_before"})");
  EXPECT_EQ(send().raw.status, 502);
  EXPECT_EQ(answers_on_phone(), 0U);
  strike_with(R"({"kind":"reset_after_accept"})");
  EXPECT_EQ(send().raw.status, 502);
  EXPECT_EQ(answers_on_phone(), 1U);
  EXPECT_TRUE(seen.accepted);
}

TEST_F(faults, keep_the_sender_waiting) {
  strike_with(R"({"kind":"timeout","delay_ms":9000})");
  auto got = send();
  EXPECT_TRUE(got.withheld);
  EXPECT_EQ(got.delay, milliseconds{9000});
  EXPECT_EQ(seen.status, 0);
  EXPECT_EQ(answers_on_phone(), 0U);
  strike_with(R"({"kind":"timeout_after_accept"})");
  got = send();
  EXPECT_TRUE(got.withheld);
  EXPECT_EQ(got.delay, milliseconds{60000});
  EXPECT_EQ(answers_on_phone(), 1U);
  strike_with(R"({"kind":"slow","delay_ms":700})");
  got = send();
  EXPECT_FALSE(got.withheld);
  EXPECT_EQ(got.delay, milliseconds{700});
  EXPECT_EQ(got.raw.status, 200);
}

TEST_F(faults, limit_each_channel_in_its_own_way) {
  strike_with(R"({"kind":"rate_limit"})");
  EXPECT_EQ(send().code(), 613);
  strike_with(R"({"kind":"rate_limit","code":80006})");
  const auto got = send();
  EXPECT_EQ(got.code(), 80006);
  ASSERT_EQ(got.raw.headers.size(), 1U);
  EXPECT_EQ(got.raw.headers[0].first, "X-Business-Use-Case-Usage");
  json::json_fields usage;
  EXPECT_TRUE(usage.add_json(got.raw.headers[0].second));
  EXPECT_EQ(usage.text(std::string{page} + ".0.type"), "messenger");
  strike_with(R"({"kind":"rate_limit","code":4})");
  EXPECT_EQ(send().raw.headers.at(0).first, "X-App-Usage");
  strike_with(R"({"kind":"rate_limit"})");
  EXPECT_EQ(post("/v25.0/" + std::string{number} + "/messages",
                 whatsapp_to("1", "x"), "EAAwhatsapp")
              .code(),
            130429);
}

TEST_F(faults, kill_a_token_for_every_call_of_its_channel) {
  strike_with(
    R"({"match":{"channel":"messenger"},"kind":"token_dead","times":0})");
  EXPECT_EQ(send().subcode(), 460);
  EXPECT_EQ(send().subcode(), 460);
  EXPECT_EQ(get("/v25.0/me", "EAApage").subcode(), 460);
  EXPECT_EQ(get("/v25.0/me", "IGtoken").code(), 0);
  world.faults().clear();
  EXPECT_EQ(send().code(), 0);
}

TEST_F(faults, strike_only_what_they_match) {
  strike_with(R"({"match":{"channel":"whatsapp"},"kind":"error","code":1200})");
  EXPECT_EQ(send().code(), 0);
  world.faults().clear();
  strike_with(
    R"({"match":{"path_contains":"/conversations"},"kind":"error","code":2})");
  EXPECT_EQ(send().code(), 0);
  const auto look =
    get("/v25.0/" + std::string{page} + "/conversations", "EAApage");
  EXPECT_EQ(look.code(), 2);
  EXPECT_EQ(look.json.flag("error.is_transient"), true);
  EXPECT_TRUE(world.faults().all().empty());
}

TEST_F(faults, leave_looking_alone_unless_told_otherwise) {
  strike_with(R"({"kind":"status","code":500})");
  EXPECT_EQ(get("/v25.0/me", "EAApage").raw.status, 200);
  EXPECT_EQ(send().raw.status, 500);
}

TEST_F(faults, can_say_error_although_the_message_was_sent) {
  strike_with(R"({"kind":"error","code":1,"subcode":1357046})");
  const auto got = send();
  EXPECT_EQ(got.raw.status, 500);
  EXPECT_EQ(got.subcode(), 1357046);
  EXPECT_EQ(answers_on_phone(), 1U);
}

TEST_F(faults, can_report_a_whatsapp_message_as_failed) {
  strike_with(R"({"kind":"failed_status","code":131049})");
  const auto who = writes(channel_kind::whatsapp, "Hi").customer_id;
  deliver();
  EXPECT_EQ(post("/v25.0/" + std::string{number} + "/messages",
                 whatsapp_to(who, "x", "row-3"), "EAAwhatsapp")
              .raw.status,
            200);
  const auto hooks = deliver_with_reports();
  ASSERT_EQ(hooks.size(), 1U);
  const std::string at = "entry.0.changes.0.value.statuses.0.";
  EXPECT_EQ(hooks[0].text(at + "status"), "failed");
  EXPECT_EQ(hooks[0].number(at + "errors.0.code"), 131049);
  EXPECT_EQ(hooks[0].text(at + "biz_opaque_callback_data"), "row-3");
}

TEST_F(faults, do_not_hide_a_refusal_behind_a_lost_answer) {
  strike_with(R"({"kind":"reset_after_accept"})");
  EXPECT_EQ(post("/v25.0/" + std::string{page} + "/messages",
                 message_to("7099", "x"), "EAApage")
              .subcode(),
            2018001);
}

TEST(fault_rules, refuse_what_they_do_not_understand) {
  for (const auto* json :
       {R"({})", R"({"kind":"explode"})", R"({"kind":"error"})",
        R"({"kind":"status","code":200})", R"({"kind":"status"})",
        R"({"kind":"slow","delay_ms":-1})",
        R"({"kind":"slow","delay_ms":600001})",
        R"({"kind":"error","code":"x"})",
        R"({"kind":"slow","match":{"channel":"fax"}})"}) {
    json::json_fields fields;
    ASSERT_TRUE(fields.add_json(json));
    EXPECT_FALSE(read_fault_rule(fields)) << json;
  }
}

TEST(fault_rules, are_bounded_in_number) {
  fault_rules rules;
  for (std::size_t i = 0; i < fault_rules::most; ++i)
    ASSERT_TRUE(rules.add({}));
  const auto over = rules.add({});
  ASSERT_FALSE(over);
  EXPECT_EQ(over.error().code, errc::busy);
}

} // namespace

} // namespace assistly::sandbox
