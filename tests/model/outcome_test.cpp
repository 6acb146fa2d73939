#include "model/outcome.hpp"
#include "model/secret.hpp"

#include <gtest/gtest.h>

#include <ostream>
#include <type_traits>

namespace assistly {
namespace {

TEST(outcome, holds_a_value_or_a_reason) {
  outcome<int> good{7};
  ASSERT_TRUE(good);
  EXPECT_EQ(*good, 7);
  outcome<int> bad{fault{errc::busy, "later"}};
  ASSERT_FALSE(bad);
  EXPECT_EQ(bad.error().code, errc::busy);
}

TEST(outcome, of_nothing_is_good_unless_told_otherwise) {
  outcome<void> good;
  EXPECT_TRUE(good);
  outcome<void> bad{fault{errc::io_failed, "x"}};
  EXPECT_FALSE(bad);
  EXPECT_EQ(bad.error().text, "x");
}

template <class T>
concept printable = requires(std::ostream& out, const T& value) {
  out << value;
};

TEST(secret, is_neither_printed_nor_compared) {
  static_assert(!printable<secret_text>);
  static_assert(!std::equality_comparable<secret_text>);
  static_assert(!std::is_convertible_v<secret_text, std::string>);
  EXPECT_EQ(secret_text{"token"}.reveal(), "token");
}

} // namespace
} // namespace assistly
