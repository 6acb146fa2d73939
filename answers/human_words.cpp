#include "answers/human_words.hpp"

#include "answers/human_words_table.hpp"
#include "answers/phrase.hpp"

#include <algorithm>
#include <array>
#include <string>
#include <vector>

namespace assistly::answers {

namespace {

/// A message longer than this is a story in which the word stands by chance.
constexpr std::size_t longest_request_words = 25;
/// Words between "talk to" and the person: "talk to one of your agents".
constexpr std::size_t widest_gap = 3;

struct patterns {
  std::vector<phrase> human;
  std::vector<phrase> person; // human and role
  std::vector<phrase> contact;
  std::vector<phrase> want;
  std::vector<phrase> around;
  bool verb_last = false;
};

const std::vector<patterns>& all_patterns() {
  static const std::vector<patterns> built = [] {
    std::vector<patterns> list;
    for (const auto& row : human_rows) {
      patterns p{phrases_of(row.human),   phrases_of(row.human),
                 phrases_of(row.contact), phrases_of(row.want),
                 phrases_of(row.around),  row.verb_last};
      for (auto& role : phrases_of(row.role))
        p.person.push_back(std::move(role));
      list.push_back(std::move(p));
    }
    return list;
  }();
  return built;
}

std::vector<std::string> lines_of(std::string_view list) {
  std::vector<std::string> lines;
  for (const auto& p : phrases_of(list)) {
    std::string line;
    for (const auto& w : p)
      line += (line.empty() ? "" : " ") + w;
    lines.push_back(std::move(line));
  }
  return lines;
}

using word_span = std::span<const std::string_view>;

bool is_nothing_else(const patterns& p, word_span words) {
  std::size_t people = 0;
  for (std::size_t at = 0; at < words.size();) {
    if (const auto n = length_at(p.person, words, at); n > 0) {
      ++people;
      at += n;
    } else if (const auto m = length_at(p.around, words, at); m > 0) {
      at += m;
    } else {
      return false;
    }
  }
  return people == 1;
}

/// `second` behind `first` with at most `widest_gap` words between.
bool follows(const std::vector<phrase>& first,
             const std::vector<phrase>& second, word_span words) {
  for (std::size_t at = 0; at < words.size(); ++at) {
    const auto n = length_at(first, words, at);
    if (n == 0)
      continue;
    const auto last = std::min(words.size(), at + n + widest_gap + 1);
    for (auto next = at + n; next < last; ++next)
      if (length_at(second, words, next) > 0)
        return true;
  }
  return false;
}

bool asks(const patterns& p, word_span words) {
  if (is_nothing_else(p, words) || follows(p.contact, p.person, words))
    return true;
  if (p.verb_last && follows(p.person, p.contact, words))
    return true;
  // "I want a human", but not "I want my agent's address".
  return follows(p.want, p.human, words);
}

constexpr auto language_names = [] {
  std::array<std::string_view, human_rows.size() + 4> names{"zh", "ja", "ko",
                                                            "th"};
  for (std::size_t i = 0; i < human_rows.size(); ++i)
    names[i + 4] = human_rows[i].language;
  return names;
}();

} // namespace

bool asks_for_human(const normal_text& message) {
  const auto words = words_of(message.line);
  if (words.empty() || words.size() > longest_request_words)
    return false;
  static const auto inside = lines_of(human_requests);
  static const auto whole = lines_of(human_alone);
  const auto& line = message.line;
  return std::any_of(
           inside.begin(), inside.end(),
           [&](const auto& text) { return line.find(text) != line.npos; })
         || std::find(whole.begin(), whole.end(), line) != whole.end()
         || std::any_of(all_patterns().begin(), all_patterns().end(),
                        [&](const patterns& p) { return asks(p, words); });
}

std::span<const std::string_view> human_word_languages() {
  return language_names;
}

} // namespace assistly::answers
