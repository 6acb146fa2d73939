/// When a destination that answers nobody is left alone (RELIABILITY section
/// 3.1, section 5).
///
///   closed --(so many outages in a row)--> open --(its time is over)-->
///   half open --(a call was answered)--> closed
///   half open --(an outage)--> open, for twice as long
#pragma once

#include "model/clock.hpp"

#include <cstddef>
#include <cstdint>

namespace assistly {

enum class breaker_state : std::uint8_t { closed, open, half_open };

struct breaker {
  breaker_state state = breaker_state::closed;
  /// Outages since the last answer.
  std::int32_t outages = 0;
  /// Openings since the last answer.
  std::int32_t openings = 0;
  timestamp open_until{};
};

/// How a call ended, for the destination as a whole: what it says about one
/// message is an answer like any other.
enum class call_end : std::uint8_t {
  answered,
  outage, ///< No connection, no answer in time, or none that says anything.
};

inline constexpr std::int32_t outages_to_open = 5;
inline constexpr milliseconds first_opening = seconds{5};
inline constexpr milliseconds longest_opening = minutes{2};

/// The state at `now`: an opening ends by itself.
breaker at_time(breaker b, timestamp now) noexcept;

/// The state after a call. An answer closes it whenever it comes; a call that
/// began before an opening says nothing new.
breaker after_call(breaker b, call_end how, timestamp now,
                   std::int32_t to_open = outages_to_open) noexcept;

/// How many calls may be under way at once, of `most`: all, one, or none.
std::size_t calls_allowed(const breaker& b, std::size_t most) noexcept;

} // namespace assistly
