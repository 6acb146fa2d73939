#include "answers/features.hpp"
#include "answers/index.hpp"
#include "answers/weights.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <utility>

namespace assistly::answers {

namespace {

/// How often a feature occurs somewhere, before it is weighted.
struct count {
  std::uint64_t feature;
  std::uint32_t where;
  float times;
};

/// Sorts and adds up.
void merge(std::vector<count>& counts) {
  std::sort(counts.begin(), counts.end(), [](const auto& a, const auto& b) {
    return a.feature != b.feature ? a.feature < b.feature : a.where < b.where;
  });
  std::size_t kept = 0;
  for (std::size_t i = 0; i < counts.size(); ++i)
    if (kept != 0 && counts[kept - 1].feature == counts[i].feature
        && counts[kept - 1].where == counts[i].where)
      counts[kept - 1].times += counts[i].times;
    else
      counts[kept++] = counts[i];
  counts.resize(kept);
}

/// Calls `visit(first, last)` for each run of equal features.
template <class Visit>
void for_each_feature(std::vector<count>& counts, Visit visit) {
  for (std::size_t i = 0; i < counts.size();) {
    auto end = i;
    while (end < counts.size() && counts[end].feature == counts[i].feature)
      ++end;
    visit(i, end);
    i = end;
  }
}

/// Multiplies by inverse frequency and makes each vector one long.
void weigh(std::vector<count>& counts, std::size_t places) {
  std::vector<float> squares(places);
  for_each_feature(counts, [&](std::size_t first, std::size_t last) {
    const auto idf = weights::inverse_frequency(places, last - first);
    for (auto i = first; i < last; ++i) {
      counts[i].times *= idf;
      squares[counts[i].where] += counts[i].times * counts[i].times;
    }
  });
  for (auto& c : counts)
    c.times /= std::sqrt(squares[c.where]);
}

/// "hours-es" of an entry in Spanish is "hours" in any language.
std::uint64_t group_of(const knowledge_entry& entry,
                       std::string_view language) {
  std::string_view id = entry.id.empty() ? entry.title : entry.id;
  if (!language.empty() && id.size() > language.size() + 1
      && id.ends_with(language)) {
    const auto mark = id[id.size() - language.size() - 1];
    if (mark == '-' || mark == '_' || mark == '.' || mark == '/')
      id.remove_suffix(language.size() + 1);
  }
  return feature_id('e', id);
}

} // namespace

class index_builder {
public:
  explicit index_builder(std::vector<knowledge_entry> entries)
    : index_(std::make_shared<knowledge_index>()) {
    std::erase_if(entries, [](const auto& e) { return e.answer.empty(); });
    index_->entries_ = std::move(entries);
    index_->facts_.resize(index_->entries_.size());
  }

  std::shared_ptr<const knowledge_index> build() {
    read_texts();
    settle_languages();
    for (std::uint32_t e = 0; e < texts_.size(); ++e)
      add_entry(e);
    finish_terms();
    finish_phrasings();
    index_->vocabulary_.seal();
    return std::move(index_);
  }

private:
  struct entry_text {
    normal_text title;
    normal_text answer;
    std::vector<normal_text> questions;
  };

  void read_texts() {
    texts_.reserve(index_->entries_.size());
    for (const auto& e : index_->entries_) {
      entry_text t;
      t.title = normalise(e.title);
      t.answer = normalise(e.answer, answer_code_points);
      t.questions.reserve(e.questions.size());
      for (const auto& q : e.questions)
        t.questions.push_back(normalise(q));
      texts_.push_back(std::move(t));
    }
  }

  /// Businesses seldom label their entries. Those whose own words say clearly
  /// which language they are in come first; their letters then tell the rest.
  void settle_languages() {
    std::vector<normal_text> texts;
    std::map<std::string, std::size_t> entries_in;
    for (std::size_t e = 0; e < texts_.size(); ++e) {
      texts.push_back(all_of(texts_[e]));
      auto& language = index_->facts_[e].language;
      language = primary_language(index_->entries_[e].language);
      if (language.empty())
        language = guess_language(texts[e], 3);
      if (!language.empty())
        ++entries_in[language];
    }
    // One Swedish entry among fifty in Spanish is a mistake of the guess,
    // unless it is very sure.
    language_profiles sure;
    for (std::size_t e = 0; e < texts_.size(); ++e) {
      auto& language = index_->facts_[e].language;
      if (is_labelled(e) || language.empty())
        continue;
      if (entries_in[language] * 10 < texts_.size()
          && guess_language(texts[e], 6) != language)
        language.clear();
    }
    for (std::size_t e = 0; e < texts_.size(); ++e)
      sure.add(index_->facts_[e].language, texts[e]);
    for (std::size_t e = 0; e < texts_.size(); ++e)
      if (index_->facts_[e].language.empty())
        index_->facts_[e].language = sure.nearest(texts[e]);
    for (std::size_t e = 0; e < texts_.size(); ++e)
      keep_language(static_cast<std::uint32_t>(e), texts[e]);
  }

  bool is_labelled(std::size_t e) const {
    return !primary_language(index_->entries_[e].language).empty();
  }

