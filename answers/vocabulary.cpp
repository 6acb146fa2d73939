#include "answers/vocabulary.hpp"

#include "answers/normalise.hpp"

#include <algorithm>
#include <array>

namespace assistly::answers {

namespace {

constexpr std::size_t shortest = 4;
/// No word of a living customer is longer; bounds the table below.
constexpr std::size_t longest = 40;

/// Edits with swaps of neighbours (optimal string alignment), or `limit` + 1.
std::size_t edits(std::u32string_view a, std::u32string_view b,
                  std::size_t limit) {
  std::array<std::array<std::size_t, longest + 1>, 3> rows{};
  for (std::size_t j = 0; j <= b.size(); ++j)
    rows[0][j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    auto& now = rows[i % 3];
    const auto& last = rows[(i + 2) % 3];
    const auto& before = rows[(i + 1) % 3];
    now[0] = i;
    auto least = now[0];
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t differ = a[i - 1] == b[j - 1] ? 0 : 1;
      now[j] = std::min({last[j] + 1, now[j - 1] + 1, last[j - 1] + differ});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
        now[j] = std::min(now[j], before[j - 2] + 1);
      least = std::min(least, now[j]);
    }
    if (least > limit)
      return limit + 1;
  }
  return rows[a.size() % 3][b.size()];
}

/// How alike two words are that begin with the same letter; see `nearest`.
float likeness(std::u32string_view a, std::u32string_view b) {
  const auto shorter = std::min(a.size(), b.size());
  const auto longer = std::max(a.size(), b.size());
  const std::size_t limit = shorter >= 8 ? 2 : 1;
  float best = 0;
  if (longer - shorter <= limit)
    if (const auto n = edits(a, b, limit); n <= limit)
      best = 1.0F - 1.5F * static_cast<float>(n) / static_cast<float>(longer);
  // "deliver" and "delivery", "reserv" and "reservation".
  if (a.substr(0, shorter) == b.substr(0, shorter)
      && shorter * 10 >= longer * 6)
    best = std::max(best, 0.8F);
  return best;
}

} // namespace

void vocabulary::add(std::string_view stem, std::uint64_t id) {
  auto letters = code_points(stem);
  if (letters.size() >= shortest && letters.size() <= longest)
    words_.push_back({std::move(letters), id});
}

void vocabulary::seal() {
  const auto less = [](const known& a, const known& b) {
    return a.letters < b.letters;
  };
  std::sort(words_.begin(), words_.end(), less);
  words_.erase(std::unique(words_.begin(), words_.end(),
                           [](const known& a, const known& b) {
                             return a.letters == b.letters;
                           }),
               words_.end());
  words_.shrink_to_fit();
}

vocabulary::match vocabulary::nearest(std::string_view stem) const {
  const auto letters = code_points(stem);
  if (letters.size() < shortest || letters.size() > longest)
    return {};
  const auto first = letters.front();
  auto at = std::lower_bound(
    words_.begin(), words_.end(), first,
    [](const known& w, char32_t c) { return w.letters.front() < c; });
  match best;
  for (; at != words_.end() && at->letters.front() == first; ++at)
    if (const auto alike = likeness(letters, at->letters);
        alike > best.likeness)
      best = {at->id, alike};
  return best;
}

} // namespace assistly::answers
