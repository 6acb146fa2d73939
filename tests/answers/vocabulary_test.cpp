#include "answers/vocabulary.hpp"

#include <gtest/gtest.h>

namespace assistly::answers {
namespace {

vocabulary some_words() {
  vocabulary v;
  v.add("shipping", 1);
  v.add("deliver", 2);
  v.add("refund", 3);
  v.add("open", 4);
  v.add("of", 5);
  v.add("открыт", 6);
  v.add("refund", 3);
  v.seal();
  return v;
}

TEST(vocabulary, finds_a_word_under_one_slip) {
  const auto v = some_words();
  EXPECT_EQ(v.nearest("shiping").id, 1U);
  EXPECT_EQ(v.nearest("reufnd").id, 3U);
  EXPECT_EQ(v.nearest("opem").id, 4U);
  EXPECT_EQ(v.nearest("откырт").id, 6U);
}

TEST(vocabulary, allows_two_slips_from_eight_letters_on) {
  const auto v = some_words();
  EXPECT_EQ(v.nearest("shipinng").id, 1U);
  EXPECT_EQ(v.nearest("shippers").likeness, 0.0F);
  EXPECT_EQ(v.nearest("refnut").likeness, 0.0F);
}

TEST(vocabulary, finds_a_word_in_a_longer_form) {
  EXPECT_EQ(some_words().nearest("deliveries").id, 2U);
}

TEST(vocabulary, is_surer_of_nearer_words) {
  const auto v = some_words();
  EXPECT_FLOAT_EQ(v.nearest("refund").likeness, 1.0F);
  EXPECT_LT(v.nearest("refunt").likeness, 1.0F);
  EXPECT_GT(v.nearest("refunt").likeness, 0.5F);
}

TEST(vocabulary, refuses_strangers_short_words_and_other_beginnings) {
  const auto v = some_words();
  EXPECT_EQ(v.nearest("banana").likeness, 0.0F);
  EXPECT_EQ(v.nearest("off").likeness, 0.0F);
  EXPECT_EQ(v.nearest("defund").likeness, 0.0F);
  EXPECT_EQ(v.nearest(std::string(5000, 's')).likeness, 0.0F);
  EXPECT_EQ(vocabulary{}.nearest("refund").likeness, 0.0F);
}

} // namespace
} // namespace assistly::answers
