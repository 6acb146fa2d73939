/// How much text a channel takes, in the unit it counts in.
#pragma once

#include "model/channel.hpp"
#include "model/turn.hpp"

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace assistly {

struct text_limit {
  std::size_t most = 0;
  /// True: UTF-8 bytes. False: Unicode code points.
  bool in_bytes = false;
};

/// CONTRACT 9 and 11: Messenger 2000 characters, Instagram 1000 bytes, WhatsApp
/// 4096 characters. Comments: 8000 characters on a Page, 300 on Instagram,
/// which Meta's reference of the comment edges names; a private reply counts as
/// a message of its platform.
text_limit limit_of(channel_kind kind, turn_kind what) noexcept;

std::size_t code_points(std::string_view utf8) noexcept;

/// The text if it fits, else its longest part that ends a sentence, else a
/// word, with "…" where something is missing. Never cuts a code point.
std::string fit(std::string_view utf8, text_limit limit);

/// The whole text as messages that each keep the limit, in order: cut after a
/// sentence, else a word. A text that fits stays as it is. Never cuts a code
/// point; precondition: the limit has room for one.
std::vector<std::string> in_parts(std::string_view utf8, text_limit limit);

/// "300 characters".
std::string to_string(text_limit limit);

} // namespace assistly
