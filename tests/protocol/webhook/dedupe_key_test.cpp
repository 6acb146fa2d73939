#include "protocol/webhook/dedupe_key.hpp"
#include "tests/protocol/webhook/signed_webhook.hpp"

namespace assistly::webhook {
namespace {

const account_ref page{channel_kind::messenger, "1"};

std::string only_key(const std::string& file) {
  const auto parsed = read(payload(file));
  EXPECT_EQ(parsed.events.size(), 1U) << file;
  return parsed.events.empty() ? "" : parsed.events.front().dedupe_key;
}

TEST(dedupe_key, has_the_forms_that_are_documented) {
  EXPECT_EQ(message_key(page, "m"), "messenger|1|m");
  EXPECT_EQ(instagram_comment_key({channel_kind::instagram_comments, "2"}, "c",
                                  "comments"),
            "instagram_comments|2|c|comments");
  EXPECT_EQ(page_comment_key({channel_kind::page_comments, "3"}, "c", "add",
                             from_unix_ms(1000)),
            "page_comments|3|c|add|1000");
  EXPECT_EQ(page_comment_key({channel_kind::page_comments, "3"}, "c", "add",
                             std::nullopt),
            "page_comments|3|c|add|0");
  EXPECT_EQ(status_key(page, "w", "read", ""), "messenger|1|w|read");
  EXPECT_EQ(status_key(page, "w", "read", "p"), "messenger|1|w|read|p");
  EXPECT_EQ(watermark_key(page, "read", "7", from_unix_ms(5)),
            "messenger|1|watermark|read|7|5");
  // SHA-256 of "abc", FIPS 180-4.
  EXPECT_EQ(content_key(page, "abc"),
            "messenger|1|sha256|ba7816bf8f01cfea414140de5dae2223b00361a396177a9"
            "cb410ff61f20015ad");
}

TEST(dedupe_key, is_the_same_for_a_redelivery) {
  EXPECT_EQ(only_key("messenger-text.json"),
            only_key("messenger-duplicate-redelivery.json"));
}

TEST(dedupe_key, is_the_same_in_all_envelopes_of_a_comment) {
  EXPECT_EQ(only_key("instagram-comment.json"),
            only_key("instagram-comment-flat.json"));
}

TEST(dedupe_key, tells_the_acts_on_one_message_apart) {
  std::vector<std::string> keys;
  for (const auto* file :
       {"messenger-text.json", "messenger-message-deleted.json",
        "messenger-message-edit.json",
        "messenger-message-edit-string-count.json", "messenger-reaction.json",
        "messenger-unreact.json", "messenger-delivery.json",
        "messenger-read.json", "page-feed-comment-add.json",
        "page-feed-comment-edited.json", "page-feed-comment-remove.json",
        "page-feed-comment-hide.json", "whatsapp-text.json",
        "whatsapp-revoke.json", "whatsapp-status-sent.json",
        "whatsapp-status-delivered.json", "whatsapp-status-read.json",
        "whatsapp-status-played.json"})
    keys.push_back(only_key(file));
  std::sort(keys.begin(), keys.end());
  EXPECT_EQ(std::adjacent_find(keys.begin(), keys.end()), keys.end());
  EXPECT_EQ(only_key("messenger-reaction.json"),
            "messenger|100200300400501|m_ASSISTLYoutbound0007|reaction|"
            "7000000000000001|react|1795132800000");
  EXPECT_EQ(only_key("messenger-message-edit-string-count.json"),
            "messenger|100200300400501|m_ASSISTLYfixture0001Qx7|edit|2");
}

TEST(dedupe_key, does_not_depend_on_the_time_of_the_notification) {
  for (const auto* file :
       {"messenger-unknown-event.json", "page-feed-like-page.json",
        "page-feed-changed-fields-only.json", "page-mention.json",
        "instagram-comment-flat.json", "whatsapp-template-paused.json"}) {
    auto body = payload(file);
    const auto at = body.find("\"time\": 17951328");
    ASSERT_NE(at, std::string::npos) << file;
    const auto before = read(body).events.at(0).dedupe_key;
    body[at + 10] = '2';
    EXPECT_EQ(read(body).events.at(0).dedupe_key, before) << file;
  }
}

TEST(dedupe_key, differs_between_accounts) {
  auto body = payload("messenger-text.json");
  const auto before = read(body).events.at(0).dedupe_key;
  for (auto at = body.find("400501"); at != std::string::npos;
       at = body.find("400501"))
    body.replace(at, 6, "400502");
  EXPECT_NE(read(body).events.at(0).dedupe_key, before);
}

TEST(dedupe_key, of_a_postback_without_mid_is_its_content) {
  const auto key = only_key("messenger-postback-no-mid.json");
  EXPECT_TRUE(key.starts_with(
    "messenger|100200300400501|postback|7000000000000001|1795132800000|"));
  auto body = payload("messenger-postback-no-mid.json");
  body.replace(body.find("menu:hours"), 10, "menu:place");
  EXPECT_NE(read(body).events.at(0).dedupe_key, key);
}

} // namespace
} // namespace assistly::webhook
