#include "protocol/graph/send_request.hpp"

#include <boost/json.hpp>
#include <gtest/gtest.h>

namespace assistly::graph {
namespace {

namespace json = boost::json;

const secret_text token{"EAAtesttoken"};
const secret_text app_secret{"assistly-test-app-secret"};
// CONTRACT 14.
constexpr auto proof =
  "13be83d4fcc4612bdd4ff7b12f323e238602e22a2bb906779c2178f3315437f3";
const endpoints meta;
const channel_login by_page{channel_login::by::page, "500"};
const channel_login by_instagram{channel_login::by::instagram, ""};

outgoing message_to(channel_kind channel, alias_space space) {
  outgoing m;
  m.channel = channel;
  m.account_id = "100";
  m.recipient_external_id = "700";
  m.recipient_space = space;
  m.text = "Hi \"Ana\"\n🚲";
  m.callback = "out-1";
  return m;
}

outgoing comment_on(channel_kind channel) {
  outgoing m;
  m.channel = channel;
  m.account_id = "100";
  m.comment_id = "20_30";
  m.text = "Yes";
  m.callback = "out-1";
  return m;
}

http_call built(const outgoing& m, const channel_login& login = by_page) {
  auto call = build_send(m, meta, login, token, app_secret);
  EXPECT_TRUE(call);
  return call ? *std::move(call) : http_call{};
}

json::value body_of(const http_call& call) {
  return json::parse(call.body);
}

json::value parsed(const std::string& text) {
  return json::parse(text);
}

TEST(send_request, writes_to_messenger) {
  const auto call =
    built(message_to(channel_kind::messenger, alias_space::psid));
  EXPECT_EQ(call.method, "POST");
  EXPECT_EQ(call.url, "https://graph.facebook.com/v25.0/100/messages");
  EXPECT_EQ(call.headers,
            (std::vector<std::string>{"Authorization: Bearer EAAtesttoken",
                                      "Content-Type: application/json"}));
  EXPECT_EQ(body_of(call),
            parsed(std::string{R"({"recipient":{"id":"700"},)"
                               R"("messaging_type":"RESPONSE",)"
                               R"("message":{"text":"Hi \"Ana\"\n🚲",)"
                               R"("metadata":"out-1"},"appsecret_proof":")"}
                   + proof + "\"}"));
}

TEST(send_request, writes_to_instagram_with_its_own_token) {
  const auto call = built(
    message_to(channel_kind::instagram, alias_space::igsid), by_instagram);
  EXPECT_EQ(call.url, "https://graph.instagram.com/v25.0/100/messages");
  EXPECT_EQ(body_of(call), parsed(R"({"recipient":{"id":"700"},)"
                                  R"("message":{"text":"Hi \"Ana\"\n🚲"}})"));
}

TEST(send_request, writes_to_instagram_through_its_page) {
  const auto call =
    built(message_to(channel_kind::instagram, alias_space::igsid));
  EXPECT_EQ(call.url, "https://graph.facebook.com/v25.0/500/messages");
  const auto body = body_of(call);
  EXPECT_EQ(body.at("messaging_type"), "RESPONSE");
  EXPECT_EQ(body.at("appsecret_proof"), proof);
  EXPECT_FALSE(body.at("message").as_object().contains("metadata"));
}

TEST(send_request, writes_to_a_whatsapp_number) {
  const auto call =
    built(message_to(channel_kind::whatsapp, alias_space::wa_phone));
  EXPECT_EQ(call.url, "https://graph.facebook.com/v25.0/100/messages");
  EXPECT_EQ(
    body_of(call),
    parsed(
      std::string{R"({"messaging_product":"whatsapp",)"
                  R"("recipient_type":"individual","to":"700","type":"text",)"
                  R"("text":{"body":"Hi \"Ana\"\n🚲"},)"
                  R"("biz_opaque_callback_data":"out-1","appsecret_proof":")"}
      + proof + "\"}"));
}

