#include "protocol/webhook/parse_webhook.hpp"
#include "tests/protocol/webhook/signed_webhook.hpp"

namespace assistly::webhook {
namespace {

/// A Messenger body around one messaging item.
std::string page_with(const std::string& item) {
  return R"({"object":"page","entry":[{"id":"1","messaging":[)" + item + "]}]}";
}

std::string text_item(const std::string& text, const std::string& mid = "m") {
  return R"({"sender":{"id":"7"},"recipient":{"id":"1"},"timestamp":1795132800000,)"
         R"("message":{"mid":")"
         + mid + R"(","text":")" + text + R"("}})";
}

std::string whatsapp_with(const std::string& value,
                          const std::string& field = "messages") {
  return R"({"object":"whatsapp_business_account","entry":[{"id":"9","changes":)"
         R"([{"value":{)"
         + value + R"(},"field":")" + field + R"("}]}]})";
}

constexpr auto number = R"("metadata":{"phone_number_id":"3"})";

inbound_event only(const std::string& body) {
  const auto parsed = read(body);
  EXPECT_EQ(parsed.events.size(), 1U) << body;
  EXPECT_EQ(parsed.unreadable_parts, 0U) << body;
  return parsed.events.empty() ? inbound_event{} : parsed.events.front();
}

void expect_set_aside(const std::string& body) {
  const auto parsed = read(body);
  EXPECT_TRUE(parsed.events.empty()) << body;
  EXPECT_EQ(parsed.unreadable_parts, 1U) << body;
  ASSERT_EQ(parsed.quarantine.size(), 1U) << body;
  EXPECT_NE(body.find(parsed.quarantine[0]), std::string::npos) << body;
}

TEST(parse_webhook, does_not_care_for_the_order_of_keys) {
  const std::string item =
    R"({"message":{"text":"hi","mid":"m"},"timestamp":1795132800000,)"
    R"("recipient":{"id":"1"},"sender":{"id":"7"}})";
  const auto event = only(R"({"entry":[{"messaging":[)" + item
                          + R"(],"time":1,"id":"1"}],"object":"page"})");
  EXPECT_EQ(event.kind, event_kind::customer_text);
  EXPECT_EQ(event.account_id, "1");
  EXPECT_EQ(event.text, "hi");
  ASSERT_EQ(event.person.size(), 1U);
  EXPECT_EQ(event.person[0].external_id, "7");

  const auto comment = only(
    R"({"entry":[{"changes":[{"value":{"text":"t","id":"5","media":{"id":"6"},)"
    R"("from":{"username":"u","id":"8"}},"field":"comments"}],"id":"2"}],)"
    R"("object":"instagram"})");
  EXPECT_EQ(comment.kind, event_kind::customer_text);
  EXPECT_EQ(comment.thread_id, "6");

  const auto chat = only(
    R"({"entry":[{"changes":[{"field":"messages","value":{"messages":[)"
    R"({"text":{"body":"t"},"type":"text","timestamp":"1795132800","id":"w",)"
    R"("from":"49"}],"contacts":[{"wa_id":"49","profile":{"name":"N"}}],)"
    R"("metadata":{"phone_number_id":"3"}}}],"id":"9"}],)"
    R"("object":"whatsapp_business_account"})");
  EXPECT_EQ(chat.account_id, "3");
  EXPECT_EQ(chat.person_name, "N");
}

TEST(parse_webhook, keeps_every_digit_of_ids_that_are_numbers) {
  const auto event = only(
    R"({"object":"page","entry":[{"id":17841400000000501,"messaging":[{)"
    R"("sender":{"id":98765432109876543210},"recipient":{"id":17841400000000501},)"
    R"("timestamp":"1795132800","message":{"mid":9007199254740993,"text":"x"}}]}]})");
  EXPECT_EQ(event.account_id, "17841400000000501");
  EXPECT_EQ(event.person.at(0).external_id, "98765432109876543210");
  EXPECT_EQ(event.external_id, "9007199254740993");
}

