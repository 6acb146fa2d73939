#include "model/text_limits.hpp"

#include <algorithm>

namespace assistly {

namespace {

constexpr std::string_view ellipsis = "\u2026";

bool continues(char c) noexcept {
  return (static_cast<unsigned char>(c) & 0xc0) == 0x80;
}

/// Bytes of the longest beginning that keeps within the limit.
std::size_t longest_prefix(std::string_view text, text_limit limit) {
  std::size_t used = 0;
  std::size_t at = 0;
  while (at < text.size()) {
    std::size_t next = at + 1;
    while (next < text.size() && continues(text[next]))
      ++next;
    std::size_t cost = limit.in_bytes ? next - at : 1;
    if (used + cost > limit.most)
      break;
    used += cost;
    at = next;
  }
  return at;
}

/// Bytes up to and including the last mark that ends a sentence; 0 if none does
/// in the second half, since half an answer is worse than a cut word.
std::size_t sentence_end(std::string_view text) {
  static constexpr std::string_view ends[] = {
    ".", "!", "?", "\n", "\u3002", "\uff01", "\uff1f", "\u061f"};
  std::size_t best = 0;
  for (auto mark : ends) {
    auto at = text.rfind(mark);
    while (at != std::string_view::npos) {
      auto after = at + mark.size();
      // "9.30" and "example.com" do not end a sentence.
      bool ascii = mark.size() == 1 && mark != "\n";
      if (!ascii || after == text.size() || text[after] == ' '
          || text[after] == '\n') {
        best = std::max(best, after);
        break;
      }
      if (at == 0)
        break;
      at = text.rfind(mark, at - 1);
    }
  }
  return best * 2 >= text.size() ? best : 0;
}

/// Bytes before the last space of the second half, or all if there is none.
std::size_t word_end(std::string_view text) {
  auto space = text.find_last_of(" \n");
  return space != std::string_view::npos && space * 2 >= text.size()
           ? space
           : text.size();
}

std::string_view without_space_around(std::string_view text) {
  auto first = text.find_first_not_of(" \r\n");
  if (first == std::string_view::npos)
    return {};
  return text.substr(first, text.find_last_not_of(" \r\n") - first + 1);
}

} // namespace

text_limit limit_of(channel_kind kind, turn_kind what) noexcept {
  bool direct = what != turn_kind::public_reply;
  switch (kind) {
  case channel_kind::messenger:
    return {2000, false};
  case channel_kind::whatsapp:
    return {4096, false};
  case channel_kind::instagram:
    return {1000, true};
  case channel_kind::page_comments:
    return direct ? text_limit{2000, false} : text_limit{8000, false};
  case channel_kind::instagram_comments:
    return direct ? text_limit{1000, true} : text_limit{300, false};
  }
  return {300, false};
}

std::size_t code_points(std::string_view utf8) noexcept {
  std::size_t count = 0;
  for (char c : utf8)
    count += !continues(c);
  return count;
}

std::string fit(std::string_view utf8, text_limit limit) {
  if (longest_prefix(utf8, limit) == utf8.size())
    return std::string{utf8};
  // The limit leaves room for the mark that says something is missing.
  text_limit room = limit;
  std::size_t mark = limit.in_bytes ? ellipsis.size() : 1;
  if (room.most <= mark)
    return std::string{utf8.substr(0, longest_prefix(utf8, limit))};
  room.most -= mark;
  auto head = utf8.substr(0, longest_prefix(utf8, room));
  if (auto end = sentence_end(head); end != 0) {
    auto text = head.substr(0, end);
    while (!text.empty() && (text.back() == '\n' || text.back() == ' '))
      text.remove_suffix(1);
    return std::string{text};
  }
  return std::string{head.substr(0, word_end(head))} + std::string{ellipsis};
}

std::vector<std::string> in_parts(std::string_view utf8, text_limit limit) {
  if (longest_prefix(utf8, limit) == utf8.size())
    return {std::string{utf8}};
  std::vector<std::string> parts;
  auto rest = without_space_around(utf8);
  while (!rest.empty()) {
    auto head = rest.substr(0, longest_prefix(rest, limit));
    if (head.size() < rest.size()) {
      auto end = sentence_end(head);
      head = head.substr(0, end != 0 ? end : word_end(head));
    }
    parts.emplace_back(without_space_around(head));
    rest = without_space_around(rest.substr(head.size()));
  }
  return parts;
}

std::string to_string(text_limit limit) {
  return std::to_string(limit.most)
         + (limit.in_bytes ? " bytes" : " characters");
}

} // namespace assistly
