#include "protocol/webhook/verify_signature.hpp"
#include "tests/protocol/webhook/signed_webhook.hpp"

#include <array>
#include <utility>

namespace assistly::webhook {
namespace {

constexpr auto app_secret = "assistly-test-app-secret";

signature_verifier verifier_of(std::initializer_list<const char*> secrets) {
  std::vector<secret_text> all;
  for (const auto* secret : secrets)
    all.emplace_back(secret);
  return signature_verifier{all};
}

struct vector_row {
  const char* file;
  std::size_t bytes;
  const char* hex;
};

// CONTRACT 3.1.
constexpr std::array vectors{
  vector_row{
    "wire-escaped-unicode.json", 321,
    "570074e66daeab91f6919283e23899fc97d47e37e3b407acfa4d148e0287d37e"},
  vector_row{
    "wire-plain-utf8.json", 274,
    "19dd3486ea15f1166ce4707badfd5ab9465af2345848ec8dee33f696dcdd8bc2"},
  vector_row{
    "messenger-text.json", 487,
    "b2cf569927fbe87ccf6f0a0cd55a94b1f0fd047ac6e3e12e5b6169850fa3f95e"},
};

TEST(verify_signature, accepts_the_vectors_of_the_contract) {
  auto verifier = verifier_of({app_secret});
  for (const auto& row : vectors) {
    const auto body = payload(row.file);
    EXPECT_EQ(body.size(), row.bytes);
    const auto verified =
      verifier.verify(body, std::string{"sha256="} + row.hex, 1);
    ASSERT_TRUE(verified) << row.file;
    EXPECT_EQ(verified->body(), body);
  }
}

TEST(verify_signature, takes_no_vector_for_another_body) {
  auto verifier = verifier_of({app_secret});
  for (const auto& row : vectors)
    for (const auto& other : vectors)
      EXPECT_EQ(static_cast<bool>(verifier.verify(
                  payload(row.file), std::string{"sha256="} + other.hex, 1)),
                row.file == other.file);
}

TEST(verify_signature, refuses_a_body_changed_by_one_bit_anywhere) {
  auto verifier = verifier_of({app_secret});
  const auto body = payload("messenger-text.json");
  const auto header = header_for(body, app_secret);
  for (std::size_t i = 0; i < body.size(); ++i) {
    auto changed = body;
    changed[i] = static_cast<char>(changed[i] ^ 1);
    const auto verified = verifier.verify(std::move(changed), header, 1);
    ASSERT_FALSE(verified) << i;
    EXPECT_EQ(verified.error().code, errc::bad_signature);
  }
}

TEST(verify_signature, refuses_a_body_without_its_last_byte_or_with_one_more) {
  auto verifier = verifier_of({app_secret});
  const auto body = payload("messenger-text.json");
  const auto header = header_for(body, app_secret);
  EXPECT_FALSE(verifier.verify(body.substr(0, body.size() - 1), header, 1));
  EXPECT_FALSE(verifier.verify(body + "\n", header, 1));
  EXPECT_FALSE(verifier.verify("", header, 1));
}

TEST(verify_signature, refuses_a_missing_or_repeated_header) {
  auto verifier = verifier_of({app_secret});
  const auto header = header_for("{}", app_secret);
  EXPECT_FALSE(verifier.verify("{}", "", 0));
  EXPECT_FALSE(verifier.verify("{}", header, 0));
  EXPECT_FALSE(verifier.verify("{}", header, 2));
  EXPECT_TRUE(verifier.verify("{}", header, 1));
}

TEST(verify_signature, refuses_a_malformed_header) {
  auto verifier = verifier_of({app_secret});
  const auto right = header_for("{}", app_secret);
  const auto digits = right.substr(7);
  auto upper = right;
  for (auto& c : upper)
    if (c >= 'a' && c <= 'f')
      c = static_cast<char>(c - 'a' + 'A');
  ASSERT_NE(upper, right);
  const std::vector<std::string> malformed{upper,
                                           digits,
                                           "sha1=" + digits,
                                           "SHA256=" + digits,
                                           right + "0",
                                           right.substr(0, right.size() - 1),
                                           " " + right,
                                           right + " ",
                                           "sha256=",
                                           "sha256=" + std::string(64, 'g'),
                                           "sha256=" + std::string(64, '0'),
                                           "",
                                           right + "," + right};
  for (const auto& bad : malformed)
    EXPECT_FALSE(verifier.verify("{}", bad, 1)) << bad;
}

TEST(verify_signature, accepts_any_active_secret_and_no_other) {
  auto verifier = verifier_of({"old", "new", "instagram"});
  for (const auto* secret : {"old", "new", "instagram"})
    EXPECT_TRUE(verifier.verify("{}", header_for("{}", secret), 1)) << secret;
  EXPECT_FALSE(verifier.verify("{}", header_for("{}", "gone"), 1));
}

TEST(verify_signature, refuses_everything_without_a_secret) {
  auto none = verifier_of({});
  auto empty = verifier_of({""});
  EXPECT_FALSE(none.verify("{}", header_for("{}", ""), 1));
  EXPECT_FALSE(empty.verify("{}", header_for("{}", ""), 1));
}

TEST(verify_signature, keeps_a_padded_body_where_it_is) {
  auto verifier = verifier_of({app_secret});
  std::string body = "{}";
  body.reserve(256);
  const auto* const before = body.data();
  const auto header = header_for(body, app_secret);
  const auto verified = verifier.verify(std::move(body), header, 1);
  ASSERT_TRUE(verified);
  EXPECT_EQ(verified->body().data(), before);
}

TEST(verify_signature, says_nothing_of_secret_or_body_when_it_refuses) {
  auto verifier = verifier_of({app_secret});
  const auto refused =
    verifier.verify("a customer's words", header_for("x", app_secret), 1);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().text.find("customer"), std::string::npos);
  EXPECT_EQ(refused.error().text.find(app_secret), std::string::npos);
}

} // namespace
} // namespace assistly::webhook
