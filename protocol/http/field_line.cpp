#include "protocol/http/field_line.hpp"

#include <algorithm>
#include <array>

namespace assistly::http {

namespace {

constexpr bool is_alphanumeric(char c) noexcept {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z')
         || (c >= 'A' && c <= 'Z');
}

constexpr std::array<bool, 256> make_token_table() {
  std::array<bool, 256> table{};
  for (int c = 0; c < 128; ++c)
    table[static_cast<std::size_t>(c)] = is_alphanumeric(static_cast<char>(c));
  for (const char c : {'!', '#', '$', '%', '&', '\'', '*', '+', '-', '.', '^',
                       '_', '`', '|', '~'})
    table[static_cast<unsigned char>(c)] = true;
  return table;
}

constexpr auto token_table = make_token_table();

constexpr bool is_control(char c) noexcept {
  return static_cast<unsigned char>(c) < 0x20 || c == 0x7f;
}

constexpr bool is_blank(char c) noexcept {
  return c == ' ' || c == '\t';
}

} // namespace

bool is_token_character(char c) noexcept {
  return token_table[static_cast<unsigned char>(c)];
}

bool is_token(std::string_view text) noexcept {
  return !text.empty()
         && std::all_of(text.begin(), text.end(), is_token_character);
}

verdict strip_line_ending(std::string_view& line) noexcept {
  if (line.empty() || line.back() != '\r')
    return verdict::bare_line_feed;
  line.remove_suffix(1);
  return line.find('\r') == std::string_view::npos
           ? verdict::accepted
           : verdict::bare_carriage_return;
}

verdict split_field_line(std::string_view line, field_line& out) noexcept {
  if (!line.empty() && is_blank(line.front()))
    return verdict::obs_fold;
  std::size_t colon = 0;
  while (colon < line.size() && is_token_character(line[colon]))
    ++colon;
  if (colon == line.size())
    return verdict::bad_field_name;
  if (line[colon] != ':') {
    if (is_control(line[colon]) && line[colon] != '\t')
      return verdict::control_character;
    // Anything but blanks up to the colon makes it a bad name all the same.
    const auto next = line.find_first_not_of(" \t", colon);
    return next != colon && next != std::string_view::npos && line[next] == ':'
             ? verdict::space_before_colon
             : verdict::bad_field_name;
  }
  if (colon == 0)
    return verdict::bad_field_name;
  out.name = line.substr(0, colon);
  auto value = line.substr(colon + 1);
  // No early exit: without one the loop becomes SIMD.
  bool controls = false;
  for (const char c : value)
    controls |= is_control(c) && c != '\t';
  if (controls)
    return verdict::control_character;
  while (!value.empty() && is_blank(value.front()))
    value.remove_prefix(1);
  while (!value.empty() && is_blank(value.back()))
    value.remove_suffix(1);
  out.value = value;
  return verdict::accepted;
}

bool is_host(std::string_view text) noexcept {
  std::string_view port;
  if (text.starts_with('[')) {
    const auto end = text.find(']');
    if (end == std::string_view::npos || end < 3)
      return false;
    const auto address = text.substr(1, end - 1);
    if (address.find_first_not_of("0123456789abcdefABCDEF:.")
        != std::string_view::npos)
      return false;
    port = text.substr(end + 1);
  } else {
    const auto end = std::min(text.find(':'), text.size());
    const auto name = text.substr(0, end);
    if (name.empty() || !std::all_of(name.begin(), name.end(), [](char c) {
          return is_alphanumeric(c) || c == '.' || c == '-' || c == '_'
                 || c == '~';
        }))
      return false;
    port = text.substr(end);
  }
  if (port.empty())
    return true;
  return port.front() == ':' && port.size() >= 2 && port.size() <= 6
         && port.find_first_not_of("0123456789", 1) == std::string_view::npos;
}

} // namespace assistly::http
