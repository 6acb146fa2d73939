/// How much a word says about what is asked. A small business has three
/// entries, so document frequency alone cannot tell "please" from "parking".
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace assistly::answers {

enum class word_weight : std::uint8_t {
  content,  ///< Says what is asked.
  question, ///< Says what kind of answer is asked: when, where, who.
  filler,   ///< Articles, pronouns, courtesy.
};

/// Weight of `plain` (a word without accents) in any of `languages` (ISO
/// 639-1).
word_weight weight_of(std::string_view plain,
                      std::span<const std::string> languages);

/// The languages of which the table knows function words, in table order.
std::span<const std::string_view> function_word_languages();

/// Whether `plain` is in the table of the language at `position` of
/// `function_word_languages()`.
bool is_function_word(std::string_view plain, std::size_t position);

} // namespace assistly::answers