TEST(send_request, writes_to_a_whatsapp_user_without_a_number) {
  auto m = message_to(channel_kind::whatsapp, alias_space::bsuid);
  m.recipient_external_id = "US.90000000000000000001";
  const auto body = body_of(built(m));
  EXPECT_EQ(body.at("recipient"), "US.90000000000000000001");
  EXPECT_FALSE(body.as_object().contains("to"));
}

TEST(send_request, answers_a_page_comment_in_public) {
  const auto call = built(comment_on(channel_kind::page_comments));
  EXPECT_EQ(call.url, "https://graph.facebook.com/v25.0/20_30/comments");
  EXPECT_EQ(body_of(call),
            parsed(std::string{R"({"message":"Yes","appsecret_proof":")"}
                   + proof + "\"}"));
}

TEST(send_request, answers_an_instagram_comment_where_replies_are_taken) {
  auto m = comment_on(channel_kind::instagram_comments);
  m.comment_id = "178";
  EXPECT_EQ(built(m, by_instagram).url,
            "https://graph.instagram.com/v25.0/178/replies");
  EXPECT_EQ(built(m).url, "https://graph.facebook.com/v25.0/178/replies");
  m.comment_parent_id = "177";
  EXPECT_EQ(built(m, by_instagram).url,
            "https://graph.instagram.com/v25.0/177/replies");
  EXPECT_EQ(body_of(built(m, by_instagram)), parsed(R"({"message":"Yes"})"));
}

TEST(send_request, answers_comments_in_private) {
  auto m = comment_on(channel_kind::page_comments);
  m.private_reply = true;
  auto call = built(m);
  EXPECT_EQ(call.url, "https://graph.facebook.com/v25.0/100/messages");
  EXPECT_EQ(body_of(call),
            parsed(std::string{R"({"recipient":{"comment_id":"20_30"},)"
                               R"("message":{"text":"Yes","metadata":"out-1"},)"
                               R"("appsecret_proof":")"}
                   + proof + "\"}"));
  m.channel = channel_kind::instagram_comments;
  m.comment_parent_id = "19";
  call = built(m, by_instagram);
  EXPECT_EQ(call.url, "https://graph.instagram.com/v25.0/100/messages");
  EXPECT_EQ(body_of(call), parsed(R"({"recipient":{"comment_id":"20_30"},)"
                                  R"("message":{"text":"Yes"}})"));
  EXPECT_EQ(built(m).url, "https://graph.facebook.com/v25.0/500/messages");
}

TEST(send_request, uses_the_human_agent_tag_only_when_told) {
  auto m = message_to(channel_kind::messenger, alias_space::psid);
  EXPECT_FALSE(body_of(built(m)).as_object().contains("tag"));
  m.human_agent_tag = true;
  const auto body = body_of(built(m));
  EXPECT_EQ(body.at("messaging_type"), "MESSAGE_TAG");
  EXPECT_EQ(body.at("tag"), "HUMAN_AGENT");
}

TEST(send_request, proves_nothing_without_an_app_secret) {
  const auto call =
    build_send(message_to(channel_kind::messenger, alias_space::psid), meta,
               by_page, token, secret_text{});
  ASSERT_TRUE(call);
  EXPECT_EQ(call->body.find("appsecret_proof"), std::string::npos);
}

TEST(send_request, goes_to_the_addresses_given) {
  endpoints sandbox{"http://127.0.0.1:8090/", "http://127.0.0.1:8090/ig/",
                    "v26.0"};
  const auto page =
    build_send(message_to(channel_kind::messenger, alias_space::psid), sandbox,
               by_page, token, app_secret);
  ASSERT_TRUE(page);
  EXPECT_EQ(page->url, "http://127.0.0.1:8090/v26.0/100/messages");
  const auto instagram =
    build_send(message_to(channel_kind::instagram, alias_space::igsid), sandbox,
               by_instagram, token, app_secret);
  ASSERT_TRUE(instagram);
  EXPECT_EQ(instagram->url, "http://127.0.0.1:8090/ig/v26.0/100/messages");
}

