#include "protocol/graph/shown_json.hpp"

namespace assistly::graph {

namespace json = boost::json;

namespace {

constexpr std::size_t longest_answer = 4UL << 20;

/// `count` digits at the front, which are taken away; nothing if they are none.
std::optional<int> digits(std::string_view& text, std::size_t count) {
  if (text.size() < count)
    return std::nullopt;
  int value = 0;
  for (char c : text.substr(0, count)) {
    if (c < '0' || c > '9')
      return std::nullopt;
    value = value * 10 + (c - '0');
  }
  text.remove_prefix(count);
  return value;
}

bool skip(std::string_view& text, char c) {
  if (text.empty() || text.front() != c)
    return false;
  text.remove_prefix(1);
  return true;
}

std::optional<minutes> parse_offset(std::string_view text) {
  if (text == "Z")
    return minutes{0};
  const bool behind = text.starts_with('-');
  if (!behind && !text.starts_with('+'))
    return std::nullopt;
  text.remove_prefix(1);
  auto h = digits(text, 2);
  skip(text, ':');
  auto m = digits(text, 2);
  if (!h || !m || !text.empty() || *h > 23 || *m > 59)
    return std::nullopt;
  const minutes offset{*h * 60 + *m};
  return behind ? -offset : offset;
}

} // namespace

std::optional<json::object> read_answer(int status, std::string_view body) {
  if (status < 200 || status > 299 || body.size() > longest_answer)
    return std::nullopt;
  json::error_code unreadable;
  auto value = json::parse(body, unreadable);
  auto* object = unreadable ? nullptr : value.if_object();
  if (!object || object->contains("error"))
    return std::nullopt;
  return std::move(*object);
}

const json::object* object_at(const json::object& from, std::string_view key) {
  const auto* value = from.if_contains(key);
  return value ? value->if_object() : nullptr;
}

const json::array* array_at(const json::object& from, std::string_view key) {
  const auto* value = from.if_contains(key);
  return value ? value->if_array() : nullptr;
}

std::string text_at(const json::object& from, std::string_view key) {
  const auto* value = from.if_contains(key);
  if (!value)
    return {};
  if (const auto* text = value->if_string())
    return std::string{*text};
  if (const auto* number = value->if_int64())
    return std::to_string(*number);
  if (const auto* number = value->if_uint64())
    return std::to_string(*number);
  return {};
}

std::optional<timestamp> parse_graph_time(std::string_view text) {
  using namespace std::chrono;
  auto y = digits(text, 4);
  if (!y || !skip(text, '-'))
    return std::nullopt;
  auto mo = digits(text, 2);
  if (!mo || !skip(text, '-'))
    return std::nullopt;
  auto d = digits(text, 2);
  if (!d || !skip(text, 'T'))
    return std::nullopt;
  auto h = digits(text, 2);
  if (!h || !skip(text, ':'))
    return std::nullopt;
  auto mi = digits(text, 2);
  if (!mi || !skip(text, ':'))
    return std::nullopt;
  auto s = digits(text, 2);
  auto offset = parse_offset(text);
  const year_month_day date{year{*y}, month(static_cast<unsigned>(*mo)),
                            day(static_cast<unsigned>(*d))};
  if (!s || !offset || !date.ok() || *h > 23 || *mi > 59 || *s > 60)
    return std::nullopt;
  const auto at = sys_days{date} + std::chrono::hours{*h}
                  + std::chrono::minutes{*mi} + std::chrono::seconds{*s}
                  - *offset;
  return from_unix_ms(
    duration_cast<std::chrono::milliseconds>(at.time_since_epoch()).count());
}

std::optional<std::string> next_cursor(const json::object& list) {
  const auto* paging = object_at(list, "paging");
  if (!paging || text_at(*paging, "next").empty())
    return std::string{};
  const auto* cursors = object_at(*paging, "cursors");
  auto after = cursors ? text_at(*cursors, "after") : std::string{};
  if (after.empty())
    return std::nullopt;
  return after;
}

} // namespace assistly::graph
