/// What the stand-in sends, against Meta's recorded bodies and read by the
/// server's own parser.
#include "protocol/webhook/parse_webhook.hpp"
#include "protocol/webhook/verify_signature.hpp"
#include "tests/sandbox/sandbox_case.hpp"

#include <algorithm>
#include <set>

namespace assistly::sandbox {

namespace {

const std::string payloads = ASSISTLY_FIXTURES "/payloads/";

business_node node_of(node_kind kind, std::string_view id) {
  business_node made;
  made.kind = kind;
  made.id = id;
  made.name = "Northwind Bikes";
  return made;
}

contact contact_of(std::string_view id) {
  contact made;
  made.external_id = id;
  made.name = "Kim Vale";
  return made;
}

const auto sent_at = from_unix_ms(1795132800000);

TEST(webhook_body, has_the_very_bytes_that_meta_signs) {
  const auto body = message_received(
    node_of(node_kind::page, page), contact_of("7000000000000001"),
    "m_WIRE0001", "äöü Привет 🚲 https://example.org/a", sent_at);
  const auto wire = body.at(from_unix_ms(1795132800350));
  EXPECT_EQ(wire, file_text(payloads + "wire-escaped-unicode.json"));
  // CONTRACT 3.1, test vectors.
  crypto::hmac_sha256 signer{app_secret};
  EXPECT_EQ(crypto::to_hex(signer.sign(std::string_view{wire})),
            "570074e66daeab91f6919283e23899fc97d47e37e3b407acfa4d148e0287d37e");
}

/// Paths of the scalars of a body.
std::set<std::string> paths_of(std::string_view json) {
  json::json_fields fields;
  EXPECT_TRUE(fields.add_json(json)) << json;
  std::set<std::string> out;
  for (const auto& one : fields.all())
    out.insert(one.path);
  return out;
}

void expect_paths_of(const webhook_body& made, const std::string& file,
                     const std::set<std::string>& besides = {}) {
  auto got = paths_of(made.at(sent_at));
  for (const auto& one : besides)
    EXPECT_EQ(got.erase(one), 1U) << one;
  EXPECT_EQ(got, paths_of(file_text(payloads + file))) << file;
}

TEST(webhook_body, has_the_fields_of_metas_own) {
  const auto a_page = node_of(node_kind::page, page);
  const auto an_instagram = node_of(node_kind::instagram, instagram);
  auto a_number = node_of(node_kind::phone, number);
  a_number.waba_id = waba;
  const auto who = contact_of("7000000000000001");
  expect_paths_of(message_received(a_page, who, "m", "t", sent_at),
                  "messenger-text.json");
  expect_paths_of(message_received(an_instagram, who, "m", "t", sent_at),
                  "instagram-text.json");
  expect_paths_of(
    message_echo(a_page, who, {"m", "t", "1029384756101112", "o"}, sent_at),
    "messenger-echo-own-app.json");
  expect_paths_of(message_echo(an_instagram, who,
                               {"m", "t", "1029384756101112", "o"}, sent_at),
                  "instagram-echo.json");
  expect_paths_of(messages_delivered(a_page, who, "m", sent_at, sent_at),
                  "messenger-delivery.json");
  expect_paths_of(messages_read(a_page, who, "m", sent_at, sent_at),
                  "messenger-read.json");
  expect_paths_of(messages_read(an_instagram, who, "m", sent_at, sent_at),
                  "instagram-seen.json");
  expect_paths_of(whatsapp_received(a_number, who, "w", "t", sent_at),
                  "whatsapp-text.json");
  expect_paths_of(
    whatsapp_status(a_number, who, {"w", "sent", "o", 0, {}}, sent_at),
    "whatsapp-status-opaque-data.json");
  expect_paths_of(
    whatsapp_status(a_number, who, {"w", "read", {}, 0, {}}, sent_at),
    "whatsapp-status-read.json");
  expect_paths_of(whatsapp_phone_echo(a_number, who, "w", "t", sent_at),
                  "whatsapp-smb-echo-text.json");
}

TEST(webhook_body, has_the_fields_of_metas_comments) {
  comment about;
  about.id = "900100200300_500600700";
  about.post_id = "100200300400501_900100200300";
  about.author_id = "7100000000000001";
  about.author_name = "Jane Roe";
  about.customer = "jane roe";
  about.text = "How much?";
  about.at = sent_at;
  auto own = about;
  own.customer.clear();
  own.author_id = page;
  own.parent = about.id;
  const auto a_page = node_of(node_kind::page, page);
  const auto an_instagram = node_of(node_kind::instagram, instagram);
  // Meta's example also tells when the post was updated.
  const auto with_update = [](const webhook_body& made) {
    auto out = paths_of(made.at(sent_at));
    out.insert("entry.0.changes.0.value.post.updated_time");
    return out;
  };
  EXPECT_EQ(with_update(page_comment_changed(a_page, about, "add", sent_at)),
            paths_of(file_text(payloads + "page-feed-comment-add.json")));
  EXPECT_EQ(
    with_update(page_comment_changed(a_page, own, "add", sent_at)),
    paths_of(file_text(payloads + "page-feed-comment-add-by-page.json")));
  expect_paths_of(instagram_commented(an_instagram, about),
                  "instagram-comment.json");
  own.parent.clear();
  expect_paths_of(instagram_commented(an_instagram, own),
                  "instagram-comment-self.json");
}

TEST(webhook_body, has_another_time_at_each_attempt_and_the_same_rest) {
  const auto body =
    message_received(node_of(node_kind::page, page), contact_of("70"), "m",
                     "a \"time\" \x01", sent_at);
  json::json_fields first;
  json::json_fields second;
  ASSERT_TRUE(first.add_json(body.at(sent_at)));
  ASSERT_TRUE(second.add_json(body.at(sent_at + seconds{9})));
  EXPECT_EQ(first.number("entry.0.time"), 1795132800000);
  EXPECT_EQ(second.number("entry.0.time"), 1795132809000);
  EXPECT_EQ(first.text("entry.0.messaging.0.message.text"),
            second.text("entry.0.messaging.0.message.text"));
}

class what_the_server_reads : public sandbox_case {
protected:
  std::vector<inbound_event> events() {
    webhook::signature_verifier verifier{
      {secret_text{std::string{app_secret}}}};
    std::vector<inbound_event> out;
    for (auto& one : world.take_webhooks(1000)) {
      world.webhook_finished(one.id, 200);
      auto checked = verifier.verify(one.body, one.signature, 1);
      EXPECT_TRUE(checked);
      if (!checked)
        continue;
      auto parsed = webhook::parse_webhook(*std::move(checked));
      EXPECT_TRUE(parsed);
      if (parsed)
        std::move(parsed->events.begin(), parsed->events.end(),
                  std::back_inserter(out));
    }
    return out;
  }
};

TEST_F(what_the_server_reads, is_a_customers_text_on_every_channel) {
  const std::string text = "Grüß Gott 🚲 a/b \"c\" \\";
  for (const auto kind : all_channel_kinds) {
    const auto made = writes(kind, text);
    const auto got = events();
    ASSERT_EQ(got.size(), 1U) << to_string(kind);
    EXPECT_EQ(got[0].kind, event_kind::customer_text) << to_string(kind);
    EXPECT_EQ(got[0].channel, kind);
    EXPECT_EQ(got[0].account_id, made.account_id);
    EXPECT_EQ(got[0].text, text);
    EXPECT_EQ(got[0].external_id, made.id);
    // Instagram does not say when a comment was made.
    if (kind != channel_kind::instagram_comments) {
      EXPECT_EQ(got[0].at.time_since_epoch() / seconds{1},
                clock.at.time_since_epoch() / seconds{1});
    }
  }
}

TEST_F(what_the_server_reads, are_echoes_and_never_a_customer_for_our_answers) {
  for (const auto kind : all_channel_kinds) {
    const auto made = writes(kind, "hello");
    events();
    switch (kind) {
    case channel_kind::messenger:
      post("/v25.0/" + std::string{page} + "/messages",
           message_to(made.customer_id, "hi"), "EAApage");
      break;
    case channel_kind::instagram:
      post("/v25.0/" + std::string{instagram} + "/messages",
           message_to(made.customer_id, "hi"), "IGtoken");
      break;
    case channel_kind::whatsapp:
      post("/v25.0/" + std::string{number} + "/messages",
           whatsapp_to(made.customer_id, "hi"), "EAAwhatsapp");
      break;
    case channel_kind::page_comments:
      post("/v25.0/" + made.id + "/comments", R"({"message":"hi"})", "EAApage");
      break;
    case channel_kind::instagram_comments:
      post("/v25.0/" + made.id + "/replies", R"({"message":"hi"})", "IGtoken");
      break;
    }
    ASSERT_TRUE(seen.accepted) << to_string(kind);
    const auto got = events();
    ASSERT_EQ(got.size(), 1U) << to_string(kind);
    EXPECT_EQ(got[0].kind, kind == channel_kind::whatsapp ? event_kind::status
                                                          : event_kind::echo)
      << to_string(kind);
    clock.at += seconds{5};
    for (const auto& late : events())
      EXPECT_NE(late.kind, event_kind::customer_text);
  }
}

} // namespace

} // namespace assistly::sandbox
