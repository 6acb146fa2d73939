/// Bodies as Meta would sign them, for the tests of this folder.
#pragma once

#include "crypto/encoding.hpp"
#include "protocol/webhook/parse_webhook.hpp"

#include <gtest/gtest.h>

#include <fstream>
#include <iterator>
#include <string>
#include <string_view>

namespace assistly::webhook {

inline std::string payload(const std::string& name) {
  std::ifstream file{std::string{ASSISTLY_FIXTURES "/payloads/"} + name,
                     std::ios::binary};
  EXPECT_TRUE(file) << name;
  return {std::istreambuf_iterator<char>{file}, {}};
}

inline std::string header_for(std::string_view body, std::string_view secret) {
  crypto::hmac_sha256 key{secret};
  return "sha256=" + crypto::to_hex(key.sign(body));
}

inline verified_webhook signed_webhook(std::string body) {
  signature_verifier verifier{{secret_text{"secret"}}};
  const auto header = header_for(body, "secret");
  auto verified = verifier.verify(std::move(body), header, 1);
  EXPECT_TRUE(verified);
  return *std::move(verified);
}

inline outcome<parsed_webhook> parse(std::string body) {
  return parse_webhook(signed_webhook(std::move(body)));
}

/// The same, for a body that must be readable.
inline parsed_webhook read(std::string body) {
  auto parsed = parse(std::move(body));
  EXPECT_TRUE(parsed) << "unreadable";
  return parsed ? *std::move(parsed) : parsed_webhook{};
}

} // namespace assistly::webhook
