#include "answers/decide.hpp"

#include "answers/courtesy.hpp"
#include "answers/function_words.hpp"
#include "answers/human_words.hpp"
#include "answers/language.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <iterator>
#include <string_view>
#include <utility>

namespace assistly::answers {

namespace {

struct reason_row {
  std::string_view reason;
  std::string_view sentence;
};

constexpr std::array reasons{
  reason_row{"agreed", "Both rankers chose the same entry, and it covers the "
                       "question."},
  reason_row{"courtesy", "The message is a courtesy that needs no reply."},
  reason_row{"asked_for_human", "The customer asked for a person."},
  reason_row{"no_text", "The message has no words to search for."},
  reason_row{"no_knowledge", "The business has no knowledge entries yet."},
  reason_row{"no_match", "No entry has anything in common with the question."},
  reason_row{"rankers_disagree", "The two rankers chose different entries."},
  reason_row{"terms_not_covered",
             "The nearest entry does not cover the words of the question."},
  reason_row{"two_entries_close", "Two entries fit about equally well."},
  reason_row{"low_confidence", "The nearest entry is not sure enough."},
  reason_row{"too_many_questions",
             "More questions than one message should answer."},
  reason_row{"answer_too_long",
             "The answer is longer than the channel allows."},
};

/// A part of the burst that is judged by itself.
struct segment {
  std::string_view raw;
  normal_text text;
};

/// What the index says to one segment.
struct verdict {
  std::string_view reason = "no_match";
  double confidence = 0;
  ranking ranked;

  bool good() const noexcept {
    return reason == "agreed";
  }
};

/// Cuts behind line ends and question marks, since each may begin a question of
/// its own. Full stops do not: "I ordered a lamp. Where is it?" is one matter.
std::vector<segment> segments_of(std::string_view line, std::size_t most) {
  std::vector<segment> segments;
  line = line.substr(0, question_code_points * 4);
  while (!line.empty() && segments.size() < most) {
    auto end = line.size();
    for (const std::string_view mark : {"?", "？", "؟", "\n"})
      if (const auto at = line.find(mark); at != line.npos)
        end = std::min(end, at + mark.size());
    segment s{line.substr(0, end), {}};
    const bool asks =
      s.raw.ends_with("?") || s.raw.ends_with("？") || s.raw.ends_with("؟");
    s.text = normalise(s.raw);
    // A lone "?" stays: whoever sends one behind a "thanks" is waiting.
    if (!s.text.words.empty() || !s.text.emoji.empty() || asks)
      segments.push_back(std::move(s));
    line.remove_prefix(end);
  }
  return segments;
}

bool same_words(const normal_text& a, const normal_text& b) {
  return std::equal(a.words.begin(), a.words.end(), b.words.begin(),
                    b.words.end(), [](const word& one, const word& other) {
                      return one.plain == other.plain;
                    });
}

bool same_matter(const knowledge_index& index, std::uint32_t a,
                 std::uint32_t b) {
  return a == b || index.same_in_another_language(a, b);
}

verdict judged(const knowledge_index& index, ranking ranked,
               const thresholds& limits) {
  verdict v;
  v.ranked = std::move(ranked);
  const auto& best = v.ranked.best;
  if (best.empty())
    return v;
  const auto& first = best.front();
  double second_score = 0;
  for (const auto& c : best)
    if (!same_matter(index, c.entry, first.entry))
      second_score = std::max<double>(second_score, c.score());
  const double lead = std::min((first.score() - second_score) / first.score(),
                               limits.counted_lead);
  const double sum = limits.bias + limits.phrasing_weight * first.phrasing()
                     + limits.lead_weight * lead
                     + limits.terms_weight * first.terms;
  v.confidence = 1 / (1 + std::exp(-sum));
  if (!same_matter(index, first.entry, v.ranked.first_by_terms)
      || !same_matter(index, first.entry, v.ranked.first_by_phrasing))
    v.reason = "rankers_disagree";
  else if (first.covered < limits.covered
           || (!first.content && first.phrasing() < limits.fillers_alone))
    v.reason = "terms_not_covered";
  else if (lead < limits.lead)
    v.reason = "two_entries_close";
  else
    v.reason = v.confidence < limits.confidence ? "low_confidence" : "agreed";
  return v;
}

/// In the question's language first. Only if that has no answer, in any: a
/// detection that was wrong must not hide the entry whose very words were used.
verdict judge(const knowledge_index& index, const normal_text& text,
              std::string_view language, const thresholds& limits) {
  if (!language.empty())
    if (auto v = judged(index, index.rank(text, language), limits); v.good())
      return v;
  return judged(index, index.rank(text), limits);
}

source source_of(const knowledge_index& index, std::uint32_t entry) {
  const auto& e = index.entries()[entry];
  return {e.id, e.title, e.url};
}

answer settled(decision kind, std::string_view reason, std::string language) {
  answer a;
  a.kind = kind;
  a.reason = reason;
  a.reason_text = reason_sentence(reason);
  a.language = std::move(language);
  return a;
}

/// One burst on its way to a decision.
class deliberation {
public:
  deliberation(const knowledge_index& index, const question& asked,
               const thresholds& limits)
    : index_(index), asked_(asked), limits_(limits) {
    take_lines();
    for (const auto& s : segments_)
      all_.words.insert(all_.words.end(), s.text.words.begin(),
                        s.text.words.end());
    const auto hint = primary_language(asked.language_hint);
    own_language_ = index.detect_language(all_, hint);
    language_ = own_language_.empty() ? guess_language(all_) : own_language_;
    if (language_.empty())
      language_ = hint;
  }

