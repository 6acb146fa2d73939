#include "protocol/webhook/json_text.hpp"

#include <gtest/gtest.h>

#include <optional>

namespace assistly::webhook {
namespace {

std::optional<std::string> unescaped(std::string_view inside) {
  std::string out;
  return append_unescaped(inside, out) ? std::optional{out} : std::nullopt;
}

TEST(json_text, undoes_every_escape) {
  EXPECT_EQ(unescaped(R"(a\"b\\c\/d\b\f\n\r\te)"), "a\"b\\c/d\b\f\n\r\te");
  EXPECT_EQ(unescaped(R"(\u00e4\u00F6\u20ac)"), "äö€");
  EXPECT_EQ(unescaped(R"(\ud83d\udeb2!)"), "🚲!");
  EXPECT_EQ(unescaped(""), "");
  EXPECT_EQ(unescaped("plain ä"), "plain ä");
}

TEST(json_text, replaces_lone_surrogates_and_keeps_the_rest) {
  EXPECT_EQ(unescaped(R"(a\ud83d)"), "a\uFFFD");
  EXPECT_EQ(unescaped(R"(\udeb2z)"), "\uFFFDz");
  EXPECT_EQ(unescaped(R"(\ud83dx\udeb2)"), "\uFFFDx\uFFFD");
  EXPECT_EQ(unescaped(R"(\ud83d\u0041)"), "\uFFFD"
                                          "A");
  EXPECT_EQ(unescaped(R"(\ud83d\ud83d\udeb2)"), "\uFFFD🚲");
  EXPECT_EQ(unescaped(R"(\ud83d\n)"), "\uFFFD\n");
}

TEST(json_text, leaves_nul_out) {
  EXPECT_EQ(unescaped(R"(a\u0000b)"), "ab");
}

TEST(json_text, refuses_what_is_no_escape) {
  for (const auto* bad : {R"(\x)", R"(\u12)", R"(\u12g4)", R"(\)", R"(\U0041)"})
    EXPECT_FALSE(unescaped(bad)) << bad;
}

TEST(json_text, replaces_bytes_that_are_not_utf8) {
  EXPECT_EQ(with_valid_utf8("ä€🚲"), "ä€🚲");
  EXPECT_EQ(with_valid_utf8("a\xFFz"), "a\uFFFDz");
  // An overlong slash, a surrogate, a cut sequence, beyond U+10FFFF.
  EXPECT_EQ(with_valid_utf8("\xC0\xAF"), "\uFFFD\uFFFD");
  EXPECT_EQ(with_valid_utf8("\xED\xA0\xBD"), "\uFFFD\uFFFD\uFFFD");
  EXPECT_EQ(with_valid_utf8("\xF0\x9F\x9A"), "\uFFFD\uFFFD\uFFFD");
  EXPECT_EQ(with_valid_utf8("\xF4\x90\x80\x80"), "\uFFFD\uFFFD\uFFFD\uFFFD");
  EXPECT_EQ(with_valid_utf8("\xE0\x80\xAF"), "\uFFFD\uFFFD\uFFFD");
}

} // namespace
} // namespace assistly::webhook