TEST(parse_webhook, sets_an_event_with_an_id_that_is_none_aside) {
  for (const auto* id : {"1.5", "-7", "1e5", "true", "{}", "[]", R"("")",
                         R"("a\u0007b")", R"("a\nb")"})
    expect_set_aside(page_with(
      R"({"sender":{"id":"7"},"recipient":{"id":"1"},"message":{"mid":)"
      + std::string{id} + R"(,"text":"x"}})"));
  expect_set_aside(page_with(text_item("x", std::string(1025, 'm'))));
  EXPECT_EQ(only(page_with(text_item("x", std::string(1024, 'm')))).kind,
            event_kind::customer_text);
}

TEST(parse_webhook, undoes_the_escapes_in_ids) {
  EXPECT_EQ(only(page_with(text_item("x", R"(a\/b\u003d)"))).external_id,
            "a/b=");
}

TEST(parse_webhook, mends_text_instead_of_losing_it) {
  EXPECT_EQ(only(page_with(text_item(R"(split \ud83d)"))).text, "split \uFFFD");
  EXPECT_EQ(only(page_with(text_item(R"(n\u0000ul)"))).text, "nul");
  EXPECT_EQ(only(page_with(text_item("raw \xFF\xC3"))).text,
            "raw \uFFFD\uFFFD");
  const auto only_nul = only(page_with(text_item(R"(\u0000)")));
  EXPECT_EQ(only_nul.what, "message.empty");
}

TEST(parse_webhook, mends_bytes_without_blocking_the_others_of_the_batch) {
  const auto parsed =
    read(page_with(text_item("one", "m1") + "," + text_item("t\xF0\x9F", "m2")
                   + "," + text_item("three", "m3")));
  ASSERT_EQ(parsed.events.size(), 3U);
  EXPECT_EQ(parsed.events[2].text, "three");
}

TEST(parse_webhook, finds_what_is_no_json_unreadable) {
  for (const std::string body :
       {"", " ", "null", "[]", "\"x\"", "7", "{", "{\"object\":\"page\"",
        "{\"object\":\"page\",\"entry\":[]}}",
        "{\"object\":\"page\",\"entry\":[]} x",
        "{\"object\":\"page\",\"entry\":[] \"x\":1}",
        "{\"object\":\"page\",\"entry\":[{\"id\":\"1\",\"messaging\":[{]}]}",
        "{\"object\":\"page\",\"entry\":[{\"id\" \"1\"}]}",
        "{object:\"page\",\"entry\":[]}",
        "\xEF\xBB\xBF{\"object\":\"page\",\"entry\":[]}",
        "{\"object\":\"page\",\"entry\":[{\"id\":\"1\n\"}]}"}) {
    const auto parsed = parse(body);
    ASSERT_FALSE(parsed) << body;
    EXPECT_EQ(parsed.error().code, errc::unreadable) << body;
  }
}

TEST(parse_webhook, finds_a_body_without_object_or_entries_unreadable) {
  for (const std::string body :
       {"{}", R"({"object":"page"})", R"({"entry":[]})",
        R"({"object":7,"entry":[]})", R"({"object":null,"entry":[]})",
        R"({"object":"page","entry":{}})", R"({"object":"page","entry":null})",
        R"({"object":"page","entry":"x"})"}) {
    const auto parsed = parse(body);
    ASSERT_FALSE(parsed) << body;
    EXPECT_EQ(parsed.error().code, errc::unreadable) << body;
  }
  EXPECT_TRUE(read(R"({"object":"page","entry":[]})").events.empty());
}

TEST(parse_webhook, finds_every_cut_body_unreadable) {
  for (const auto* file : {"messenger-text.json", "whatsapp-text.json",
                           "batch-mixed-3-entries.json"}) {
    auto body = payload(file);
    body.erase(body.find_last_of('}') + 1);
    for (std::size_t length = 0; length < body.size(); ++length)
      EXPECT_FALSE(parse(body.substr(0, length))) << file << ' ' << length;
  }
}

