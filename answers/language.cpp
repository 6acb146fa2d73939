#include "answers/language.hpp"

#include "answers/features.hpp"
#include "answers/function_words.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <unicode/uscript.h>

namespace assistly::answers {

namespace {

/// Letters of `points` that `letters` holds.
std::size_t count_of(const std::u32string& points,
                     std::u32string_view letters) {
  std::size_t n = 0;
  for (const char32_t c : points)
    n += letters.find(c) != letters.npos ? 1U : 0U;
  return n;
}

struct script_count {
  UScriptCode script;
  std::size_t letters;
};

/// The script most letters are in. Kana outweighs Han: Japanese mixes them.
UScriptCode main_script(const std::u32string& points) {
  std::array counts{
    script_count{USCRIPT_LATIN, 0},    script_count{USCRIPT_CYRILLIC, 0},
    script_count{USCRIPT_GREEK, 0},    script_count{USCRIPT_ARABIC, 0},
    script_count{USCRIPT_HEBREW, 0},   script_count{USCRIPT_DEVANAGARI, 0},
    script_count{USCRIPT_THAI, 0},     script_count{USCRIPT_HANGUL, 0},
    script_count{USCRIPT_HIRAGANA, 0}, script_count{USCRIPT_HAN, 0}};
  for (const char32_t c : points) {
    UErrorCode status = U_ZERO_ERROR;
    auto script = uscript_getScript(static_cast<UChar32>(c), &status);
    if (script == USCRIPT_KATAKANA)
      script = USCRIPT_HIRAGANA;
    for (auto& count : counts)
      if (count.script == script)
        count.letters += script == USCRIPT_HIRAGANA ? 3U : 1U;
  }
  const auto most = std::max_element(
    counts.begin(), counts.end(),
    [](const auto& a, const auto& b) { return a.letters < b.letters; });
  return most->letters == 0 ? USCRIPT_COMMON : most->script;
}

std::string by_function_words(const normal_text& text, std::size_t least_lead,
                              std::string_view among = {}) {
  const auto languages = function_word_languages();
  std::vector<std::size_t> votes(languages.size());
  for (const auto& w : text.words)
    for (std::size_t i = 0; i < languages.size(); ++i)
      if (is_function_word(w.plain, i))
        ++votes[i];
  std::size_t best = languages.size();
  std::size_t second_votes = 0;
  for (std::size_t i = 0; i < languages.size(); ++i) {
    if (!among.empty() && among.find(languages[i]) == among.npos)
      continue;
    if (best == languages.size()) {
      best = i;
    } else if (votes[i] > votes[best]) {
      second_votes = votes[best];
      best = i;
    } else {
      second_votes = std::max(second_votes, votes[i]);
    }
  }
  // "No" and "me" belong to half of Europe, so a hair decides nothing.
  if (best == languages.size() || votes[best] < second_votes + least_lead
      || votes[best] * 4 < second_votes * 5)
    return {};
  return std::string(languages[best]);
}

} // namespace

std::string primary_language(std::string_view tag) {
  const auto subtag = tag.substr(0, tag.find_first_of("-_"));
  std::string result;
  for (const char c : subtag) {
    const auto lower =
      c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c;
    if (lower < 'a' || lower > 'z')
      return {};
    result.push_back(lower);
  }
  return result.size() < 2 || result.size() > 3 ? std::string{} : result;
}

std::string guess_language(const normal_text& text, std::size_t least_lead) {
  std::u32string points;
  for (const auto& w : text.words)
    points += code_points(w.text);
  switch (main_script(points)) {
  case USCRIPT_LATIN:
    return by_function_words(text, least_lead);
  case USCRIPT_CYRILLIC:
    if (count_of(points, U"іїєґ") > 0)
      return "uk";
    return count_of(points, U"ыэё") > 0
             ? "ru"
             : by_function_words(text, least_lead, "ru uk");
  case USCRIPT_GREEK:
    return "el";
  case USCRIPT_ARABIC:
    return count_of(points, U"پچژگک") > 0 ? "fa" : "ar";
  case USCRIPT_HEBREW:
    return "he";
  case USCRIPT_DEVANAGARI:
    return "hi";
  case USCRIPT_THAI:
    return "th";
  case USCRIPT_HANGUL:
    return "ko";
  case USCRIPT_HIRAGANA:
    return "ja";
  case USCRIPT_HAN:
    return "zh";
  default:
    return {};
  }
}

void language_profiles::add(std::string_view language,
                            const normal_text& text) {
  if (language.empty())
    return;
  auto& p = profiles_[std::string(language)];
  std::vector<std::uint64_t> grams;
  for (const auto& w : text.words)
    append_trigrams(w, grams);
  for (const auto gram : grams)
    ++p.grams[gram];
  p.total += grams.size();
}

std::string language_profiles::detect(const normal_text& text,
                                      std::string_view hint) const {
  // Never on a hair: a short word common to two languages decides nothing.
  constexpr double least_lead = 2.5;
  if (profiles_.size() < 2)
    return {};
  const auto m = best_match(text, hint);
  return m.lead < least_lead ? std::string{} : std::string(m.language);
}

std::string language_profiles::nearest(const normal_text& text) const {
  return std::string(best_match(text, {}).language);
}

language_profiles::match
language_profiles::best_match(const normal_text& text,
                              std::string_view hint) const {
  std::vector<std::uint64_t> grams;
  for (const auto& w : text.words)
    append_trigrams(w, grams);
  if (grams.empty())
    return {};
  // What one confident gram is worth: a hint decides close calls only.
  constexpr double hint_bonus = 3.0;
  constexpr double smoothing = 0.5;
  constexpr double gram_space = 20000;
  double best = -1e300;
  double second = -1e300;
  std::string_view language;
  const auto guessed = guess_language(text);
  for (const auto& [name, p] : profiles_) {
    double score = name == hint ? hint_bonus : 0;
    if (name == guessed)
      score += 2 * hint_bonus;
    for (const auto gram : grams) {
      const auto found = p.grams.find(gram);
      const double seen = found == p.grams.end() ? 0 : found->second;
      score +=
        std::log((seen + smoothing)
                 / (static_cast<double>(p.total) + smoothing * gram_space));
    }
    if (score > best) {
      second = best;
      best = score;
      language = name;
    } else {
      second = std::max(second, score);
    }
  }
  return {language, best - second};
}

} // namespace assistly::answers
