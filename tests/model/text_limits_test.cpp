#include "model/text_limits.hpp"

#include <gtest/gtest.h>

#include <rapidcheck/gtest.h>

namespace assistly {
namespace {

constexpr std::string_view ellipsis = "\u2026";

/// Any text of code points of one to four bytes.
std::string some_text() {
  static const std::vector<std::string> points{
    "a", "Z", " ",  " ",  ".",  "!", "?",        "\n",  "ä",
    "ß", "…", "。", "！", "한", "😀", "👍🏽", "9.30"};
  std::string text;
  for (const auto& p : *rc::gen::container<std::vector<std::string>>(
         rc::gen::elementOf(points)))
    text += p;
  return text;
}

bool is_utf8(std::string_view text) {
  std::size_t at = 0;
  while (at < text.size()) {
    auto lead = static_cast<unsigned char>(text[at]);
    std::size_t size = lead < 0x80           ? 1
                       : (lead >> 5) == 0x06 ? 2
                       : (lead >> 4) == 0x0e ? 3
                       : (lead >> 3) == 0x1e ? 4
                                             : 0;
    if (size == 0 || at + size > text.size())
      return false;
    for (std::size_t i = 1; i < size; ++i)
      if ((static_cast<unsigned char>(text[at + i]) & 0xc0) != 0x80)
        return false;
    at += size;
  }
  return true;
}

std::size_t cost(std::string_view text, text_limit limit) {
  return limit.in_bytes ? text.size() : code_points(text);
}

RC_GTEST_PROP(fit, keeps_the_limit_and_never_cuts_a_code_point, ()) {
  auto text = some_text();
  text_limit limit{*rc::gen::inRange<std::size_t>(0, 60),
                   *rc::gen::arbitrary<bool>()};
  auto fitted = fit(text, limit);
  RC_ASSERT(cost(fitted, limit) <= limit.most);
  RC_ASSERT(is_utf8(fitted));
  std::string_view kept = fitted;
  if (kept != text && kept.ends_with(ellipsis)
      && !std::string_view{text}.starts_with(kept))
    kept.remove_suffix(ellipsis.size());
  RC_ASSERT(std::string_view{text}.starts_with(kept));
}

RC_GTEST_PROP(fit, leaves_alone_what_fits, ()) {
  auto text = some_text();
  RC_ASSERT(fit(text, {text.size(), true}) == text);
  RC_ASSERT(fit(text, {code_points(text), false}) == text);
}

TEST(fit, counts_bytes_or_code_points_as_the_channel_does) {
  std::string text = "ääää";
  EXPECT_EQ(fit(text, {4, false}), text);
  EXPECT_EQ(fit(text, {8, true}), text);
  EXPECT_EQ(fit(text, {7, true}), "ää…");
  EXPECT_EQ(fit(text, {3, false}), "ää…");
}

TEST(fit, ends_with_a_whole_sentence_where_it_can) {
  EXPECT_EQ(fit("We open at nine. We close at six.", {20, false}),
            "We open at nine.");
  EXPECT_EQ(fit("営業しています。日曜日は休みです。", {10, false}),
            "営業しています。");
}

TEST(fit, does_not_end_a_sentence_in_a_time_or_an_address) {
  EXPECT_EQ(fit("Look here: example.com/opening", {18, false}), "Look here:…");
  EXPECT_EQ(fit("open from 9.30 until late", {16, false}), "open from 9.30…");
}

TEST(fit, would_rather_cut_a_word_than_lose_half_the_answer) {
  EXPECT_EQ(fit("Yes. " + std::string(40, 'x'), {20, false}),
            "Yes. " + std::string(14, 'x') + "…");
}

TEST(fit, ends_with_a_whole_word_otherwise) {
  EXPECT_EQ(fit("one two three four", {12, false}), "one two…");
}

TEST(fit, has_no_room_for_the_mark_in_a_tiny_limit) {
  EXPECT_EQ(fit("abc", {1, false}), "a");
  EXPECT_EQ(fit("abc", {0, false}), "");
  EXPECT_EQ(fit("äbc", {1, true}), "");
}

TEST(limit_of, is_what_the_contract_says) {
  using k = channel_kind;
  using t = turn_kind;
  EXPECT_EQ(limit_of(k::messenger, t::text).most, 2'000u);
  EXPECT_FALSE(limit_of(k::messenger, t::text).in_bytes);
  EXPECT_EQ(limit_of(k::instagram, t::text).most, 1'000u);
  EXPECT_TRUE(limit_of(k::instagram, t::text).in_bytes);
  EXPECT_EQ(limit_of(k::whatsapp, t::text).most, 4'096u);
  EXPECT_EQ(limit_of(k::page_comments, t::public_reply).most, 8'000u);
  EXPECT_EQ(limit_of(k::page_comments, t::private_reply).most, 2'000u);
  EXPECT_EQ(limit_of(k::instagram_comments, t::public_reply).most, 300u);
  EXPECT_EQ(limit_of(k::instagram_comments, t::private_reply).most, 1'000u);
  EXPECT_TRUE(limit_of(k::instagram_comments, t::private_reply).in_bytes);
}

TEST(code_points, counts_what_a_person_would_call_letters) {
  EXPECT_EQ(code_points(""), 0u);
  EXPECT_EQ(code_points("abc"), 3u);
  EXPECT_EQ(code_points("äöü"), 3u);
  EXPECT_EQ(code_points("😀"), 1u);
}

std::string joined(const std::vector<std::string>& parts) {
  std::string all;
  for (const auto& part : parts)
    all += part;
  return all;
}

std::string without_space(std::string text) {
  std::erase_if(text, [](char c) { return c == ' ' || c == '\n'; });
  return text;
}

RC_GTEST_PROP(in_parts, keep_the_limit_and_lose_nothing_but_space, ()) {
  auto text = some_text();
  text_limit limit{*rc::gen::inRange<std::size_t>(4, 60),
                   *rc::gen::arbitrary<bool>()};
  auto parts = in_parts(text, limit);
  for (const auto& part : parts) {
    RC_ASSERT(cost(part, limit) <= limit.most);
    RC_ASSERT(is_utf8(part));
    RC_ASSERT(parts.size() == 1 || !part.empty());
  }
  RC_ASSERT(without_space(joined(parts)) == without_space(text));
}

TEST(in_parts, leave_alone_what_fits) {
  EXPECT_EQ(in_parts(" Yes. ", {6, false}),
            (std::vector<std::string>{" Yes. "}));
}

TEST(in_parts, end_with_a_sentence_or_else_a_word) {
  EXPECT_EQ(in_parts("We open at nine. We close at six.", {20, false}),
            (std::vector<std::string>{"We open at nine.", "We close at six."}));
  EXPECT_EQ(in_parts("one two three four", {10, false}),
            (std::vector<std::string>{"one two", "three four"}));
}

TEST(in_parts, cut_a_word_that_is_longer_than_a_message) {
  EXPECT_EQ(in_parts("abcdefgh", {4, true}),
            (std::vector<std::string>{"abcd", "efgh"}));
}

} // namespace
} // namespace assistly
