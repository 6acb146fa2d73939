#include "crypto/encoding.hpp"

#include <algorithm>
#include <array>

namespace assistly::crypto {
namespace {

constexpr std::string_view hex_digits = "0123456789abcdef";
constexpr std::string_view plain_digits =
  "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
constexpr std::string_view url_digits =
  "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

constexpr std::uint8_t no_digit = 0xff;

using digit_values = std::array<std::uint8_t, 256>;

constexpr digit_values values_of(std::string_view digits) {
  digit_values values{};
  values.fill(no_digit);
  for (std::size_t i = 0; i < digits.size(); ++i)
    values[static_cast<unsigned char>(digits[i])] =
      static_cast<std::uint8_t>(i);
  return values;
}

constexpr digit_values hex_values = values_of(hex_digits);
constexpr digit_values plain_values = values_of(plain_digits);
constexpr digit_values url_values = values_of(url_digits);

std::uint32_t value(const digit_values& values, char c) noexcept {
  return values[static_cast<unsigned char>(c)];
}

std::string encode_64(std::span<const std::byte> bytes, std::string_view digits,
                      bool padded) {
  std::string text;
  text.reserve((bytes.size() + 2) / 3 * 4);
  for (std::size_t i = 0; i < bytes.size(); i += 3) {
    auto count = std::min<std::size_t>(3, bytes.size() - i);
    std::uint32_t group = 0;
    for (std::size_t k = 0; k < 3; ++k)
      group = group << 8
              | (k < count ? std::to_integer<std::uint32_t>(bytes[i + k]) : 0);
    for (std::size_t k = 0; k < 4; ++k) {
      if (k <= count)
        text += digits[group >> (18 - 6 * k) & 63];
      else if (padded)
        text += '=';
    }
  }
  return text;
}

/// `text` without padding.
std::optional<std::string> decode_64(std::string_view text,
                                     const digit_values& values) {
  if (text.size() % 4 == 1)
    return std::nullopt;
  std::string bytes;
  bytes.reserve(text.size() * 3 / 4);
  std::uint32_t held = 0;
  unsigned bits = 0;
  for (char c : text) {
    auto digit = value(values, c);
    if (digit == no_digit)
      return std::nullopt;
    held = (held << 6 | digit) & 0xfff;
    bits += 6;
    if (bits >= 8) {
      bits -= 8;
      bytes += static_cast<char>(held >> bits & 0xff);
    }
  }
  if ((held & ((1U << bits) - 1)) != 0)
    return std::nullopt;
  return bytes;
}

} // namespace

std::string to_hex(std::span<const std::byte> bytes) {
  std::string text;
  text.reserve(bytes.size() * 2);
  for (auto b : bytes) {
    auto v = std::to_integer<unsigned>(b);
    text += hex_digits[v >> 4];
    text += hex_digits[v & 15];
  }
  return text;
}

bool from_hex(std::string_view text, std::span<std::byte> out) noexcept {
  if (text.size() != out.size() * 2)
    return false;
  for (std::size_t i = 0; i < out.size(); ++i) {
    auto high = value(hex_values, text[2 * i]);
    auto low = value(hex_values, text[2 * i + 1]);
    if (high == no_digit || low == no_digit)
      return false;
    out[i] = static_cast<std::byte>(high << 4 | low);
  }
  return true;
}

std::optional<std::string> from_hex(std::string_view text) {
  std::string bytes(text.size() / 2, '\0');
  if (!from_hex(text, std::as_writable_bytes(std::span{bytes})))
    return std::nullopt;
  return bytes;
}

std::string to_base64(std::span<const std::byte> bytes) {
  return encode_64(bytes, plain_digits, true);
}

std::optional<std::string> from_base64(std::string_view text) {
  if (text.size() % 4 != 0)
    return std::nullopt;
  for (int i = 0; i < 2 && text.ends_with('='); ++i)
    text.remove_suffix(1);
  return decode_64(text, plain_values);
}

std::string to_base64url(std::span<const std::byte> bytes) {
  return encode_64(bytes, url_digits, false);
}

std::optional<std::string> from_base64url(std::string_view text) {
  return decode_64(text, url_values);
}

} // namespace assistly::crypto
