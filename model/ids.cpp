#include "model/ids.hpp"

namespace assistly {

uuid first_uuid_of(timestamp t) noexcept {
  uuid id{};
  auto ms = static_cast<std::uint64_t>(to_unix_ms(t));
  for (std::size_t i = 0; i < 6; ++i)
    id.bytes[i] = static_cast<std::byte>(ms >> (40 - 8 * i));
  return id;
}

timestamp made_at(const uuid& id) noexcept {
  std::uint64_t ms = 0;
  for (std::size_t i = 0; i < 6; ++i)
    ms = ms << 8 | std::to_integer<std::uint64_t>(id.bytes[i]);
  return from_unix_ms(static_cast<std::int64_t>(ms));
}

uuid make_uuid(timestamp now, random_source& random) noexcept {
  auto id = first_uuid_of(now);
  random.fill(std::span{id.bytes}.subspan(6));
  id.bytes[6] = (id.bytes[6] & std::byte{0x0f}) | std::byte{0x70};
  id.bytes[8] = (id.bytes[8] & std::byte{0x3f}) | std::byte{0x80};
  return id;
}

std::string to_string(const uuid& id) {
  static constexpr char digits[] = "0123456789abcdef";
  std::string text;
  text.reserve(36);
  for (std::size_t i = 0; i < 16; ++i) {
    if (i == 4 || i == 6 || i == 8 || i == 10)
      text += '-';
    auto byte = std::to_integer<unsigned>(id.bytes[i]);
    text += digits[byte >> 4];
    text += digits[byte & 15];
  }
  return text;
}

namespace {

int digit(char c) noexcept {
  if (c >= '0' && c <= '9')
    return c - '0';
  if (c >= 'a' && c <= 'f')
    return c - 'a' + 10;
  if (c >= 'A' && c <= 'F')
    return c - 'A' + 10;
  return -1;
}

} // namespace

std::optional<uuid> parse_uuid(std::string_view text) noexcept {
  if (text.size() != 36)
    return std::nullopt;
  uuid id;
  std::size_t at = 0;
  for (std::size_t i = 0; i < 16; ++i) {
    if (i == 4 || i == 6 || i == 8 || i == 10)
      if (text[at++] != '-')
        return std::nullopt;
    int high = digit(text[at]);
    int low = digit(text[at + 1]);
    if (high < 0 || low < 0)
      return std::nullopt;
    id.bytes[i] = static_cast<std::byte>(high << 4 | low);
    at += 2;
  }
  return id;
}

} // namespace assistly
