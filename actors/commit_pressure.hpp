/// How slow storage is, told by the writer and asked by everybody.
#pragma once

#include "model/shedding.hpp"

#include <atomic>
#include <cstdint>

namespace assistly::actors {

class commit_pressure {
public:
  /// On the writer's thread, around each commit.
  void begin(timestamp now) noexcept {
    began_.store(to_unix_ms(now), std::memory_order_relaxed);
  }

  void end(milliseconds took, timestamp now) noexcept {
    window_.add(took, now);
    p99_.store(window_.p99(now).count(), std::memory_order_relaxed);
    told_at_.store(to_unix_ms(now), std::memory_order_relaxed);
    began_.store(0, std::memory_order_relaxed);
  }

  /// On any thread. A commit that does not end counts as long as it has taken
  /// so far; what was long ago does not count, for while nothing is accepted
  /// there are no commits to show that storage is well again.
  milliseconds p99(timestamp now) const noexcept {
    auto at = to_unix_ms(now);
    auto began = began_.load(std::memory_order_relaxed);
    milliseconds under_way{began != 0 && at > began ? at - began : 0};
    auto age = at - told_at_.load(std::memory_order_relaxed);
    bool recent = age >= 0 && age < latency_window::length.count();
    milliseconds told{recent ? p99_.load(std::memory_order_relaxed) : 0};
    return under_way > told ? under_way : told;
  }

private:
  /// Of the writer's thread.
  latency_window window_;
  std::atomic<std::int64_t> p99_{0};     ///< milliseconds
  std::atomic<std::int64_t> told_at_{0}; ///< Unix milliseconds
  std::atomic<std::int64_t> began_{0};   ///< Unix milliseconds; 0 = none
};

} // namespace assistly::actors
