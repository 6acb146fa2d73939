/// Which language a text is in: by script, by function words, and among a
/// business's own languages by the letters of its own entries.
#pragma once

#include "answers/normalise.hpp"

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace assistly::answers {

/// First subtag in lower case: "pt-BR" -> "pt"; empty for what is no tag.
std::string primary_language(std::string_view tag);

/// ISO 639-1 code from script and function words alone; empty when unsure,
/// which within one script means: not `least_lead` function words more than in
/// the second language.
std::string guess_language(const normal_text& text, std::size_t least_lead = 2);

/// Letter statistics of a business's entries, one profile a language.
class language_profiles {
public:
  /// Counts a text towards a language; an empty `language` is not counted.
  void add(std::string_view language, const normal_text& text);

  /// The business's language that `text` is in, `hint` being the prior (what
  /// the conversation spoke so far); empty when unsure or when there is only
  /// one to choose from.
  std::string detect(const normal_text& text, std::string_view hint) const;

  /// The profile that `text` is nearest to, however close the call; empty only
  /// if there is no profile or nothing to compare.
  std::string nearest(const normal_text& text) const;

private:
  struct match {
    std::string_view language;
    double lead = 0; ///< In natural logarithms of likelihood.
  };

  match best_match(const normal_text& text, std::string_view hint) const;

  struct profile {
    std::unordered_map<std::uint64_t, std::uint32_t> grams;
    std::uint64_t total = 0;
  };

  std::map<std::string, profile, std::less<>> profiles_;
};

} // namespace assistly::answers
