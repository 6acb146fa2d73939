/// How long acknowledgements took, in a fixed amount of memory.
#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <cstdint>

namespace assistly::commands {

/// Counts by microseconds: exact below 128, then 64 steps for each doubling, so
/// that a quantile is at most 1.6 % too high. Up to 2^40 us.
class ack_times {
public:
  void add(std::int64_t microseconds) noexcept {
    const auto us = static_cast<std::uint64_t>(
      std::clamp<std::int64_t>(microseconds, 0, (std::int64_t{1} << 40) - 1));
    ++counts_[slot_of(us)];
    ++count_;
    longest_ = std::max(longest_, us);
  }

  std::uint64_t count() const noexcept {
    return count_;
  }

  double longest_ms() const noexcept {
    return static_cast<double>(longest_) / 1000;
  }

  /// The time that the share `q` (0..1) did not exceed; 0 if there is none.
  double quantile_ms(double q) const noexcept {
    const auto wanted = std::max<std::uint64_t>(
      1,
      static_cast<std::uint64_t>(std::ceil(q * static_cast<double>(count_))));
    std::uint64_t seen = 0;
    for (std::size_t slot = 0; slot < counts_.size(); ++slot) {
      seen += counts_[slot];
      if (seen >= wanted)
        return static_cast<double>(std::min(highest_of(slot), longest_)) / 1000;
    }
    return 0;
  }

private:
  static constexpr std::size_t steps = 64;

  static std::size_t slot_of(std::uint64_t us) noexcept {
    if (us < 2 * steps)
      return us;
    const auto shift = static_cast<std::size_t>(std::bit_width(us)) - 7;
    return shift * steps + (us >> shift);
  }

  static std::uint64_t highest_of(std::size_t slot) noexcept {
    if (slot < 2 * steps)
      return slot;
    const auto shift = slot / steps - 1;
    return ((slot - shift * steps + 1) << shift) - 1;
  }

  std::array<std::uint64_t, steps * 36> counts_{};
  std::uint64_t count_ = 0;
  std::uint64_t longest_ = 0;
};

} // namespace assistly::commands
