#include "protocol/http/response_text.hpp"

#include "protocol/http/field_line.hpp"

#include <algorithm>
#include <array>
#include <charconv>

namespace assistly::http {

namespace {

constexpr std::array<std::string_view, 4> ours{"content-length", "connection",
                                               "date", "transfer-encoding"};

bool is_ours(std::string_view name) noexcept {
  return std::any_of(ours.begin(), ours.end(), [&](auto known) {
    return equals_ignoring_case(name, known);
  });
}

bool is_value(std::string_view text) noexcept {
  return std::none_of(text.begin(), text.end(), [](char c) {
    return (static_cast<unsigned char>(c) < 0x20 && c != '\t') || c == 0x7f;
  });
}

bool can_be_written(const response& what) noexcept {
  return what.status >= 200 && what.status <= 599 && is_value(what.content_type)
         && std::all_of(what.headers.begin(), what.headers.end(),
                        [](const auto& h) {
                          return is_token(h.first) && is_value(h.second);
                        });
}

void append_number(std::string& out, std::size_t n) {
  std::array<char, 20> digits{};
  const auto [end, error] =
    std::to_chars(digits.data(), digits.data() + digits.size(), n);
  if (error == std::errc{})
    out.append(digits.data(), end);
}

void append_two(std::string& out, unsigned n) {
  out += static_cast<char>('0' + n / 10);
  out += static_cast<char>('0' + n % 10);
}

} // namespace

std::string http_date(timestamp t) {
  constexpr std::string_view days_of_week = "SunMonTueWedThuFriSat";
  constexpr std::string_view months = "JanFebMarAprMayJunJulAugSepOctNovDec";
  const auto day = std::chrono::floor<std::chrono::days>(t);
  const std::chrono::year_month_day date{day};
  const std::chrono::hh_mm_ss time{std::chrono::floor<seconds>(t - day)};
  std::string out;
  out.append(
    days_of_week.substr(std::chrono::weekday{day}.c_encoding() * 3U, 3));
  out += ", ";
  append_two(out, static_cast<unsigned>(date.day()));
  out += ' ';
  out.append(months.substr((static_cast<unsigned>(date.month()) - 1) * 3U, 3));
  out += ' ';
  out += std::to_string(static_cast<int>(date.year()));
  out += ' ';
  append_two(out, static_cast<unsigned>(time.hours().count()));
  out += ':';
  append_two(out, static_cast<unsigned>(time.minutes().count()));
  out += ':';
  append_two(out, static_cast<unsigned>(time.seconds().count()));
  out += " GMT";
  return out;
}

void append_response(std::string& out, const response& what, answer_form form,
                     std::string_view date) {
  if (!can_be_written(what)) {
    append_response(out, response::problem(500, reason_phrase(500)), form,
                    date);
    return;
  }
  // RFC 9110 sections 15.3.5 and 15.4.5: these two have no content.
  const bool has_content = what.status != 204 && what.status != 304;
  out += "HTTP/1.1 ";
  append_number(out, static_cast<std::size_t>(what.status));
  out += ' ';
  out += reason_phrase(what.status);
  out += "\r\n";
  if (has_content) {
    out += "Content-Length: ";
    append_number(out, what.body.size());
    out += "\r\n";
    if (!what.content_type.empty())
      out.append("Content-Type: ").append(what.content_type).append("\r\n");
  }
  for (const auto& [name, value] : what.headers)
    if (!is_ours(name))
      out.append(name).append(": ").append(value).append("\r\n");
  if (form.close)
    out += "Connection: close\r\n";
  else if (form.http_1_0)
    out += "Connection: keep-alive\r\n";
  out.append("Date: ").append(date).append("\r\n\r\n");
  if (has_content && !form.head)
    out += what.body;
}

} // namespace assistly::http
