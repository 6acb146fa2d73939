/// The five kinds of channel and their names at the outside (INTERFACE section
/// 4).
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

namespace assistly {

enum class channel_kind : std::uint8_t {
  messenger = 1,
  instagram = 2,
  whatsapp = 3,
  page_comments = 4,
  instagram_comments = 5,
};

inline constexpr std::array all_channel_kinds{
  channel_kind::messenger, channel_kind::instagram, channel_kind::whatsapp,
  channel_kind::page_comments, channel_kind::instagram_comments};

std::string_view to_string(channel_kind kind) noexcept;
std::optional<channel_kind> parse_channel_kind(std::string_view name) noexcept;

constexpr bool is_comment_channel(channel_kind kind) noexcept {
  return kind == channel_kind::page_comments
         || kind == channel_kind::instagram_comments;
}

constexpr bool is_instagram_channel(channel_kind kind) noexcept {
  return kind == channel_kind::instagram
         || kind == channel_kind::instagram_comments;
}

/// The direct messages of the same account: where a comment's private reply
/// arrives, and where its echo and receipts come from.
constexpr channel_kind message_channel_of(channel_kind kind) noexcept {
  switch (kind) {
  case channel_kind::page_comments:
    return channel_kind::messenger;
  case channel_kind::instagram_comments:
    return channel_kind::instagram;
  default:
    return kind;
  }
}

/// What the AI may do on a channel.
enum class channel_mode : std::uint8_t {
  off = 0,       ///< Kept for people; the AI is silent.
  draft = 1,     ///< The AI proposes, a person sends.
  automatic = 2, ///< The AI answers.
};

std::string_view to_string(channel_mode mode) noexcept;
std::optional<channel_mode> parse_channel_mode(std::string_view name) noexcept;

} // namespace assistly