TEST(send_request, keeps_token_text_and_person_out_of_the_url) {
  for (const auto channel : all_channel_kinds) {
    auto m = is_comment_channel(channel)
               ? comment_on(channel)
               : message_to(channel, channel == channel_kind::messenger
                                       ? alias_space::psid
                                     : channel == channel_kind::instagram
                                       ? alias_space::igsid
                                       : alias_space::wa_phone);
    m.text = "SECRETWORDS";
    const auto call = built(m);
    for (const auto* hidden :
         {"EAAtesttoken", proof, "SECRETWORDS", "700", "?"})
      EXPECT_EQ(call.url.find(hidden), std::string::npos) << call.url;
  }
}

TEST(send_request, refuses_ids_that_would_change_the_path) {
  for (const std::string id : {"", "..", "1/2", "1?x=1", "1#", "1%2f", "1 2",
                               "1\n", "me/../2", "ä", "a.b"}) {
    auto m = message_to(channel_kind::messenger, alias_space::psid);
    m.account_id = id;
    const auto direct = build_send(m, meta, by_page, token, app_secret);
    ASSERT_FALSE(direct) << id;
    EXPECT_EQ(direct.error().code, errc::invalid);
    auto c = comment_on(channel_kind::page_comments);
    c.comment_id = id;
    EXPECT_FALSE(build_send(c, meta, by_page, token, app_secret)) << id;
    c.private_reply = true;
    EXPECT_FALSE(build_send(c, meta, by_page, token, app_secret)) << id;
    if (!id.empty()) {
      auto reply = comment_on(channel_kind::instagram_comments);
      reply.comment_parent_id = id;
      EXPECT_FALSE(build_send(reply, meta, by_page, token, app_secret)) << id;
    }
  }
  EXPECT_TRUE(is_path_id(std::string(128, '1')));
  EXPECT_FALSE(is_path_id(std::string(129, '1')));
}

TEST(send_request, refuses_an_instagram_page_that_is_not_known) {
  const auto call =
    build_send(message_to(channel_kind::instagram, alias_space::igsid), meta,
               channel_login{}, token, app_secret);
  EXPECT_FALSE(call);
}

TEST(send_request, refuses_a_token_that_breaks_out_of_its_header) {
  for (const std::string bad : {"", "a b", "a\r\nX-Evil: 1", "a\n", "tök"}) {
    const auto call =
      build_send(message_to(channel_kind::messenger, alias_space::psid), meta,
                 by_page, secret_text{bad}, app_secret);
    ASSERT_FALSE(call) << bad;
    EXPECT_TRUE(bad.empty()
                || call.error().text.find(bad) == std::string::npos);
  }
}

TEST(send_request, refuses_a_person_of_another_channel) {
  for (const auto space : {alias_space::page_user, alias_space::igsid,
                           alias_space::wa_phone, alias_space::bsuid})
    EXPECT_FALSE(build_send(message_to(channel_kind::messenger, space), meta,
                            by_page, token, app_secret));
  EXPECT_FALSE(
    build_send(message_to(channel_kind::instagram, alias_space::psid), meta,
               by_page, token, app_secret));
  EXPECT_FALSE(
    build_send(message_to(channel_kind::whatsapp, alias_space::igsid), meta,
               by_page, token, app_secret));
  auto nobody = message_to(channel_kind::messenger, alias_space::psid);
  nobody.recipient_external_id.clear();
  EXPECT_FALSE(build_send(nobody, meta, by_page, token, app_secret));
}

TEST(send_request, refuses_to_send_nothing) {
  auto m = message_to(channel_kind::messenger, alias_space::psid);
  m.text.clear();
  EXPECT_FALSE(build_send(m, meta, by_page, token, app_secret));
}

TEST(send_request, refuses_a_malformed_version) {
  for (const std::string version : {"", "v", "v25/0", "v..", "v2?", "v 2"}) {
    auto where = meta;
    where.api_version = version;
    EXPECT_FALSE(
      build_send(message_to(channel_kind::messenger, alias_space::psid), where,
                 by_page, token, app_secret))
      << version;
  }
}

TEST(send_request, computes_the_proof_of_the_contract) {
  EXPECT_EQ(appsecret_proof(token, app_secret), proof);
}

} // namespace
} // namespace assistly::graph
