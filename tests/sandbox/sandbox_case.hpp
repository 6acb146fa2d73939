/// A world on virtual time with one account of each kind, for the tests of this
/// folder.
#pragma once

#include "crypto/encoding.hpp"
#include "crypto/hmac.hpp"
#include "protocol/json/fields.hpp"
#include "sandbox/world.hpp"

#include <gtest/gtest.h>

#include <fstream>
#include <iterator>
#include <string>
#include <vector>

namespace assistly::sandbox {

class manual_clock final : public clock_source {
public:
  timestamp now() const noexcept override {
    return at;
  }

  timestamp at = from_unix_ms(1795132800000);
};

class counting_random final : public random_source {
public:
  void fill(std::span<std::byte> out) noexcept override {
    for (auto& b : out) {
      state_ = state_ * 6364136223846793005U + 1442695040888963407U;
      b = static_cast<std::byte>(state_ >> 56);
    }
  }

private:
  std::uint64_t state_ = 1;
};

inline constexpr std::string_view app_secret = "assistly-test-app-secret";
inline constexpr std::string_view page = "100200300400501";
inline constexpr std::string_view instagram = "17841400000000501";
inline constexpr std::string_view linked_instagram = "17841400000000777";
inline constexpr std::string_view number = "300400500600701";
inline constexpr std::string_view waba = "200300400500601";

inline account account_of(channel_kind kind, std::string_view id,
                          std::string_view token) {
  account made;
  made.kind = kind;
  made.account_id = id;
  made.access_token = secret_text{std::string{token}};
  made.name = "Northwind Bikes";
  return made;
}

inline std::vector<account> all_accounts() {
  std::vector<account> out{
    account_of(channel_kind::messenger, page, "EAApage"),
    account_of(channel_kind::instagram, instagram, "IGtoken"),
    account_of(channel_kind::whatsapp, number, "EAAwhatsapp"),
    account_of(channel_kind::page_comments, page, "EAApage"),
    account_of(channel_kind::instagram_comments, instagram, "IGtoken"),
    account_of(channel_kind::instagram, linked_instagram, "EAApage")};
  out[2].business_account_id = waba;
  out[5].page_id = page;
  return out;
}

inline world_options options_for_tests() {
  world_options made;
  made.app_secret = secret_text{std::string{app_secret}};
  made.accounts = all_accounts();
  return made;
}

/// An answer, and its JSON taken apart.
struct graph_answer {
  http::response raw;
  milliseconds delay{0};
  bool withheld = false;
  json::json_fields json;

  std::string text(std::string_view path) const {
    return std::string{json.text(path)};
  }

  int code() const {
    return static_cast<int>(json.number("error.code").value_or(0));
  }

  int subcode() const {
    return static_cast<int>(json.number("error.error_subcode").value_or(0));
  }
};

inline std::string proof_for(std::string_view token) {
  crypto::hmac_sha256 signer{app_secret};
  return crypto::to_hex(signer.sign(token));
}

class sandbox_case : public testing::Test {
protected:
  explicit sandbox_case(world_options options = options_for_tests())
    : world(std::move(options), clock, random) {}

  graph_answer call(std::string_view method, std::string_view target,
                    std::string_view body, std::string_view token,
                    std::string_view type = "application/json") {
    http::request request;
    request.method = method;
    request.set_target(target);
    request.body = body;
    request.add_header("Host", "127.0.0.1:8090");
    if (!body.empty())
      request.add_header("Content-Type", type);
    if (!token.empty())
      request.add_header("Authorization", "Bearer " + std::string{token});
    auto reply = world.graph(request, ++arrival_us, &seen);
    graph_answer out;
    out.raw = std::move(reply.answer);
    out.delay = reply.delay;
    out.withheld = reply.withheld;
    out.json.add_json(out.raw.body);
    return out;
  }

  graph_answer post(std::string_view target, std::string_view body,
                    std::string_view token) {
    return call("POST", target, body, token);
  }

  graph_answer get(std::string_view target, std::string_view token) {
    return call("GET", target, {}, token);
  }

  written_line writes(channel_kind channel, std::string_view text,
                      std::string_view reply_to = {},
                      std::string_view customer = "Ana Roe") {
    written_message what;
    what.channel = channel;
    what.customer = customer;
    what.text = text;
    what.reply_to = reply_to;
    const auto made = world.customer_writes(what, ++arrival_us);
    EXPECT_TRUE(made) << (made ? "" : made.error().text);
    return made ? *made : written_line{};
  }

  /// Takes and accepts every webhook that is due; their bodies.
  std::vector<std::string> deliver() {
    std::vector<std::string> out;
    for (auto& one : world.take_webhooks(1000)) {
      world.webhook_finished(one.id, 200);
      out.push_back(std::move(one.body));
    }
    return out;
  }

  /// As above, over the two seconds that reports take.
  std::vector<json::json_fields> deliver_with_reports() {
    std::vector<json::json_fields> out;
    for (int i = 0; i < 20; ++i) {
      for (const auto& body : deliver())
        EXPECT_TRUE(out.emplace_back().add_json(body));
      clock.at += milliseconds{100};
    }
    return out;
  }

  json::json_fields phone(channel_kind channel,
                          std::string_view customer = "Ana Roe",
                          std::uint64_t after = 0) {
    json::json_fields out;
    phone_view view;
    view.channel = channel;
    view.customer = customer;
    const auto json = world.phone_json(view, after);
    EXPECT_TRUE(json);
    if (json) {
      EXPECT_TRUE(out.add_json(*json)) << *json;
    }
    return out;
  }

  manual_clock clock;
  counting_random random;
  sandbox_world world;
  observed_call seen;
  std::int64_t arrival_us = 1'795'132'800'000'000;
};

inline std::string file_text(const std::string& path) {
  std::ifstream in{path, std::ios::binary};
  EXPECT_TRUE(in.good()) << path;
  return {std::istreambuf_iterator<char>{in}, {}};
}

inline std::string message_to(std::string_view recipient, std::string_view text,
                              std::string_view metadata = "out-1") {
  return R"({"recipient":{"id":")" + std::string{recipient}
         + R"("},"messaging_type":"RESPONSE","message":{"text":")"
         + std::string{text} + R"(","metadata":")" + std::string{metadata}
         + R"("}})";
}

inline std::string whatsapp_to(std::string_view recipient,
                               std::string_view text,
                               std::string_view callback = "out-1") {
  return R"({"messaging_product":"whatsapp","recipient_type":"individual",)"
         R"("to":")"
         + std::string{recipient} + R"(","type":"text","text":{"body":")"
         + std::string{text} + R"("},"biz_opaque_callback_data":")"
         + std::string{callback} + R"("})";
}

inline std::string repeated(std::string_view what, std::size_t times) {
  std::string out;
  for (std::size_t i = 0; i < times; ++i)
    out += what;
  return out;
}

} // namespace assistly::sandbox
