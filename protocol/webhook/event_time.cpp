#include "protocol/webhook/event_time.hpp"

#include <charconv>
#include <cstdint>

namespace assistly::webhook {

std::optional<timestamp> read_time(std::string_view token) noexcept {
  constexpr std::int64_t seconds_below = 100'000'000'000;
  constexpr std::int64_t latest_ms = seconds_below * 1000;
  if (token.size() >= 2 && token.front() == '"' && token.back() == '"')
    token = token.substr(1, token.size() - 2);
  std::int64_t value = 0;
  const auto* end = token.data() + token.size();
  const auto read = std::from_chars(token.data(), end, value);
  if (read.ec != std::errc{} || read.ptr != end || value <= 0
      || value >= latest_ms)
    return std::nullopt;
  return from_unix_ms(value < seconds_below ? value * 1000 : value);
}

} // namespace assistly::webhook
