/// From a customer's burst of messages to one decision. Pure: the same index
/// and question give the same answer, and nothing is sent from here.
#pragma once

#include "answers/index.hpp"
#include "answers/knowledge.hpp"
#include "answers/thresholds.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace assistly::answers {

/// What the customer wrote since anyone last answered.
struct question {
  std::string text; ///< The newest message, UTF-8 as received.
  std::vector<std::string>
    earlier;                 ///< Unanswered ones before it, oldest first.
  std::string language_hint; ///< BCP 47 tag: profile locale or what was spoken.
  /// The channel's limit in code points; 0 = none. Answers are never cut, so
  /// one that is longer is a person's to shorten.
  std::size_t longest_answer = 0;
};

enum class decision : std::uint8_t {
  answer,   ///< Send `text`.
  clarify,  ///< Ask back; needs a calibrated engine, which does not choose it
            ///< yet.
  hand_off, ///< A person is asked; the words for the customer are
            ///< `hand_off.hpp`'s.
  nothing,  ///< A mere "thanks": needs no reply and reopens nothing.
};

/// "answer", "clarify", "hand_off", "nothing" (INTERFACE section 2, `ask`).
std::string_view to_string(decision kind) noexcept;

struct answer {
  decision kind = decision::hand_off;
  std::string text; ///< Entries' answers word for word; empty unless answered.
  double confidence = 0; ///< 0..1, of the best candidate even when not sent.
  std::vector<source> sources; ///< What `text` was taken from.
  std::vector<source>
    considered; ///< Best candidates (at most 2) of a hand-off.
  /// Stable, for programs: "agreed", "courtesy", "asked_for_human", "no_text",
  /// "no_knowledge", "no_match", "rankers_disagree", "terms_not_covered",
  /// "two_entries_close", "low_confidence", "too_many_questions",
  /// "answer_too_long".
  std::string reason;
  std::string reason_text; ///< The same for people, one English sentence.
  std::string language;    ///< Of the question, ISO 639-1; empty when unsure.
};

/// Answers only where both rankers put the same entry first, the entry covers
/// the question's words and the confidence suffices; else hands off. In a burst
/// each question must be answered, or none is.
answer decide(const knowledge_index& index, const question& asked,
              const thresholds& limits = {});

/// The sentence for a reason; the word itself for an unknown one.
std::string_view reason_sentence(std::string_view reason);

} // namespace assistly::answers