  void keep_language(std::uint32_t e, const normal_text& text) {
    auto& facts = index_->facts_[e];
    facts.group = group_of(index_->entries_[e], facts.language);
    index_->profiles_.add(facts.language, text);
    auto& languages = index_->languages_;
    if (!facts.language.empty()
        && std::find(languages.begin(), languages.end(), facts.language)
             == languages.end())
      languages.push_back(facts.language);
  }

  static void append(normal_text& to, const normal_text& from) {
    to.words.insert(to.words.end(), from.words.begin(), from.words.end());
  }

  static normal_text all_of(const entry_text& t) {
    normal_text all = t.title;
    append(all, t.answer);
    for (const auto& q : t.questions)
      append(all, q);
    return all;
  }

  void add_entry(std::uint32_t e) {
    const auto& t = texts_[e];
    add_field(e, t.title, weights::in_title, true);
    add_phrasing(e, t.title);
    for (const auto& q : t.questions) {
      add_field(e, q, weights::in_question, true);
      add_phrasing(e, q);
    }
    add_field(e, t.answer, weights::in_answer, false);
  }

  std::vector<term> terms_in(std::uint32_t e, const normal_text& text) {
    const auto& language = index_->facts_[e].language;
    return terms_of(text, std::span(&language, language.empty() ? 0 : 1));
  }

  void add_field(std::uint32_t e, const normal_text& text, float weight,
                 bool asked) {
    const auto terms = terms_in(e, text);
    for (std::size_t i = 0; i < terms.size(); ++i) {
      const auto stem = terms[i].stems.front();
      entry_counts_.push_back({stem, e, weight});
      if (asked)
        asked_.push_back({stem, e, 1});
      if (i > 0)
        entry_counts_.push_back(
          {pair_id(terms[i - 1].stems.front(), stem), e, weight});
      index_->stem_of_surface_.emplace(terms[i].surface, stem);
      if (text.words[i].kind == word_kind::letters)
        index_->vocabulary_.add(terms[i].stem_texts.front(), stem);
    }
  }

  void add_phrasing(std::uint32_t e, const normal_text& text) {
    if (text.words.empty())
      return;
    const auto phrasing =
      static_cast<std::uint32_t>(index_->phrasing_entry_.size());
    index_->phrasing_entry_.push_back(e);
    const auto terms = terms_in(e, text);
    for (std::size_t i = 0; i < terms.size(); ++i) {
      const auto stem = terms[i].stems.front();
      word_counts_.push_back(
        {stem, phrasing,
         weights::of(weight_of(text.words[i].plain, index_->languages_))});
      if (i > 0)
        word_counts_.push_back(
          {pair_id(terms[i - 1].stems.front(), stem), phrasing, weights::pair});
    }
    std::vector<std::uint64_t> grams;
    for (const auto& w : text.words)
      append_letter_grams(w, grams);
    for (const auto gram : grams)
      letter_counts_.push_back({gram, phrasing, 1});
  }

  /// BM25F: field-weighted frequency, corrected by length, then saturated.
  void finish_terms() {
    merge(entry_counts_);
    merge(asked_);
    std::vector<float> length(texts_.size());
    float total = 0;
    for (const auto& c : entry_counts_) {
      length[c.where] += c.times;
      total += c.times;
    }
    const auto average = total / static_cast<float>(texts_.size());
    std::vector<posting_lists<knowledge_index::entry_posting>::occurrence> all;
    all.reserve(entry_counts_.size());
    auto asked = asked_.begin();
    for (const auto& c : entry_counts_) {
      while (asked != asked_.end()
             && std::pair(asked->feature, asked->where)
                  < std::pair(c.feature, c.where))
        ++asked;
      const bool in_question = asked != asked_.end()
                               && asked->feature == c.feature
                               && asked->where == c.where;
      const auto tf =
        c.times / (1 - weights::b + weights::b * length[c.where] / average);
      all.push_back({c.feature,
                     {c.where, tf * (weights::k1 + 1) / (tf + weights::k1),
                      in_question ? 1.0F : weights::covered_by_answer}});
    }
    index_->terms_ =
      posting_lists<knowledge_index::entry_posting>(std::move(all));
  }

  void finish_phrasings() {
    index_->words_ = vectors_of(word_counts_);
    index_->letters_ = vectors_of(letter_counts_);
  }

  posting_lists<knowledge_index::phrasing_posting>
  vectors_of(std::vector<count>& counts) const {
    merge(counts);
    weigh(counts, index_->phrasing_entry_.size());
    std::vector<posting_lists<knowledge_index::phrasing_posting>::occurrence>
      all;
    all.reserve(counts.size());
    for (const auto& c : counts)
      all.push_back({c.feature, {c.where, c.times}});
    return posting_lists<knowledge_index::phrasing_posting>(std::move(all));
  }

  std::shared_ptr<knowledge_index> index_;
  std::vector<entry_text> texts_;
  std::vector<count> entry_counts_;
  std::vector<count> asked_; // which terms the title and phrasings have
  std::vector<count> word_counts_;
  std::vector<count> letter_counts_;
};

std::shared_ptr<const knowledge_index>
build_index(std::vector<knowledge_entry> entries) {
  return index_builder(std::move(entries)).build();
}

} // namespace assistly::answers
