#include "commands/terminal_text.hpp"

#include <algorithm>

namespace assistly::commands {

namespace {

constexpr std::string_view shown_instead = "\xef\xbf\xbd"; // U+FFFD

bool is_between(std::string_view at, std::string_view first,
                std::string_view last) {
  auto one = at.substr(0, first.size());
  return one >= first && one <= last;
}

/// Bytes of the character at the start that must not be shown; 0 if it may.
std::size_t unwanted(std::string_view at) {
  auto byte = static_cast<unsigned char>(at.front());
  if (byte < 0x20 || byte == 0x7f)
    return 1;
  if (is_between(at, "\xc2\x80", "\xc2\x9f")     // C1
      || is_between(at, "\xd8\x9c", "\xd8\x9c")) // Arabic letter mark
    return 2;
  if (is_between(at, "\xe2\x80\x8e", "\xe2\x80\x8f")     // U+200E, U+200F
      || is_between(at, "\xe2\x80\xa8", "\xe2\x80\xae")  // U+2028 to U+202E
      || is_between(at, "\xe2\x81\xa6", "\xe2\x81\xa9")) // U+2066 to U+2069
    return 3;
  return 0;
}

} // namespace

std::string for_terminal(std::string_view text, std::string_view indent) {
  std::string out;
  out.reserve(text.size());
  while (!text.empty()) {
    auto length = unwanted(text);
    if (text.front() == '\n') {
      out += indent.empty() ? " " : "\n";
      out += indent;
    } else if (length > 0) {
      out += shown_instead;
    } else {
      out += text.front();
    }
    text.remove_prefix(std::max<std::size_t>(length, 1));
  }
  return out;
}

} // namespace assistly::commands
