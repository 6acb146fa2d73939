/// Time that moves only when a test moves it.
#pragma once

#include "model/clock.hpp"

#include <atomic>

namespace assistly::fakes {

class manual_clock final : public clock_source {
public:
  explicit manual_clock(timestamp start) : now_(to_unix_ms(start)) {}

  timestamp now() const noexcept override {
    return from_unix_ms(now_.load());
  }

  void advance(milliseconds by) noexcept {
    now_.fetch_add(by.count());
  }

  void set(timestamp to) noexcept {
    now_.store(to_unix_ms(to));
  }

private:
  std::atomic<std::int64_t> now_;
};

/// A Friday morning; nothing depends on which.
inline constexpr timestamp some_morning = from_unix_ms(1'800'000'000'000);

} // namespace assistly::fakes
