#include "crypto/constant_time.hpp"

#include <gtest/gtest.h>

#include <string>

namespace assistly::crypto {
namespace {

TEST(equal, tells_a_change_at_each_position) {
  const std::string text = "sha256=0123456789abcdef";
  EXPECT_TRUE(equal(text, std::string{text}));
  for (std::size_t i = 0; i < text.size(); ++i) {
    auto other = text;
    other[i] = static_cast<char>(other[i] ^ 1);
    EXPECT_FALSE(equal(text, other)) << i;
  }
}

TEST(equal, tells_a_prefix_from_the_whole) {
  EXPECT_FALSE(equal("abc", "ab"));
  EXPECT_FALSE(equal("", "a"));
  EXPECT_TRUE(equal("", ""));
}

} // namespace
} // namespace assistly::crypto
