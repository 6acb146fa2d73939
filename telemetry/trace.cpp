#include "telemetry/trace.hpp"

#include <array>
#include <charconv>
#include <cstddef>

namespace assistly::telemetry {

trace_id make_trace_id(random_source& random) noexcept {
  std::array<std::byte, 8> bytes{};
  random.fill(bytes);
  std::uint64_t value = 0;
  for (const std::byte each : bytes)
    value = value << 8 | std::to_integer<std::uint64_t>(each);
  // One draw in 2^64 is 0, and in a test every one may be.
  return {value == 0 ? 1 : value};
}

std::string to_string(trace_id id) {
  constexpr std::string_view digits = "0123456789abcdef";
  std::string out(16, '0');
  for (auto at = out.rbegin(); at != out.rend(); ++at) {
    *at = digits[id.value & 0xf];
    id.value >>= 4;
  }
  return out;
}

std::optional<trace_id> parse_trace_id(std::string_view text) noexcept {
  if (text.size() != 16
      || text.find_first_not_of("0123456789abcdef") != std::string_view::npos)
    return std::nullopt;
  trace_id id;
  std::from_chars(text.data(), text.data() + text.size(), id.value, 16);
  return id;
}

} // namespace assistly::telemetry