TEST(parse_webhook, sets_deep_nesting_aside_wherever_it_is) {
  const std::string deep =
    std::string(20000, '[') + "1" + std::string(20000, ']');
  expect_set_aside(R"({"object":"page","entry":[{"id":"1","x":)" + deep
                   + "}]}");
  expect_set_aside(
    page_with(R"({"sender":{"id":"7"},"new_event":{"a":)" + deep + "}}"));
  expect_set_aside(whatsapp_with(R"("x":)" + deep, "flows"));
  // What is not kept may be as deep as it likes.
  EXPECT_EQ(
    only(page_with(R"({"sender":{"id":"7"},"recipient":{"id":"1"},"message":)"
                   R"({"mid":"m","text":"hi","referral":)"
                   + deep + "}}"))
      .text,
    "hi");
}

TEST(parse_webhook, counts_an_unknown_object_and_keeps_nothing) {
  const auto parsed = read(R"({"object":"toaster","entry":[{"id":"1"}]})");
  EXPECT_EQ(parsed.unknown_objects, 1U);
  EXPECT_TRUE(parsed.events.empty());
}

TEST(parse_webhook, takes_whatever_the_account_itself_sends_for_an_echo) {
  const std::string from_account =
    R"({"sender":{"id":"1"},"recipient":{"id":"7"},"message":{"mid":"m",)";
  const auto plain = only(page_with(from_account + R"("text":"hi"}})"));
  EXPECT_EQ(plain.kind, event_kind::echo);
  EXPECT_EQ(plain.person.at(0).external_id, "7");
  const auto unsent =
    only(page_with(from_account + R"("is_echo":true,"is_deleted":true}})"));
  EXPECT_EQ(unsent.kind, event_kind::other);
  EXPECT_EQ(unsent.what, "message.unsent_by_business");
}

TEST(parse_webhook, never_answers_a_message_to_oneself) {
  const auto event = only(page_with(
    R"({"sender":{"id":"7"},"recipient":{"id":"1"},"message":{"mid":"m",)"
    R"("is_self":true,"text":"note"}})"));
  EXPECT_EQ(event.kind, event_kind::other);
  EXPECT_EQ(event.what, "message.self");
}

TEST(parse_webhook, drops_and_counts_what_is_not_for_the_account) {
  const auto parsed = read(page_with(
    R"({"sender":{"id":"2"},"recipient":{"id":"7"},"message":{"mid":"m",)"
    R"("is_echo":true,"text":"x"}},)"
    R"({"sender":{"id":"7"},"recipient":{"id":"2"},"read":{"watermark":5}})"));
  EXPECT_EQ(parsed.mismatched, 2U);
  EXPECT_TRUE(parsed.events.empty());
}

TEST(parse_webhook, has_no_time_where_meta_gives_none_that_makes_sense) {
  const auto event = only(page_with(
    R"({"sender":{"id":"7"},"recipient":{"id":"1"},"timestamp":"later",)"
    R"("message":{"mid":"m","text":"x"}})"));
  EXPECT_FALSE(event.has_time);
  EXPECT_EQ(event.text, "x");
}

TEST(parse_webhook, joins_the_two_ids_of_a_whatsapp_contact) {
  const auto event = only(whatsapp_with(
    std::string{number}
    + R"(,"contacts":[{"wa_id":"48","user_id":"PL.1","profile":{"name":"A"}},)"
      R"({"wa_id":"49","user_id":"DE.2","profile":{"name":"B"}}],)"
      R"("messages":[{"from":"49","id":"w","type":"text","text":{"body":"x"}}])"));
  ASSERT_EQ(event.person.size(), 2U);
  EXPECT_EQ(event.person[0], (alias{alias_space::wa_phone, "49"}));
  EXPECT_EQ(event.person[1], (alias{alias_space::bsuid, "DE.2"}));
  EXPECT_EQ(event.person_name, "B");
}