  answer decision_on_burst() {
    for (const auto& s : segments_)
      if (asks_for_human(s.text))
        return settled(decision::hand_off, "asked_for_human", language_);
    if (only_courtesy())
      return on_courtesy();
    std::erase_if(segments_, [](const segment& s) {
      return s.text.words.empty() || is_mere_courtesy(s.text, s.raw);
    });
    if (segments_.empty())
      return settled(decision::hand_off, "no_text", language_);
    if (index_.entries().empty())
      return settled(decision::hand_off, "no_knowledge", language_);
    if (segments_.size() > limits_.lines)
      return settled(decision::hand_off, "too_many_questions", language_);
    return on_questions();
  }

private:
  /// Newest first, so that a flood of old lines cannot push out what was said
  /// last; one segment more than allowed shows that there were too many. Who
  /// asks the same again because nobody has answered yet has one question,
  /// however often it was sent.
  void take_lines() {
    take_line(asked_.text);
    const auto most = limits_.lines + 1;
    for (auto line = asked_.earlier.rbegin();
         line != asked_.earlier.rend() && segments_.size() < most; ++line)
      if (*line != asked_.text)
        take_line(*line);
  }

  void take_line(std::string_view line) {
    auto before = segments_of(line, limits_.lines + 1);
    std::erase_if(before, [&](const segment& s) {
      return !s.text.words.empty()
             && std::any_of(segments_.begin(), segments_.end(),
                            [&](const segment& later) {
                              return same_words(later.text, s.text);
                            });
    });
    std::move(segments_.begin(), segments_.end(), std::back_inserter(before));
    segments_ = std::move(before);
  }

  bool only_courtesy() const {
    return !segments_.empty()
           && std::all_of(
             segments_.begin(), segments_.end(),
             [](const segment& s) { return is_mere_courtesy(s.text, s.raw); });
  }

  /// Silence, unless the business wrote an answer to just these words.
  answer on_courtesy() {
    auto v = judge(index_, all_, own_language_, limits_);
    if (v.good() && v.ranked.best.front().covered > 0.99F)
      return answered({std::move(v)});
    return settled(decision::nothing, "courtesy", language_);
  }

