#include "protocol/graph/subscription.hpp"

#include <boost/json.hpp>
#include <gtest/gtest.h>

#include <fstream>
#include <iterator>

namespace assistly::graph {
namespace {

const secret_text token{"EAAtesttoken"};
const secret_text app_secret{"assistly-test-app-secret"};
const endpoints meta;
const channel_login by_page{channel_login::by::page, "500"};
const channel_login by_instagram{channel_login::by::instagram, ""};

subscription_point point(channel_kind kind,
                         const channel_login& login = by_page,
                         const std::string& waba = "900") {
  auto at = subscription_point_of(kind, "100", waba, login);
  EXPECT_TRUE(at);
  return at.value_or(subscription_point{});
}

/// Status and body of a stored answer.
std::pair<int, std::string> stored(const std::string& name) {
  std::ifstream in{std::string{ASSISTLY_FIXTURES "/responses/"} + name,
                   std::ios::binary};
  EXPECT_TRUE(in.good()) << name;
  std::string text{std::istreambuf_iterator<char>{in}, {}};
  const auto all = boost::json::parse(text);
  return {static_cast<int>(all.at("status").as_int64()),
          boost::json::serialize(all.at("body"))};
}

subscription_seen seen_in(const std::string& name, const subscription_point& at,
                          std::string_view app = "1029384756101112") {
  const auto [status, body] = stored(name);
  return read_subscription(at, app, status, body);
}

TEST(subscription_point_of, is_shared_by_the_channels_of_one_account) {
  EXPECT_EQ(point(channel_kind::messenger).node, "100");
  EXPECT_EQ(point(channel_kind::page_comments).node, "100");
  EXPECT_EQ(point(channel_kind::page_comments).fields,
            std::vector<std::string>{"feed"});
  EXPECT_EQ(point(channel_kind::whatsapp).node, "900");
  EXPECT_TRUE(point(channel_kind::whatsapp).fields.empty());
  const auto own = point(channel_kind::instagram, by_instagram);
  EXPECT_EQ(own.node, "100");
  EXPECT_TRUE(own.at_instagram);
  EXPECT_EQ(point(channel_kind::instagram).node, "500")
    << "with the Page it is worked through";
  EXPECT_FALSE(point(channel_kind::instagram).at_instagram);
}

TEST(subscription_point_of, is_nothing_without_a_business_account) {
  EXPECT_FALSE(
    subscription_point_of(channel_kind::whatsapp, "100", "", by_page));
}

TEST(build_subscribe, asks_for_what_is_needed_in_the_body) {
  const auto call =
    build_subscribe(point(channel_kind::messenger), meta, token, app_secret);
  ASSERT_TRUE(call);
  EXPECT_EQ(call->method, "POST");
  EXPECT_EQ(call->url, "https://graph.facebook.com/v25.0/100/subscribed_apps");
  const auto body = boost::json::parse(call->body);
  const std::string fields{body.at("subscribed_fields").as_string()};
  EXPECT_TRUE(fields.starts_with("messages,message_echoes,")) << fields;
  EXPECT_TRUE(body.as_object().contains("appsecret_proof"));
  const auto whatsapp =
    build_subscribe(point(channel_kind::whatsapp), meta, token, {});
  ASSERT_TRUE(whatsapp);
  EXPECT_EQ(whatsapp->body, "{}");
}

TEST(build_subscription_look, goes_to_the_accounts_own_address) {
  const auto call = build_subscription_look(
    point(channel_kind::instagram, by_instagram), meta, token, app_secret);
  ASSERT_TRUE(call);
  EXPECT_EQ(call->method, "GET");
  EXPECT_EQ(call->url, "https://graph.instagram.com/v25.0/100/subscribed_apps");
}

TEST(read_subscription, reads_metas_answers) {
  const auto at = point(channel_kind::messenger);
  EXPECT_EQ(seen_in("subscribed-apps-get-ok.json", at),
            subscription_seen::subscribed);
  EXPECT_EQ(seen_in("subscribed-apps-get-ok.json", at, ""),
            subscription_seen::subscribed)
    << "without an app id any app is ours";
  EXPECT_EQ(seen_in("subscribed-apps-get-ok.json", at, "1"),
            subscription_seen::missing)
    << "another's app";
  EXPECT_EQ(seen_in("subscribed-apps-get-unsubscribed.json", at),
            subscription_seen::missing);
  EXPECT_EQ(seen_in("error-190-463-expired.json", at),
            subscription_seen::unclear);
  EXPECT_EQ(seen_in("error-empty-502.json", at), subscription_seen::unclear);
}

TEST(read_subscription, misses_a_field_that_is_needed) {
  auto at = point(channel_kind::messenger);
  at.fields.push_back("standby");
  EXPECT_EQ(seen_in("subscribed-apps-get-ok.json", at),
            subscription_seen::missing);
}

TEST(read_subscription, knows_whatsapps_form) {
  const auto at = point(channel_kind::whatsapp);
  EXPECT_EQ(
    read_subscription(
      at, "7", 200, R"({"data":[{"whatsapp_business_api_data":{"id":"7"}}]})"),
    subscription_seen::subscribed);
  EXPECT_EQ(
    read_subscription(
      at, "7", 200, R"({"data":[{"whatsapp_business_api_data":{"id":"8"}}]})"),
    subscription_seen::missing);
}

TEST(read_subscription, changes_nothing_by_what_it_does_not_understand) {
  const auto at = point(channel_kind::messenger);
  for (const auto* body :
       {"", "{}", "<html>", R"({"data":{}})", R"({"data":[1]})",
        R"({"error":{"code":4}})",
        R"({"data":[],"paging":{"cursors":{"after":"a"},"next":"https://x"}})"})
    EXPECT_EQ(read_subscription(at, "7", 200, body), subscription_seen::unclear)
      << body;
}

TEST(read_subscribed, takes_both_forms_and_nothing_else) {
  for (const auto* name : {"subscribed-apps-post-ok.json",
                           "subscribed-apps-post-ok-string.json"}) {
    const auto [status, body] = stored(name);
    EXPECT_TRUE(read_subscribed(status, body)) << name;
  }
  EXPECT_FALSE(read_subscribed(200, R"({"success":false})"));
  EXPECT_FALSE(read_subscribed(200, R"({"error":{"code":200}})"));
  EXPECT_FALSE(read_subscribed(400, R"({"success":true})"));
}

} // namespace
} // namespace assistly::graph
