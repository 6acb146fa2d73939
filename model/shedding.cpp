#include "model/shedding.hpp"

#include <algorithm>
#include <bit>

namespace assistly {

namespace {

constexpr std::uint64_t counted_singly = 8;
/// What bits of a number beyond `counted_singly` are at least.
constexpr int least_width = 4;

std::size_t bucket_of(milliseconds took) noexcept {
  auto ms = static_cast<std::uint64_t>(std::max<std::int64_t>(took.count(), 1));
  auto below = ms - 1;
  if (below < counted_singly)
    return below;
  auto width = std::bit_width(below);
  auto quarter = below >> (width - 3) & 3;
  return counted_singly + static_cast<std::size_t>(width - least_width) * 4
         + quarter;
}

/// The shortest time that falls into it.
milliseconds shortest_in(std::size_t bucket) noexcept {
  if (bucket < counted_singly)
    return milliseconds{static_cast<std::int64_t>(bucket) + 1};
  auto rest = static_cast<std::int64_t>(bucket - counted_singly);
  auto width = rest / 4 + least_width;
  return milliseconds{((4 + rest % 4) << (width - 3)) + 1};
}

std::int64_t second_of(timestamp t) noexcept {
  return to_unix_ms(t) / 1'000;
}

} // namespace

milliseconds shed_above(shed_work what) noexcept {
  switch (what) {
  case shed_work::read:
    return milliseconds{250};
  case shed_work::answer:
    return milliseconds{500};
  case shed_work::send:
    return seconds{1};
  case shed_work::inbox:
    return seconds{2};
  }
  return seconds{2};
}

bool is_shed(shed_work what, milliseconds commit_p99) noexcept {
  return commit_p99 > shed_above(what);
}

void latency_window::add(milliseconds took, timestamp now) noexcept {
  auto second = second_of(now);
  auto& s = slots_[static_cast<std::size_t>(second) % slots];
  if (s.second != second)
    s = {second, {}};
  ++s.counts[std::min(bucket_of(took), buckets - 1)];
}

milliseconds latency_window::p99(timestamp now) const noexcept {
  std::array<std::uint64_t, buckets> counts{};
  std::uint64_t all = 0;
  auto second = second_of(now);
  for (const auto& s : slots_)
    if (s.second > second - static_cast<std::int64_t>(slots)
        && s.second <= second)
      for (std::size_t i = 0; i < buckets; ++i) {
        counts[i] += s.counts[i];
        all += s.counts[i];
      }
  if (all == 0)
    return milliseconds{0};
  auto rank = (all - 1) * 99 / 100;
  std::uint64_t below = 0;
  for (std::size_t i = 0; i < buckets; ++i) {
    below += counts[i];
    if (below > rank)
      return shortest_in(i);
  }
  return shortest_in(buckets - 1);
}

} // namespace assistly