  answer on_questions() {
    std::vector<verdict> verdicts;
    for (const auto& s : segments_)
      verdicts.push_back(judge(index_, s.text, own_language_, limits_));
    // "Hi there" and "one question" are no questions; but if nothing else was
    // said, they are what there is to judge.
    std::vector<verdict> asking;
    for (std::size_t i = 0; i < verdicts.size(); ++i)
      if (verdicts[i].good() || says_something(segments_[i]))
        asking.push_back(verdicts[i]);
    if (asking.empty())
      asking = verdicts;
    const auto failed = std::find_if(
      asking.begin(), asking.end(), [](const verdict& v) { return !v.good(); });
    if (failed == asking.end())
      return answered(asking);
    if (segments_.size() > 1)
      if (auto whole = one_question_in_parts(); whole.good())
        return answered({std::move(whole)});
    return handed_off(*failed);
  }

  bool says_something(const segment& s) const {
    const auto languages = language_.empty()
                             ? std::vector<std::string>{}
                             : std::vector<std::string>{language_};
    return std::any_of(
      s.text.words.begin(), s.text.words.end(), [&](const word& w) {
        return weight_of(w.plain, languages) == word_weight::content;
      });
  }

  /// "i want to know" / "your opening hours": together one question, if one
  /// entry covers every part. A second question beside it is not covered.
  verdict one_question_in_parts() {
    normal_text text;
    for (const auto& s : segments_)
      text.words.insert(text.words.end(), s.text.words.begin(),
                        s.text.words.end());
    auto whole = judge(index_, text, own_language_, limits_);
    if (!whole.good())
      return whole;
    const auto entry = whole.ranked.best.front().entry;
    for (const auto& s : segments_)
      if (says_something(s)
          && index_.covered_by(entry, s.text) < limits_.covered)
        whole.reason = "terms_not_covered";
    return whole;
  }

  answer answered(const std::vector<verdict>& verdicts) {
    answer a = settled(decision::answer, "agreed", language_);
    a.confidence = 1;
    std::vector<std::uint32_t> used;
    for (const auto& v : verdicts) {
      const auto entry = v.ranked.best.front().entry;
      a.confidence = std::min(a.confidence, v.confidence);
      const bool again =
        std::any_of(used.begin(), used.end(), [&](std::uint32_t u) {
          return same_matter(index_, u, entry);
        });
      if (again)
        continue;
      used.push_back(entry);
      a.sources.push_back(source_of(index_, entry));
      a.text += (a.text.empty() ? "" : "\n\n") + index_.entries()[entry].answer;
    }
    std::string_view refusal;
    if (used.size() > limits_.answers_in_one_message)
      refusal = "too_many_questions";
    else if (asked_.longest_answer > 0
             && code_points(a.text).size() > asked_.longest_answer)
      refusal = "answer_too_long";
    if (refusal.empty())
      return a;
    auto h = settled(decision::hand_off, refusal, language_);
    h.confidence = a.confidence;
    h.considered = std::move(a.sources);
    h.considered.resize(std::min<std::size_t>(h.considered.size(), 2));
    return h;
  }

  answer handed_off(const verdict& v) {
    auto a = settled(decision::hand_off, v.reason, language_);
    a.confidence = v.confidence;
    for (std::size_t i = 0; i < v.ranked.best.size() && i < 2; ++i)
      a.considered.push_back(source_of(index_, v.ranked.best[i].entry));
    return a;
  }

  const knowledge_index& index_;
  const question& asked_;
  const thresholds& limits_;
  std::vector<segment> segments_;
  normal_text all_;
  std::string own_language_; // one of the business's, empty when unsure
  std::string language_;     // any, for the words of a hand-off
};

} // namespace

std::string_view to_string(decision kind) noexcept {
  switch (kind) {
  case decision::answer:
    return "answer";
  case decision::clarify:
    return "clarify";
  case decision::hand_off:
    return "hand_off";
  case decision::nothing:
    return "nothing";
  }
  return "hand_off";
}

std::string_view reason_sentence(std::string_view reason) {
  for (const auto& row : reasons)
    if (row.reason == reason)
      return row.sentence;
  return reason;
}

answer decide(const knowledge_index& index, const question& asked,
              const thresholds& limits) {
  return deliberation(index, asked, limits).decision_on_burst();
}

} // namespace assistly::answers
