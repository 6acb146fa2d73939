#include "sandbox/times.hpp"

#include <array>
#include <cstdio>

namespace assistly::sandbox {

namespace {

std::string written(timestamp t, bool for_graph) {
  const auto day = std::chrono::floor<days>(t);
  const std::chrono::year_month_day date{day};
  const std::chrono::hh_mm_ss clock{t - day};
  std::array<char, 64> out{};
  const auto length = std::snprintf(
    out.data(), out.size(), "%04d-%02u-%02uT%02d:%02d:%02d",
    static_cast<int>(date.year()), static_cast<unsigned>(date.month()),
    static_cast<unsigned>(date.day()), static_cast<int>(clock.hours().count()),
    static_cast<int>(clock.minutes().count()),
    static_cast<int>(clock.seconds().count()));
  std::string text{out.data(), static_cast<std::size_t>(length)};
  if (for_graph)
    return text + "+0000";
  const auto ms = std::to_string(clock.subseconds().count());
  return text + '.' + std::string(3 - ms.size(), '0') + ms + 'Z';
}

} // namespace

std::string rfc3339(timestamp t) {
  return written(t, false);
}

std::string graph_time(timestamp t) {
  return written(t, true);
}

} // namespace assistly::sandbox
