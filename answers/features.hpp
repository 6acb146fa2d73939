/// The features that a text is compared by, each hashed to 64 bits: stems,
/// pairs of neighbouring stems, and the letters inside each word's borders.
#pragma once

#include "answers/normalise.hpp"

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace assistly::answers {

/// FNV-1a, mixed; `kind` keeps equal texts of different kinds apart.
std::uint64_t feature_id(char kind, std::string_view text) noexcept;

/// A word of a text, in the forms under which an index may know it.
struct term {
  std::vector<std::uint64_t> stems; ///< One a language, without repeats.
  std::vector<std::string> stem_texts;
  std::uint64_t surface = 0; ///< Of the plain form, unstemmed.
};

/// The terms of `text`, stemmed in each of `languages` (at least one form each,
/// so an empty list means unstemmed).
std::vector<term> terms_of(const normal_text& text,
                           std::span<const std::string> languages);

/// Id of two stems standing side by side.
std::uint64_t pair_id(std::uint64_t first, std::uint64_t second) noexcept;

/// Appends the 3-, 4- and 5-grams of `w`, its borders counting as letters. A
/// bigram of a script without spaces gives itself and its characters instead.
void append_letter_grams(const word& w, std::vector<std::uint64_t>& out);

/// Appends 3-grams only, the unit of language profiles.
void append_trigrams(const word& w, std::vector<std::uint64_t>& out);

} // namespace assistly::answers
