#include "sandbox/utf8.hpp"

namespace assistly::sandbox {

std::optional<char32_t> next_code_point(std::string_view text,
                                        std::size_t& at) noexcept {
  const auto byte = [&](std::size_t i) {
    return static_cast<unsigned char>(text[i]);
  };
  const unsigned lead = byte(at);
  if (lead < 0x80) {
    ++at;
    return static_cast<char32_t>(lead);
  }
  std::size_t more = 0;
  char32_t value = 0;
  char32_t least = 0;
  if (lead >= 0xc2 && lead <= 0xdf) {
    more = 1;
    value = lead & 0x1f;
    least = 0x80;
  } else if (lead >= 0xe0 && lead <= 0xef) {
    more = 2;
    value = lead & 0x0f;
    least = 0x800;
  } else if (lead >= 0xf0 && lead <= 0xf4) {
    more = 3;
    value = lead & 0x07;
    least = 0x10000;
  } else {
    return std::nullopt;
  }
  if (text.size() - at <= more)
    return std::nullopt;
  for (std::size_t i = 1; i <= more; ++i) {
    if ((byte(at + i) & 0xc0) != 0x80)
      return std::nullopt;
    value = value << 6 | (byte(at + i) & 0x3fU);
  }
  if (value < least || value > 0x10ffff || (value >= 0xd800 && value <= 0xdfff))
    return std::nullopt;
  at += more + 1;
  return value;
}

bool is_utf8(std::string_view text) noexcept {
  for (std::size_t at = 0; at < text.size();) {
    if (static_cast<unsigned char>(text[at]) < 0x80)
      ++at;
    else if (!next_code_point(text, at))
      return false;
  }
  return true;
}

std::size_t count_code_points(std::string_view text) noexcept {
  std::size_t count = 0;
  for (const char c : text)
    count += (static_cast<unsigned char>(c) & 0xc0) != 0x80;
  return count;
}

void append_utf8(std::string& out, char32_t c) {
  const auto put = [&](char32_t value) { out += static_cast<char>(value); };
  if (c < 0x80) {
    put(c);
  } else if (c < 0x800) {
    put(0xc0 | c >> 6);
    put(0x80 | (c & 0x3f));
  } else if (c < 0x10000) {
    put(0xe0 | c >> 12);
    put(0x80 | (c >> 6 & 0x3f));
    put(0x80 | (c & 0x3f));
  } else {
    put(0xf0 | c >> 18);
    put(0x80 | (c >> 12 & 0x3f));
    put(0x80 | (c >> 6 & 0x3f));
    put(0x80 | (c & 0x3f));
  }
}

} // namespace assistly::sandbox
