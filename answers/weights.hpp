/// What a feature weighs. One table, so that a change is one line and its
/// effect is measured on all sets (answers/README.md, "How the numbers came").
#pragma once

#include "answers/function_words.hpp"

#include <cmath>
#include <cstddef>

namespace assistly::answers::weights {

/// BM25's saturation and length correction, the usual values.
inline constexpr float k1 = 1.2F;
inline constexpr float b = 0.5F;
/// Field weights of a term's frequency. Phrasings are the customer's language;
/// answers are the business's, and long.
inline constexpr float in_question = 1.0F;
inline constexpr float in_title = 1.0F;
inline constexpr float in_answer = 0.3F;
/// A word that only the answer has counts as covered by this much.
inline constexpr float covered_by_answer = 0.7F;
/// Two neighbouring stems beside the stems themselves.
inline constexpr float pair = 0.5F;
/// Entries that a small business does not have are imagined, so that with three
/// entries a word is not common because one entry has it.
inline constexpr float imagined_entries = 20.0F;

inline float inverse_frequency(std::size_t documents, std::size_t having) {
  const auto n = static_cast<float>(documents) + imagined_entries;
  const auto df = static_cast<float>(having);
  return std::log(1.0F + (n - df + 0.5F) / (df + 0.5F));
}

inline float of(word_weight weight) {
  switch (weight) {
  case word_weight::content:
    return 1.0F;
  case word_weight::question:
    return 0.7F;
  case word_weight::filler:
    return 0.3F;
  }
  return 1.0F;
}

} // namespace assistly::answers::weights
