#include "protocol/webhook/handshake.hpp"

#include <gtest/gtest.h>

namespace assistly::webhook {
namespace {

const secret_text expected{"our token"};

TEST(handshake, gives_the_challenge_back_byte_for_byte) {
  for (const std::string challenge : {"1158201444", "<b>&\"'\\\n", "0"})
    EXPECT_EQ(answer_handshake("subscribe", "our token", challenge, expected),
              challenge);
}

TEST(handshake, refuses_a_wrong_token) {
  for (const auto* token : {"", "our", "our token ", "Our token", "x"})
    EXPECT_FALSE(answer_handshake("subscribe", token, "1", expected)) << token;
}

TEST(handshake, refuses_a_wrong_mode) {
  for (const auto* mode : {"", "unsubscribe", "Subscribe", "subscribe "})
    EXPECT_FALSE(answer_handshake(mode, "our token", "1", expected)) << mode;
}

TEST(handshake, refuses_when_a_parameter_is_missing) {
  EXPECT_FALSE(answer_handshake(std::nullopt, "our token", "1", expected));
  EXPECT_FALSE(answer_handshake("subscribe", std::nullopt, "1", expected));
  EXPECT_FALSE(
    answer_handshake("subscribe", "our token", std::nullopt, expected));
}

TEST(handshake, refuses_an_empty_or_overlong_challenge) {
  EXPECT_FALSE(answer_handshake("subscribe", "our token", "", expected));
  const std::string longest(longest_challenge, '7');
  EXPECT_TRUE(answer_handshake("subscribe", "our token", longest, expected));
  EXPECT_FALSE(
    answer_handshake("subscribe", "our token", longest + "7", expected));
}

TEST(handshake, refuses_everybody_while_no_token_is_set) {
  EXPECT_FALSE(answer_handshake("subscribe", "", "1", secret_text{}));
  EXPECT_FALSE(answer_handshake("subscribe", "any", "1", secret_text{}));
}

} // namespace
} // namespace assistly::webhook
