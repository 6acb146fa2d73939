#include "answers/normalise.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace assistly::answers {
namespace {

std::vector<std::string> texts(std::string_view text) {
  std::vector<std::string> result;
  for (const auto& w : normalise(text).words)
    result.push_back(w.text);
  return result;
}

using list = std::vector<std::string>;

TEST(normalise, lowers_and_splits_at_everything_that_is_no_letter) {
  EXPECT_EQ(texts("When are YOU open, today?!"),
            (list{"when", "are", "you", "open", "today"}));
}

TEST(normalise, brings_compatible_forms_together) {
  EXPECT_EQ(texts("ＯＰＥＮ ﬁne ²"), (list{"open", "fine", "2"}));
  EXPECT_EQ(texts("cafe\u0301"), texts("caf\u00e9"));
}

TEST(normalise, keeps_a_second_form_without_accents) {
  const auto n = normalise("Cuándo ABREN Łódź jalapeño");
  ASSERT_EQ(n.words.size(), 4U);
  EXPECT_EQ(n.words[0].text, "cuándo");
  EXPECT_EQ(n.words[0].plain, "cuando");
  EXPECT_EQ(n.words[2].plain, "lodz");
  EXPECT_EQ(n.words[3].plain, "jalapeno");
  EXPECT_EQ(n.line, "cuando abren lodz jalapeno");
}

TEST(normalise, keeps_marks_that_are_part_of_the_letter) {
  const auto hindi = normalise("किताब");
  ASSERT_EQ(hindi.words.size(), 1U);
  EXPECT_EQ(hindi.words[0].plain, "किताब");
  EXPECT_EQ(normalise("が").words[0].plain, "が");
}

TEST(normalise, sets_emoji_aside) {
  const auto n = normalise("thanks ❤️👍🏽");
  EXPECT_EQ(n.line, "thanks");
  ASSERT_GE(n.emoji.size(), 2U);
  EXPECT_EQ(n.emoji[0], U'\u2764');
  EXPECT_EQ(n.emoji[1], U'\U0001F44D');
}

TEST(normalise, reads_apostrophes_by_what_follows) {
  EXPECT_EQ(texts("don't"), (list{"dont"}));
  EXPECT_EQ(texts("what’s"), (list{"what"}));
  EXPECT_EQ(texts("l'heure d’ouverture"), (list{"heure", "ouverture"}));
  EXPECT_EQ(texts("dell'ordine"), (list{"dell", "ordine"}));
  EXPECT_EQ(texts("' 'open' '"), (list{"open"}));
}

TEST(normalise, gives_bigrams_for_scripts_without_spaces) {
  EXPECT_EQ(texts("营业时间"), (list{"营业", "业时", "时间"}));
  EXPECT_EQ(normalise("营业时间").line, "营业时间");
  EXPECT_EQ(texts("人"), (list{"人"}));
  EXPECT_EQ(texts("wifi密码"), (list{"wifi", "密码"}));
  EXPECT_EQ(normalise("密码").words[0].kind, word_kind::run);
}

TEST(normalise, tells_numbers_from_words) {
  const auto n = normalise("size 42 a4");
  EXPECT_EQ(n.words[0].kind, word_kind::letters);
  EXPECT_EQ(n.words[1].kind, word_kind::number);
  EXPECT_EQ(n.words[2].kind, word_kind::letters);
}

TEST(normalise, takes_broken_utf8_as_a_gap) {
  EXPECT_EQ(texts("open\xff\xfe now\xc3"), (list{"open", "now"}));
  EXPECT_EQ(texts("\xed\xa0\x80 a\x80z"), (list{"a", "z"}));
  EXPECT_TRUE(normalise("\xf0\x9f\x98").words.empty());
  EXPECT_TRUE(normalise("").words.empty());
}

TEST(normalise, looks_at_the_first_2000_code_points_only) {
  std::string text;
  for (int i = 0; i < 25'000; ++i)
    text += "aé ";
  EXPECT_LE(normalise(text).words.size(), 1000U);
  EXPECT_EQ(normalise(text).words.size(), 667U);
}

TEST(normalise, bounds_what_normalisation_itself_makes_longer) {
  std::string text;
  for (int i = 0; i < 30'000; ++i)
    text += "\uFDFA"; // 18 code points, in NFKC
  EXPECT_LE(normalise(text).words.size(), question_code_points);
}

TEST(clean_utf8, counts_code_points_and_mends_bytes) {
  EXPECT_EQ(clean_utf8("añb", 2), "añ");
  EXPECT_EQ(clean_utf8("a\xff", 5), "a\uFFFD");
  EXPECT_EQ(clean_utf8("abc", 0), "");
}

} // namespace
} // namespace assistly::answers
