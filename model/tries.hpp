/// How often an accepted event is tried, and what becomes of one that nobody
/// can work off (RELIABILITY section 3, poison message; decision 11).
#pragma once

#include "model/clock.hpp"

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace assistly {

/// Why an event is a dead letter.
enum class dead_reason : std::uint8_t {
  unreadable = 1, ///< It does not open, or is no event.
  failed = 2,     ///< Taking it in was refused at every try.
  died = 3,       ///< Whoever took it in died, at every try.
};

std::string_view to_string(dead_reason reason) noexcept;

/// Tries of one event; then it is a dead letter.
inline constexpr std::int32_t most_event_tries = 5;

/// After so many tries: 4 s, 8 s, 16 s … capped at 5 min.
milliseconds try_again_after(std::int32_t tries) noexcept;

/// How many events may be tried at once that were tried so often before. A
/// process that dies says nothing about which of them it was; so what was there
/// when it died is tried in smaller parts, and in the end one by one, where the
/// next death can only be its own.
std::size_t tried_together(std::int32_t tries, std::size_t page) noexcept;

} // namespace assistly
