/// The search index of one business: built once from its entries, never
/// changed, read from any thread. A change of knowledge builds a new one and
/// swaps the pointer.
#pragma once

#include "answers/knowledge.hpp"
#include "answers/language.hpp"
#include "answers/normalise.hpp"
#include "answers/postings.hpp"
#include "answers/vocabulary.hpp"

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace assistly::answers {

/// An entry as both rankers see it. All scores are 0..1.
struct candidate {
  std::uint32_t entry = 0; ///< Position in `knowledge_index::entries()`.
  float terms = 0;   ///< BM25 over the entry, as a share of the best possible.
  float words = 0;   ///< Cosine with the nearest phrasing, stems and pairs.
  float letters = 0; ///< Cosine with the nearest phrasing, letter grams.
  float covered = 0; ///< Weighted share of the question's words it knows.
  bool content = false; ///< At least one of these is more than a filler.

  float phrasing() const noexcept {
    return (words + letters) / 2;
  }

  /// BM25 counts most: on every development set it alone is the better ranker.
  float score() const noexcept {
    return (3 * terms + words + letters) / (3 + 2);
  }
};

struct ranking {
  /// At most `knowledge_index::kept_candidates`, best `score()` first; empty if
  /// nothing has anything in common with the question.
  std::vector<candidate> best;
  std::uint32_t first_by_terms = 0;    ///< Entry BM25 puts first.
  std::uint32_t first_by_phrasing = 0; ///< Entry the phrasings put first.
  float known = 0;         ///< Weighted share of the words known to any entry.
  float content_words = 0; ///< How much the question says, in content words.
};

class knowledge_index {
public:
  static constexpr std::size_t kept_candidates = 5;

  const std::vector<knowledge_entry>& entries() const noexcept {
    return entries_;
  }

  /// Of an entry, as given or else as guessed; empty when unknown.
  const std::string& language_of(std::uint32_t entry) const {
    return facts_[entry].language;
  }

  /// Whether two entries are one in different languages: their ids are equal
  /// but for a language at the end ("hours-en", "hours-es").
  bool same_in_another_language(std::uint32_t a, std::uint32_t b) const {
    return facts_[a].group == facts_[b].group;
  }

  /// The business's language that `text` is in; empty when unsure.
  std::string detect_language(const normal_text& text,
                              std::string_view hint) const {
    return profiles_.detect(text, hint);
  }

  /// Ranks entries against a question. With `only_language`, entries known to
  /// be in another language are left out.
  ranking rank(const normal_text& question,
               std::string_view only_language = {}) const;

  /// Weighted share (0..1) of the text's words that the entry knows.
  float covered_by(std::uint32_t entry, const normal_text& text) const;

private:
  friend class index_builder;

  struct entry_facts {
    std::string language;
    std::uint64_t group = 0;
  };

  struct entry_posting {
    std::uint32_t where; ///< entry
    float weight;        ///< saturated term frequency, 0..1
    float covers;        ///< how far the word counts as covered
  };

  struct phrasing_posting {
    std::uint32_t where; ///< phrasing
    float weight;        ///< part of a vector of length one
  };

  struct asked_word;

  std::vector<asked_word>
  resolve(const normal_text& question,
          const std::vector<std::string>& languages) const;
  void add_term_scores(const std::vector<asked_word>& asked,
                       std::vector<float>& entries) const;
  void add_word_cosines(const std::vector<asked_word>& asked,
                        std::vector<float>& phrasings) const;
  void add_letter_cosines(const normal_text& question,
                          std::vector<float>& phrasings) const;
  void add_coverage(const std::vector<asked_word>& asked, candidate& c) const;

  std::vector<knowledge_entry> entries_;
  std::vector<entry_facts> facts_;
  std::vector<std::string> languages_;
  language_profiles profiles_;
  std::vector<std::uint32_t> phrasing_entry_;
  posting_lists<entry_posting> terms_;
  posting_lists<phrasing_posting> words_;
  posting_lists<phrasing_posting> letters_;
  std::unordered_map<std::uint64_t, std::uint64_t> stem_of_surface_;
  vocabulary vocabulary_;
};

/// Builds the index. Entries with neither title nor question are kept but can
/// only be found by their answer; entries without an answer are left out, since
/// there is nothing to send.
std::shared_ptr<const knowledge_index>
build_index(std::vector<knowledge_entry> entries);

} // namespace assistly::answers
