#include "answers/index.hpp"

#include "answers/features.hpp"
#include "answers/weights.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <unordered_set>

namespace assistly::answers {

/// A word of the question, as the index knows it.
struct knowledge_index::asked_word {
  std::vector<std::uint64_t> ids; ///< Known stems; one alone if unknown.
  float certainty = 1;            ///< Below 1 if found under a slip.
  float weight = 1;               ///< Content, question or filler word.
  float idf = 0;                  ///< Of its rarest known stem.
  bool known = false;
  bool repeated = false; ///< Counts once, however often it is said.
};

namespace {

struct weighted_feature {
  std::uint64_t id;
  float weight;
};

void add_up(std::vector<weighted_feature>& features) {
  std::sort(features.begin(), features.end(),
            [](const auto& a, const auto& b) { return a.id < b.id; });
  std::size_t kept = 0;
  for (std::size_t i = 0; i < features.size(); ++i)
    if (kept != 0 && features[kept - 1].id == features[i].id)
      features[kept - 1].weight += features[i].weight;
    else
      features[kept++] = features[i];
  features.resize(kept);
}

} // namespace

std::vector<knowledge_index::asked_word>
knowledge_index::resolve(const normal_text& question,
                         const std::vector<std::string>& languages) const {
  std::vector<asked_word> asked;
  asked.reserve(question.words.size());
  std::unordered_set<std::uint64_t> seen;
  seen.reserve(question.words.size());
  auto terms = terms_of(question, languages);
  for (std::size_t i = 0; i < terms.size(); ++i) {
    const auto& w = question.words[i];
    asked_word a;
    a.weight =
      weights::of(w.kind == word_kind::number ? word_weight::question
                                              : weight_of(w.plain, languages));
    for (const auto id : terms[i].stems)
      if (!terms_.find(id).empty())
        a.ids.push_back(id);
    if (a.ids.empty())
      if (const auto found = stem_of_surface_.find(terms[i].surface);
          found != stem_of_surface_.end())
        a.ids.push_back(found->second);
    // A filler needs no second look: it is spelled right, and says nothing.
    if (a.ids.empty() && w.kind == word_kind::letters && a.weight == 1)
      for (const auto& text : terms[i].stem_texts)
        if (const auto near = vocabulary_.nearest(text);
            near.likeness > 0
            && (a.ids.empty() || near.likeness > a.certainty)) {
          a.ids.assign(1, near.id);
          a.certainty = near.likeness;
        }
    a.known = !a.ids.empty();
    if (!a.known)
      a.ids.push_back(terms[i].stems.front());
    for (const auto id : a.ids)
      a.idf = std::max(a.idf, weights::inverse_frequency(
                                entries_.size(), terms_.find(id).size()));
    a.repeated = !seen.insert(a.ids.front()).second;
    asked.push_back(std::move(a));
  }
  return asked;
}

void knowledge_index::add_term_scores(const std::vector<asked_word>& asked,
                                      std::vector<float>& entries) const {
  float possible = 0;
  const auto add = [&](std::uint64_t id, float weight) {
    for (const auto& p : terms_.find(id))
      entries[p.where] += weight * p.weight;
  };
  for (std::size_t i = 0; i < asked.size(); ++i) {
    const auto& a = asked[i];
    if (!a.repeated) {
      possible += a.weight * a.idf * (weights::k1 + 1);
      if (a.known)
        for (const auto id : a.ids)
          add(id, a.weight * a.certainty * a.idf);
    }
    if (i == 0 || !asked[i - 1].known || !a.known)
      continue;
    for (const auto first : asked[i - 1].ids)
      for (const auto second : a.ids) {
        const auto id = pair_id(first, second);
        const auto list = terms_.find(id);
        if (list.empty())
          continue;
        const auto weight =
          weights::pair
          * weights::inverse_frequency(entries_.size(), list.size());
        possible += weight * (weights::k1 + 1);
        add(id, weight);
      }
  }
  if (possible > 0)
    for (auto& score : entries)
      score /= possible;
}

void knowledge_index::add_word_cosines(const std::vector<asked_word>& asked,
                                       std::vector<float>& phrasings) const {
  std::vector<weighted_feature> features;
  features.reserve(asked.size() * 2);
  for (std::size_t i = 0; i < asked.size(); ++i) {
    const auto& a = asked[i];
    for (const auto id : a.ids)
      features.push_back({id, a.weight * a.certainty});
    if (i > 0)
      for (const auto first : asked[i - 1].ids)
        for (const auto second : a.ids)
          if (const auto id = pair_id(first, second); !words_.find(id).empty())
            features.push_back({id, weights::pair});
  }
  add_up(features);
  float square = 0;
  for (auto& f : features) {
    f.weight *= weights::inverse_frequency(phrasing_entry_.size(),
                                           words_.find(f.id).size());
    square += f.weight * f.weight;
  }
  if (square <= 0)
    return;
  for (const auto& f : features)
    for (const auto& p : words_.find(f.id))
      phrasings[p.where] += f.weight / std::sqrt(square) * p.weight;
}

void knowledge_index::add_letter_cosines(const normal_text& question,
                                         std::vector<float>& phrasings) const {
  std::vector<std::uint64_t> grams;
  for (const auto& w : question.words)
    append_letter_grams(w, grams);
  std::vector<weighted_feature> features;
  features.reserve(grams.size());
  for (const auto gram : grams)
    features.push_back({gram, 1});
  add_up(features);
  float square = 0;
  for (auto& f : features) {
    f.weight *= weights::inverse_frequency(phrasing_entry_.size(),
                                           letters_.find(f.id).size());
    square += f.weight * f.weight;
  }
  if (square <= 0)
    return;
  for (const auto& f : features)
    for (const auto& p : letters_.find(f.id))
      phrasings[p.where] += f.weight / std::sqrt(square) * p.weight;
}

void knowledge_index::add_coverage(const std::vector<asked_word>& asked,
                                   candidate& c) const {
  float all = 0;
  float found = 0;
  for (const auto& a : asked) {
    if (a.repeated)
      continue;
    all += a.weight * a.idf;
    float covers = 0;
    if (a.known)
      for (const auto id : a.ids)
        if (const auto* p = terms_.find(id, c.entry))
          covers = std::max(covers, p->covers * a.certainty);
    found += a.weight * a.idf * covers;
    if (covers > 0 && a.weight >= weights::of(word_weight::content))
      c.content = true;
  }
  c.covered = all > 0 ? found / all : 0;
}

float knowledge_index::covered_by(std::uint32_t entry,
                                  const normal_text& text) const {
  candidate c;
  c.entry = entry;
  add_coverage(resolve(text, languages_), c);
  return c.covered;
}

ranking knowledge_index::rank(const normal_text& question,
                              std::string_view only_language) const {
  ranking result;
  if (entries_.empty() || question.words.empty())
    return result;
  std::vector<std::string> languages = languages_;
  if (!only_language.empty())
    languages.assign(1, std::string(only_language));
  const auto asked = resolve(question, languages);
  float all = 0;
  for (const auto& a : asked) {
    if (a.repeated)
      continue;
    all += a.weight * a.idf;
    result.known += a.known ? a.weight * a.idf * a.certainty : 0;
    result.content_words += a.weight;
  }
  result.known = all > 0 ? result.known / all : 0;

  std::vector<candidate> candidates(entries_.size());
  std::vector<float> terms(entries_.size());
  std::vector<float> words(phrasing_entry_.size());
  std::vector<float> letters(phrasing_entry_.size());
  add_term_scores(asked, terms);
  add_word_cosines(asked, words);
  add_letter_cosines(question, letters);
  for (std::uint32_t e = 0; e < entries_.size(); ++e) {
    candidates[e].entry = e;
    candidates[e].terms = terms[e];
  }
  for (std::size_t p = 0; p < phrasing_entry_.size(); ++p) {
    auto& c = candidates[phrasing_entry_[p]];
    // The phrasing nearest by both, not the best word match of one phrasing and
    // the best letter match of another.
    if (words[p] + letters[p] > c.words + c.letters) {
      c.words = words[p];
      c.letters = letters[p];
    }
  }
  std::erase_if(candidates, [&](const candidate& c) {
    const auto& language = facts_[c.entry].language;
    return c.score() <= 0
           || (!only_language.empty() && !language.empty()
               && language != only_language);
  });
  if (candidates.empty())
    return result;
  const auto first_by = [&](auto value) {
    return std::max_element(candidates.begin(), candidates.end(),
                            [&](const candidate& a, const candidate& b) {
                              return value(a) < value(b);
                            })
      ->entry;
  };
  result.first_by_terms = first_by([](const candidate& c) { return c.terms; });
  result.first_by_phrasing =
    first_by([](const candidate& c) { return c.phrasing(); });
  const auto kept = std::min(kept_candidates, candidates.size());
  std::partial_sort(
    candidates.begin(), candidates.begin() + static_cast<std::ptrdiff_t>(kept),
    candidates.end(), [](const candidate& a, const candidate& b) {
      return a.score() != b.score() ? a.score() > b.score() : a.entry < b.entry;
    });
  candidates.resize(kept);
  for (auto& c : candidates)
    add_coverage(asked, c);
  result.best = std::move(candidates);
  return result;
}

} // namespace assistly::answers
