#include "config/fault.hpp"

#include <algorithm>
#include <limits>
#include <tuple>

namespace assistly::config {

std::string to_string(const config_fault& fault) {
  std::string out;
  if (fault.line > 0)
    out = "line " + std::to_string(fault.line) + ", column "
          + std::to_string(fault.column) + ": ";
  if (!fault.key.empty())
    out += fault.key + ' ';
  return out + fault.text;
}

void sort_by_position(std::vector<config_fault>& faults) {
  const auto place = [](const config_fault& each) {
    const int line =
      each.line == 0 ? std::numeric_limits<int>::max() : each.line;
    return std::tuple{line, each.column};
  };
  std::stable_sort(faults.begin(), faults.end(),
                   [&](const config_fault& a, const config_fault& b) {
                     return place(a) < place(b);
                   });
}

std::string shown_key(std::string_view key) {
  std::string out;
  for (const char c : key.substr(0, 80))
    out += c >= 0x20 && c < 0x7f ? c : '?';
  return key.size() > 80 ? out + "..." : out;
}

} // namespace assistly::config