TEST(parse_webhook, names_nobody_in_a_group) {
  const auto event = only(whatsapp_with(
    std::string{number}
    + R"(,"messages":[{"from":"49","id":"w","group_id":"g","type":"text",)"
      R"("text":{"body":"x"}}])"));
  EXPECT_EQ(event.what, "message.group");
  EXPECT_TRUE(event.person.empty());
}

TEST(parse_webhook, starts_no_turn_from_history) {
  const std::string value =
    std::string{number}
    + R"(,"messages":[{"from":"49","id":"w","type":"text","text":{"body":"old"}}])";
  EXPECT_EQ(only(whatsapp_with(value)).kind, event_kind::customer_text);
  for (const auto* field : {"history", "smb_message_echoes", "calls", "new"})
    EXPECT_EQ(only(whatsapp_with(value, field)).kind, event_kind::other)
      << field;
}

TEST(parse_webhook, sets_a_whatsapp_message_to_no_number_aside) {
  expect_set_aside(whatsapp_with(
    R"("messages":[{"from":"49","id":"w","type":"text","text":{"body":"x"}}])"));
}

TEST(parse_webhook, silences_the_ai_for_media_from_the_phone_app_too) {
  const auto event = only(whatsapp_with(
    std::string{number}
      + R"(,"message_echoes":[{"from":"3","to":"49","id":"w","type":"image",)"
        R"("image":{"id":"5"}}])",
    "smb_message_echoes"));
  EXPECT_EQ(event.kind, event_kind::echo);
  EXPECT_TRUE(event.from_phone);
  EXPECT_TRUE(event.text.empty());
}

TEST(parse_webhook, keeps_a_status_it_does_not_know) {
  const auto event = only(whatsapp_with(
    std::string{number} + R"(,"statuses":[{"id":"w","status":"warning"}])"));
  EXPECT_EQ(event.kind, event_kind::other);
  EXPECT_EQ(event.what, "status.unknown");
  EXPECT_EQ(event.dedupe_key, "whatsapp|3|w|warning");
}

TEST(parse_webhook, knows_a_post_from_a_comment_without_post_id) {
  const auto comment = [](const std::string& parent) {
    return only(
      R"({"object":"page","entry":[{"id":"1","changes":[{"field":"feed","value":)"
      R"({"item":"comment","verb":"add","comment_id":"20_30","parent_id":")"
      + parent + R"(","message":"x","from":{"id":"7"}}}]}]})");
  };
  EXPECT_EQ(comment("1_20").thread_id, "1_20");
  EXPECT_EQ(comment("1_20").parent_id, "");
  EXPECT_EQ(comment("20_29").parent_id, "20_29");
}

TEST(parse_webhook, never_answers_its_own_comment) {
  const auto page = only(
    R"({"object":"page","entry":[{"id":"1","changes":[{"field":"feed","value":)"
    R"({"item":"comment","verb":"edited","comment_id":"2_3","post_id":"1_2",)"
    R"("parent_id":"1_2","message":"x","from":{"id":1}}}]}]})");
  EXPECT_EQ(page.kind, event_kind::echo);
  EXPECT_TRUE(page.edit);
  EXPECT_TRUE(page.person.empty());
  const auto instagram = only(
    R"({"object":"instagram","entry":[{"id":"1","field":"comments","value":)"
    R"({"id":"5","text":"x","from":{"id":"1"}}}]})");
  EXPECT_EQ(instagram.kind, event_kind::echo);
}

TEST(parse_webhook, files_a_permission_without_targets_under_no_account) {
  const auto event = only(
    R"({"object":"permissions","entry":[{"id":"5","changes":[{"field":"email",)"
    R"("value":{"verb":"revoked"}}]}]})");
  EXPECT_EQ(event.account_id, "");
  EXPECT_EQ(event.what, "permissions.revoked");
}

} // namespace
} // namespace assistly::webhook
