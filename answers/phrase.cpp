#include "answers/phrase.hpp"

#include "answers/normalise.hpp"

#include <algorithm>

namespace assistly::answers {

namespace {

bool matches(std::string_view pattern, std::string_view word) {
  if (!pattern.ends_with('*'))
    return pattern == word;
  return word.starts_with(pattern.substr(0, pattern.size() - 1));
}

bool stands_at(const phrase& p, std::span<const std::string_view> words,
               std::size_t at) {
  if (p.size() > words.size() - at)
    return false;
  for (std::size_t i = 0; i < p.size(); ++i)
    if (!matches(p[i], words[at + i]))
      return false;
  return true;
}

/// Calls `visit` with each part of `text` between separators.
template <class Visit>
void for_each_part(std::string_view text, char separator, Visit visit) {
  while (!text.empty()) {
    const auto end = text.find(separator);
    if (const auto part = text.substr(0, end); !part.empty())
      visit(part);
    text.remove_prefix(end == text.npos ? text.size() : end + 1);
  }
}

} // namespace

std::vector<phrase> phrases_of(std::string_view list) {
  std::vector<phrase> result;
  for_each_part(list, '|', [&](std::string_view part) {
    phrase p;
    for_each_part(part, ' ', [&](std::string_view spelled) {
      const bool open = spelled.ends_with('*');
      // One spelled word can be several in normal form ("l'agent").
      const auto normal = normalise(spelled);
      for (const auto w : words_of(normal.line))
        p.emplace_back(w);
      if (open && !p.empty())
        p.back().push_back('*');
    });
    if (!p.empty())
      result.push_back(std::move(p));
  });
  return result;
}

std::vector<std::string_view> words_of(std::string_view line) {
  std::vector<std::string_view> result;
  for_each_part(line, ' ', [&](std::string_view w) { result.push_back(w); });
  return result;
}

std::size_t length_at(const std::vector<phrase>& phrases,
                      std::span<const std::string_view> words, std::size_t at) {
  std::size_t longest = 0;
  for (const auto& p : phrases)
    if (p.size() > longest && stands_at(p, words, at))
      longest = p.size();
  return longest;
}

} // namespace assistly::answers
