/// Time and chance are passed in, so that every rule about them can be tested
/// on virtual time (DESIGN section 2, rule 6).
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <span>

namespace assistly {

/// Milliseconds since 1970-01-01T00:00:00Z; Meta's own finest unit
/// (CONTRACT 3.4).
using timestamp = std::chrono::sys_time<std::chrono::milliseconds>;
using milliseconds = std::chrono::milliseconds;
using seconds = std::chrono::seconds;
using minutes = std::chrono::minutes;
using hours = std::chrono::hours;
using days = std::chrono::days;

constexpr std::int64_t to_unix_ms(timestamp t) noexcept {
  return t.time_since_epoch().count();
}

constexpr timestamp from_unix_ms(std::int64_t ms) noexcept {
  return timestamp{milliseconds{ms}};
}

/// The one source of "now". Implementations: system time, and a clock that
/// tests move by hand.
class clock_source {
public:
  virtual ~clock_source() = default;
  virtual timestamp now() const noexcept = 0;
};

/// The one source of chance. The real one is cryptographic (crypto/random.hpp);
/// the one in tests repeats from a seed.
class random_source {
public:
  virtual ~random_source() = default;
  virtual void fill(std::span<std::byte> out) noexcept = 0;
};

/// The machine's wall clock.
class system_clock_source final : public clock_source {
public:
  timestamp now() const noexcept override {
    return std::chrono::time_point_cast<milliseconds>(
      std::chrono::system_clock::now());
  }
};

} // namespace assistly
