/// From what people type to words that compare: NFKC, lower case, an extra form
/// without accents, emoji set aside, and scripts without spaces as bigrams.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace assistly::answers {

/// Code points of a question or phrasing that are looked at. More is a pasted
/// document, not a question, and must cost no more than this.
inline constexpr std::size_t question_code_points = 2000;
/// Code points of an answer that are searched.
inline constexpr std::size_t answer_code_points = 4000;

enum class word_kind : std::uint8_t {
  letters, ///< Of a script that puts spaces between words.
  number,  ///< Digits only.
  run,     ///< A bigram (or a lone character) of a script without spaces.
};

struct word {
  std::string text; ///< Normal form, with accents.
  std::string
    plain; ///< The same without accents; equals `text` if it has none.
  word_kind kind = word_kind::letters;
};

struct normal_text {
  std::vector<word> words;
  std::vector<char32_t> emoji; ///< In order, without modifiers.
  /// Plain forms with one space between, runs of a script without spaces whole:
  /// what fixed phrases are looked for in.
  std::string line;
};

/// Never fails: bytes that are no UTF-8 separate words. Work and result are
/// bounded by `max_code_points`, however long `text` is.
normal_text normalise(std::string_view text,
                      std::size_t max_code_points = question_code_points);

/// The first `max_code_points` of `text` as valid UTF-8, each broken byte
/// sequence replaced by U+FFFD.
std::string clean_utf8(std::string_view text, std::size_t max_code_points);

/// A word in normal form without its accents.
std::string plain_form(const std::string& text);

/// The code points of valid UTF-8.
std::u32string code_points(std::string_view text);

} // namespace assistly::answers
