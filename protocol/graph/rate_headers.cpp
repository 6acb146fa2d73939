#include "protocol/graph/rate_headers.hpp"

#include <boost/json.hpp>

#include <algorithm>
#include <cmath>
#include <string_view>

namespace assistly::graph {

namespace json = boost::json;

namespace {

constexpr std::size_t most_accounts = 32;
constexpr std::size_t longest_header = 16UL * 1024;

char lower(char c) noexcept {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

bool is_name(std::string_view given, std::string_view lower_case) noexcept {
  return std::ranges::equal(given, lower_case, {}, lower);
}

json::object parse_header(std::string_view text) {
  if (text.size() > longest_header)
    return {};
  json::error_code error;
  auto value = json::parse(text, error);
  const auto* object = error ? nullptr : value.if_object();
  return object == nullptr ? json::object{} : *object;
}

/// Rounded up; anything but a sensible number is 0.
int number_at(const json::object& from, std::string_view key) {
  const auto* value = from.if_contains(key);
  if (value == nullptr || !value->is_number())
    return 0;
  constexpr double most = 1'000'000;
  const auto number = value->to_number<double>();
  return number > 0 ? static_cast<int>(std::ceil(std::min(number, most))) : 0;
}

int percent_of(const json::object& usage) {
  return std::max({number_at(usage, "call_count"),
                   number_at(usage, "total_time"),
                   number_at(usage, "total_cputime")});
}

void read_accounts(const json::object& all, std::vector<account_usage>& out) {
  for (const auto& [id, list] : all) {
    const auto* items = list.if_array();
    if (items == nullptr)
      continue;
    for (const auto& item : *items) {
      const auto* usage = item.if_object();
      if (usage == nullptr || out.size() == most_accounts)
        continue;
      const auto* type = usage->if_contains("type");
      const auto* name = type == nullptr ? nullptr : type->if_string();
      out.push_back(
        {std::string{id}, name == nullptr ? std::string{} : std::string{*name},
         percent_of(*usage),
         minutes{number_at(*usage, "estimated_time_to_regain_access")}});
    }
  }
}

} // namespace

int rate_usage::highest_percent() const noexcept {
  int highest = std::max(app_percent, page_percent);
  for (const auto& account : accounts)
    highest = std::max(highest, account.percent);
  return highest;
}

minutes rate_usage::longest_wait() const noexcept {
  minutes longest{0};
  for (const auto& account : accounts)
    longest = std::max(longest, account.regain_access);
  return longest;
}

rate_usage read_rate_headers(header_fields headers) {
  rate_usage usage;
  for (const auto& [name, value] : headers) {
    if (is_name(name, "x-app-usage"))
      usage.app_percent =
        std::max(usage.app_percent, percent_of(parse_header(value)));
    else if (is_name(name, "x-page-usage"))
      usage.page_percent =
        std::max(usage.page_percent, percent_of(parse_header(value)));
    else if (is_name(name, "x-business-use-case-usage"))
      read_accounts(parse_header(value), usage.accounts);
  }
  return usage;
}

} // namespace assistly::graph
