#include "telemetry/log_line.hpp"

#include <array>
#include <charconv>
#include <chrono>
#include <cmath>
#include <cstdio>

namespace assistly::telemetry {

namespace {

constexpr std::array redacted_parts{
  std::string_view{"token"},      std::string_view{"secret"},
  std::string_view{"password"},   std::string_view{"passphrase"},
  std::string_view{"passwd"},     std::string_view{"authorization"},
  std::string_view{"credential"}, std::string_view{"cookie"}};

// Only as whole words: "monkey", "context" and "messages" are harmless.
constexpr std::array redacted_words{
  std::string_view{"key"},     std::string_view{"keys"},
  std::string_view{"text"},    std::string_view{"body"},
  std::string_view{"content"}, std::string_view{"message"},
  std::string_view{"email"},   std::string_view{"phone"},
  std::string_view{"psid"},    std::string_view{"igsid"},
  std::string_view{"bsuid"},   std::string_view{"wamid"}};

constexpr std::array unit_words{
  std::string_view{"bytes"}, std::string_view{"count"},
  std::string_view{"seconds"}, std::string_view{"milliseconds"}};

constexpr std::string_view redaction = "[redacted]";

template <class List>
bool holds(const List& list, std::string_view word) noexcept {
  for (const std::string_view known : list)
    if (known == word)
      return true;
  return false;
}

void append_hex(std::string& out, const char* prefix, unsigned value,
                int digits) {
  std::array<char, 16> buffer{};
  std::snprintf(buffer.data(), buffer.size(), "%s%0*x", prefix, digits, value);
  out += buffer.data();
}

/// The bytes of the UTF-8 sequence at `at`, 0 if it is broken (RFC 3629).
std::size_t sequence_length(std::string_view text, std::size_t at,
                            char32_t& point) noexcept {
  const auto byte = [&](std::size_t i) {
    return static_cast<unsigned char>(text[at + i]);
  };
  const unsigned lead = byte(0);
  if (lead < 0x80) {
    point = lead;
    return 1;
  }
  const std::size_t length = lead >= 0xf0   ? 4
                             : lead >= 0xe0 ? 3
                             : lead >= 0xc2 ? 2
                                            : 0;
  if (length == 0 || lead > 0xf4 || at + length > text.size())
    return 0;
  point = lead & (0x7fU >> length);
  for (std::size_t i = 1; i < length; ++i) {
    if ((byte(i) & 0xc0U) != 0x80U)
      return 0;
    point = point << 6 | (byte(i) & 0x3fU);
  }
  const bool overlong =
    (length == 3 && point < 0x800) || (length == 4 && point < 0x10000);
  if (overlong || point > 0x10ffff || (point >= 0xd800 && point <= 0xdfff))
    return 0;
  return length;
}

/// Characters that move the cursor, end a line or turn the writing direction,
/// and could so forge what a reader sees.
bool is_invisible(char32_t c) noexcept {
  return c < 0x20 || (c >= 0x7f && c < 0xa0) || (c >= 0x200b && c <= 0x200f)
         || (c >= 0x2028 && c <= 0x202e) || (c >= 0x2060 && c <= 0x206f)
         || c == 0xfeff || (c >= 0xe0000 && c <= 0xe007f);
}

std::string visible(std::string_view text, std::size_t at, std::size_t length,
                    char32_t point) {
  std::string out;
  if (length == 0)
    append_hex(out, "\\x", static_cast<unsigned char>(text[at]), 2);
  else if (point == '\n')
    out = "\\n";
  else if (point == '\r')
    out = "\\r";
  else if (point == '\t')
    out = "\\t";
  else if (point == '\\')
    out = "\\\\";
  else if (!is_invisible(point))
    out = text.substr(at, length);
  else if (point < 0x80)
    append_hex(out, "\\x", point, 2);
  else if (point < 0x10000)
    append_hex(out, "\\u", point, 4);
  else
    append_hex(out, "\\U", point, 8);
  return out;
}

std::string number_text(double value) {
  std::array<char, 32> buffer{};
  const auto end =
    std::to_chars(buffer.data(), buffer.data() + buffer.size(), value);
  return {buffer.data(), end.ptr};
}

/// `inner` between double quotes; it holds no control characters any more. In
/// JSON a backslash must be escaped once more.
std::string quoted(std::string_view inner, bool json) {
  std::string out = "\"";
  for (const char c : inner) {
    if (c == '"' || (json && c == '\\'))
      out += '\\';
    out += c;
  }
  return out += '"';
}

bool needs_quotes(std::string_view text) noexcept {
  return text.empty() || text.find_first_of(" \"=") != std::string_view::npos;
}

std::string value_text(const field& what, bool json) {
  const auto& held = what.value.held();
  const auto* text = std::get_if<std::string_view>(&held);
  if (is_redacted(what.name.text(), text == nullptr))
    return json ? quoted(redaction, true) : std::string{redaction};
  if (text != nullptr) {
    const std::string clean = escaped(*text);
    return json || needs_quotes(clean) ? quoted(clean, json) : clean;
  }
  if (const auto* number = std::get_if<std::int64_t>(&held))
    return std::to_string(*number);
  if (const auto* flag = std::get_if<bool>(&held))
    return *flag ? "true" : "false";
  const double real = *std::get_if<double>(&held);
  // JSON knows neither infinity nor "not a number".
  if (!std::isfinite(real))
    return json ? "null" : number_text(real);
  return number_text(real);
}

std::string time_text(timestamp at) {
  const auto day = std::chrono::floor<std::chrono::days>(at);
  const std::chrono::year_month_day date{day};
  const std::chrono::hh_mm_ss clock{at - day};
  std::array<char, 40> buffer{};
  std::snprintf(
    buffer.data(), buffer.size(), "%04d-%02u-%02uT%02d:%02d:%02d.%03dZ",
    static_cast<int>(date.year()), static_cast<unsigned>(date.month()),
    static_cast<unsigned>(date.day()), static_cast<int>(clock.hours().count()),
    static_cast<int>(clock.minutes().count()),
    static_cast<int>(clock.seconds().count()),
    static_cast<int>(clock.subseconds().count()));
  return buffer.data();
}

} // namespace

bool is_redacted(std::string_view field_name, bool is_number) noexcept {
  const std::size_t last = field_name.rfind('_');
  if (is_number && last != std::string_view::npos
      && holds(unit_words, field_name.substr(last + 1)))
    return false;
  for (const std::string_view part : redacted_parts)
    if (field_name.find(part) != std::string_view::npos)
      return true;
  while (!field_name.empty()) {
    const std::size_t end = field_name.find('_');
    if (holds(redacted_words, field_name.substr(0, end)))
      return true;
    if (end == std::string_view::npos)
      break;
    field_name.remove_prefix(end + 1);
  }
  return false;
}

std::string escaped(std::string_view value) {
  constexpr std::string_view cut = "...";
  std::string out;
  std::size_t safe = 0; // How much of `out` leaves room for the mark.
  for (std::size_t at = 0; at < value.size();) {
    char32_t point = 0;
    const std::size_t length = sequence_length(value, at, point);
    const std::string next = visible(value, at, length, point);
    if (out.size() + next.size() > max_field_bytes) {
      out.resize(safe);
      return out += cut;
    }
    out += next;
    if (out.size() + cut.size() <= max_field_bytes)
      safe = out.size();
    at += length == 0 ? 1 : length;
  }
  return out;
}

std::string text_line(timestamp at, level severity, std::string_view event,
                      std::initializer_list<field> fields) {
  std::string out = time_text(at);
  out += ' ';
  const std::string_view name = to_string(severity);
  out += name;
  out.append(8 - name.size(), ' ');
  out += event;
  for (const field& each : fields) {
    out += ' ';
    out += each.name.text();
    out += '=';
    out += value_text(each, false);
  }
  return out;
}

std::string json_line(timestamp at, level severity, std::string_view event,
                      std::initializer_list<field> fields) {
  std::string out = R"({"time":")" + time_text(at) + R"(","level":")";
  out += to_string(severity);
  out += R"(","event":")";
  out += event;
  out += '"';
  for (const field& each : fields) {
    out += ",\"";
    out += each.name.text();
    out += "\":";
    out += value_text(each, true);
  }
  return out += '}';
}

} // namespace assistly::telemetry
