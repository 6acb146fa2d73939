#include "protocol/webhook/json_text.hpp"

#include <cstdint>
#include <optional>

namespace assistly::webhook {

namespace {

constexpr std::string_view replacement = "\xEF\xBF\xBD"; // U+FFFD

void append_code_point(std::uint32_t c, std::string& out) {
  const auto put = [&out](std::uint32_t byte) {
    out.push_back(static_cast<char>(static_cast<unsigned char>(byte)));
  };
  if (c < 0x80) {
    put(c);
  } else if (c < 0x800) {
    put(0xC0 | c >> 6);
    put(0x80 | (c & 0x3F));
  } else if (c < 0x10000) {
    put(0xE0 | c >> 12);
    put(0x80 | (c >> 6 & 0x3F));
    put(0x80 | (c & 0x3F));
  } else {
    put(0xF0 | c >> 18);
    put(0x80 | (c >> 12 & 0x3F));
    put(0x80 | (c >> 6 & 0x3F));
    put(0x80 | (c & 0x3F));
  }
}

/// The four hex digits that `text` starts with.
std::optional<std::uint32_t> hex4(std::string_view text) {
  if (text.size() < 4)
    return std::nullopt;
  std::uint32_t value = 0;
  for (const char c : text.substr(0, 4)) {
    std::uint32_t digit = 0;
    if (c >= '0' && c <= '9')
      digit = static_cast<std::uint32_t>(c - '0');
    else if (c >= 'a' && c <= 'f')
      digit = static_cast<std::uint32_t>(c - 'a') + 10;
    else if (c >= 'A' && c <= 'F')
      digit = static_cast<std::uint32_t>(c - 'A') + 10;
    else
      return std::nullopt;
    value = value << 4 | digit;
  }
  return value;
}

/// Reads what follows `\u`; moves `rest` behind it, and behind a second escape
/// when the two are a surrogate pair.
bool append_unicode(std::string_view& rest, std::string& out) {
  const auto first = hex4(rest);
  if (!first)
    return false;
  rest.remove_prefix(4);
  if (*first == 0)
    return true;
  if (*first < 0xD800 || *first > 0xDFFF) {
    append_code_point(*first, out);
    return true;
  }
  if (*first < 0xDC00 && rest.starts_with("\\u")) {
    const auto second = hex4(rest.substr(2));
    if (second && *second >= 0xDC00 && *second <= 0xDFFF) {
      rest.remove_prefix(6);
      append_code_point(
        0x10000 + ((*first - 0xD800) << 10) + (*second - 0xDC00), out);
      return true;
    }
  }
  out += replacement;
  return true;
}

/// Length of the well-formed sequence at the start of `bytes`, or 0.
std::size_t utf8_length(std::string_view bytes) {
  const auto at = [bytes](std::size_t i) -> unsigned {
    return i < bytes.size() ? static_cast<unsigned char>(bytes[i]) : 0U;
  };
  const auto continues = [&at](std::size_t i) {
    return (at(i) & 0xC0U) == 0x80U;
  };
  const unsigned lead = at(0);
  if (lead < 0x80)
    return 1;
  if (lead >= 0xC2 && lead <= 0xDF)
    return continues(1) ? 2 : 0;
  if (lead >= 0xE0 && lead <= 0xEF) {
    const unsigned low = lead == 0xE0 ? 0xA0 : 0x80;
    const unsigned high = lead == 0xED ? 0x9F : 0xBF;
    return at(1) >= low && at(1) <= high && continues(2) ? 3 : 0;
  }
  if (lead >= 0xF0 && lead <= 0xF4) {
    const unsigned low = lead == 0xF0 ? 0x90 : 0x80;
    const unsigned high = lead == 0xF4 ? 0x8F : 0xBF;
    return at(1) >= low && at(1) <= high && continues(2) && continues(3) ? 4
                                                                         : 0;
  }
  return 0;
}

} // namespace

bool append_unescaped(std::string_view inside, std::string& out) {
  while (true) {
    const auto escape = inside.find('\\');
    out += inside.substr(0, escape);
    if (escape == std::string_view::npos)
      return true;
    if (escape + 1 == inside.size())
      return false;
    const char kind = inside[escape + 1];
    inside.remove_prefix(escape + 2);
    switch (kind) {
    case '"':
    case '\\':
    case '/':
      out.push_back(kind);
      break;
    case 'b':
      out.push_back('\b');
      break;
    case 'f':
      out.push_back('\f');
      break;
    case 'n':
      out.push_back('\n');
      break;
    case 'r':
      out.push_back('\r');
      break;
    case 't':
      out.push_back('\t');
      break;
    case 'u':
      if (!append_unicode(inside, out))
        return false;
      break;
    default:
      return false;
    }
  }
}

std::string with_valid_utf8(std::string_view bytes) {
  std::string out;
  out.reserve(bytes.size() + 64);
  while (!bytes.empty()) {
    const auto length = utf8_length(bytes);
    out += length == 0 ? replacement : bytes.substr(0, length);
    bytes.remove_prefix(length == 0 ? 1 : length);
  }
  return out;
}

} // namespace assistly::webhook
