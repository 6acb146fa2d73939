/// One broken part of a batch never blocks the others.
#include "tests/protocol/webhook/signed_webhook.hpp"

namespace assistly::webhook {
namespace {

const std::string good_item =
  R"({"sender":{"id":"7"},"recipient":{"id":"1"},"message":{"mid":"m","text":"x"}})";

std::string page_batch(const std::string& broken_item) {
  return R"({"object":"page","entry":[{"id":"1","messaging":[)" + good_item
         + "," + broken_item + "," + good_item + "]}]}";
}

void expect_two_good(const std::string& body, std::size_t aside,
                     const std::string& source) {
  const auto parsed = read(body);
  ASSERT_EQ(parsed.events.size(), 2U) << source;
  for (const auto& event : parsed.events)
    EXPECT_EQ(event.kind, event_kind::customer_text) << source;
  ASSERT_EQ(parsed.unreadable_parts, aside) << source;
  if (aside == 1) {
    EXPECT_EQ(parsed.quarantine.at(0), source);
  }
}

TEST(parse_webhook_batch, survives_a_broken_item_between_good_ones) {
  for (const std::string broken :
       {R"(null)", R"(7)", R"("text")", R"([])", R"(true)", R"([{"a":[1]}])",
        R"({"sender":"7","message":{"mid":"m"}})",
        R"({"sender":{"id":{}},"message":{"mid":"m"}})",
        R"({"sender":{"id":"7"},"message":"hi"})",
        R"({"sender":{"id":"7"},"message":{"mid":null,"text":"x"}})",
        R"({"sender":{"id":"7"},"message":{"text":"x"}})",
        R"({"sender":{"id":"7"},"message":{"mid":"m","text":7}})",
        R"({"sender":{"id":"7"},"message":{"mid":"m","text":{"a":[1,2]}}})",
        R"({"sender":{"id":"7"},"message":{"mid":"m","text":"\x"}})",
        R"({"message":{"mid":"m","text":"x"}})",
        R"({"sender":null,"message":{"mid":"m","text":"x"}})",
        R"({"recipient":{"id":[1]}})"})
    expect_two_good(page_batch(broken), 1, broken);
}

TEST(parse_webhook_batch, survives_a_broken_entry_between_good_ones) {
  const std::string good = R"({"id":"1","messaging":[)" + good_item + "]}";
  for (const std::string broken :
       {R"(null)", R"([1])", R"("x")", R"({})", R"({"id":null})",
        R"({"id":[1],"messaging":[]})", R"({"id":"1","field":7,"value":{}})",
        R"({"id":"1","field":"feed","value":{"item":"comment"}})"})
    expect_two_good(R"({"object":"page","entry":[)" + good + "," + broken + ","
                      + good + "]}",
                    1, broken);
}

TEST(parse_webhook_batch, sets_a_list_that_is_none_aside) {
  const std::string good = R"({"id":"1","messaging":[)" + good_item + "]}";
  for (const std::string broken : {R"({"a":1})", R"("x")", R"(5)"})
    for (const std::string key : {"messaging", "standby", "changes"})
      expect_two_good(R"({"object":"page","entry":[)" + good + R"(,{"id":"1",")"
                        + key + R"(":)" + broken + "}," + good + "]}",
                      1, broken);
  expect_two_good(R"({"object":"page","entry":[)" + good
                    + R"(,{"id":"1","messaging":null,"changes":null},)" + good
                    + "]}",
                  0, "null lists");
}

TEST(parse_webhook_batch, survives_a_broken_change_between_good_ones) {
  const auto comment = [](const std::string& id) {
    return R"({"field":"comments","value":{"id":")" + id
           + R"(","text":"x","from":{"id":"8"}}})";
  };
  for (const std::string broken :
       {R"(null)", R"({"field":"comments"})",
        R"({"field":"comments","value":7})",
        R"({"field":["comments"],"value":{"id":"5"}})",
        R"({"field":"comments","value":{"text":"x"}})",
        R"({"field":"comments","value":{"id":"5","text":["x"]}})",
        R"({"value":{"id":"5","from":7},"field":"comments"})"}) {
    expect_two_good(R"({"object":"instagram","entry":[{"id":"2","changes":[)"
                      + comment("3") + "," + broken + "," + comment("4")
                      + "]}]}",
                    1, broken);
  }
}

TEST(parse_webhook_batch,
     survives_a_broken_whatsapp_message_between_good_ones) {
  const std::string good =
    R"({"from":"49","id":"w","type":"text","text":{"body":"x"}})";
  for (const std::string broken :
       {R"(null)", R"({"id":"w"})", R"({"from":"49","type":"text"})",
        R"({"from":"49","id":"w","type":"text","text":"x"})",
        R"({"from":"49","id":"w","type":"text","text":{"body":7}})",
        R"({"from":{},"id":"w","type":"text","text":{"body":"x"}})",
        R"({"id":"w","type":"text","text":{"body":"from nobody"}})"})
    expect_two_good(
      R"({"object":"whatsapp_business_account","entry":[{"id":"9","changes":)"
      R"([{"value":{"metadata":{"phone_number_id":"3"},"messages":[)"
        + good + "," + broken + "," + good + R"(]},"field":"messages"}]}]})",
      1, broken);
}

TEST(parse_webhook_batch, reads_the_contacts_it_can) {
  const auto parsed = read(
    R"({"object":"whatsapp_business_account","entry":[{"id":"9","changes":)"
    R"([{"value":{"metadata":{"phone_number_id":"3"},"contacts":[null,7,)"
    R"({"wa_id":[]},{"wa_id":"49","profile":{"name":"B"}}],"messages":)"
    R"([{"from":"49","id":"w","type":"text","text":{"body":"x"}}]},)"
    R"("field":"messages"}]}]})");
  ASSERT_EQ(parsed.events.size(), 1U);
  EXPECT_EQ(parsed.events[0].person_name, "B");
}

TEST(parse_webhook_batch, keeps_accounts_of_several_tenants_apart) {
  const auto parsed = read(payload("batch-mixed-3-entries.json"));
  ASSERT_EQ(parsed.events.size(), 4U);
  EXPECT_EQ(parsed.events[0].account_id, "100200300400501");
  EXPECT_EQ(parsed.events[3].account_id, "100200300400502");
}

TEST(parse_webhook_batch, reads_a_body_of_megabytes) {
  std::string body = R"({"object":"page","entry":[{"id":"1","messaging":[)";
  constexpr std::size_t count = 20000;
  for (std::size_t i = 0; i < count; ++i)
    body += (i == 0 ? "" : ",") + good_item;
  body += "]}]}";
  ASSERT_GT(body.size(), 1'000'000U);
  EXPECT_EQ(read(body).events.size(), count);
  // And a small one after it on the same thread.
  EXPECT_EQ(read(payload("messenger-text.json")).events.size(), 1U);
}

TEST(parse_webhook_batch, takes_the_last_of_two_equal_keys) {
  const auto parsed = read(
    R"({"object":"page","entry":[{"id":"1","messaging":[{"sender":{"id":"7"},)"
    R"("recipient":{"id":"1"},"message":{"mid":"m","text":"a","text":"b"}}]}]})");
  ASSERT_EQ(parsed.events.size(), 1U);
  EXPECT_EQ(parsed.events[0].text, "b");
}

} // namespace
} // namespace assistly::webhook
