#include "sandbox/message_ids.hpp"

#include "crypto/encoding.hpp"

#include <array>

namespace assistly::sandbox {

std::string message_ids::text(std::size_t bytes) {
  std::array<std::byte, 48> drawn{};
  const auto part = std::span{drawn}.first(bytes);
  random_.fill(part);
  return crypto::to_base64url(part);
}

std::string message_ids::digits(std::string_view prefix, std::size_t length) {
  std::array<std::byte, 20> drawn{};
  random_.fill(drawn);
  std::string out{prefix};
  for (std::size_t i = 0; out.size() < length; ++i)
    out += static_cast<char>('0' + std::to_integer<unsigned>(drawn[i]) % 10);
  return out;
}

std::string message_ids::messenger() {
  return "m_" + text(30);
}

std::string message_ids::instagram() {
  return "aWdfZAG1faXRlbTox" + text(36);
}

std::string message_ids::whatsapp() {
  std::array<std::byte, 28> drawn{};
  random_.fill(drawn);
  return "wamid." + crypto::to_base64(drawn);
}

std::string message_ids::page_comment(std::string_view post_id) {
  const auto mark = post_id.find('_');
  const auto part =
    mark == std::string_view::npos ? post_id : post_id.substr(mark + 1);
  return std::string{part} + '_' + digits("5", 18);
}

std::string message_ids::instagram_comment() {
  return digits("178", 20);
}

std::string message_ids::trace() {
  return "A" + text(12);
}

} // namespace assistly::sandbox
