/// What is not done while storage is slow: in a fixed order, the inbox last
/// (RELIABILITY section 3, back-pressure and load shedding).
#pragma once

#include "model/clock.hpp"

#include <array>
#include <cstdint>

namespace assistly {

/// In the order in which they are shed.
enum class shed_work : std::uint8_t {
  read,   ///< What people and programs only look at.
  answer, ///< The making of answers; they stay owed.
  send,   ///< Claims; what is queued stays queued.
  inbox,  ///< Webhooks; Meta comes again.
};

/// Commits that take longer than this, at the 99th percentile, shed the work.
milliseconds shed_above(shed_work what) noexcept;

/// `commit_p99` as `latency_window` gives it, or the age of a commit under way.
bool is_shed(shed_work what, milliseconds commit_p99) noexcept;

/// Times of the last ten seconds, coarsely: of 100, one took at least as long
/// as what it tells, which is at most a fifth too little. Used by one thread.
class latency_window {
public:
  static constexpr milliseconds length = seconds{10};

  void add(milliseconds took, timestamp now) noexcept;

  /// Zero if there are none. A single long one among several does not count.
  milliseconds p99(timestamp now) const noexcept;

private:
  static constexpr std::size_t slots = 10;
  /// One for each millisecond up to 8, then four for each doubling up to 65 s.
  static constexpr std::size_t buckets = 60;

  struct slot {
    std::int64_t second = -1;
    std::array<std::uint32_t, buckets> counts{};
  };

  std::array<slot, slots> slots_{};
};

} // namespace assistly
