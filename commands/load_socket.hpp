/// A file descriptor with an owner, and the little of HTTP's answers that the
/// load reads.
#pragma once

#include <charconv>
#include <cstddef>
#include <optional>
#include <string_view>
#include <strings.h>
#include <unistd.h>
#include <utility>

namespace assistly::commands {

class descriptor {
public:
  descriptor() = default;

  explicit descriptor(int fd) noexcept : fd_(fd) {}

  descriptor(descriptor&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}

  descriptor& operator=(descriptor&& other) noexcept {
    if (this != &other) {
      close();
      fd_ = std::exchange(other.fd_, -1);
    }
    return *this;
  }

  ~descriptor() {
    close();
  }

  void close() noexcept {
    if (fd_ >= 0)
      ::close(std::exchange(fd_, -1));
  }

  int get() const noexcept {
    return fd_;
  }

  explicit operator bool() const noexcept {
    return fd_ >= 0;
  }

private:
  int fd_ = -1;
};

/// The head of an answer (RFC 9112 section 4). Only answers with a known length
/// are read; ours and nginx's have one.
struct answer_head {
  int status = 0;
  std::size_t head_size = 0; ///< The empty line included.
  std::size_t body_size = 0;
  bool closes = false;
};

struct head_reading {
  std::optional<answer_head> head;
  bool broken = false; ///< No answer of HTTP/1, or of unknown length.
};

inline bool same_word(std::string_view a, std::string_view b) noexcept {
  return a.size() == b.size()
         && ::strncasecmp(a.data(), b.data(), a.size()) == 0;
}

/// Neither a head nor broken: more bytes are needed.
inline head_reading read_head(std::string_view in) noexcept {
  const auto end = in.find("\r\n\r\n");
  if (end == std::string_view::npos)
    return {std::nullopt, in.size() > 16 * 1024};
  constexpr std::string_view version = "HTTP/1.";
  constexpr std::size_t status_at = version.size() + 2;
  answer_head head;
  head.head_size = end + 4;
  if (!in.starts_with(version) || end < status_at + 3
      || std::from_chars(in.data() + status_at, in.data() + status_at + 3,
                         head.status)
             .ec
           != std::errc{})
    return {std::nullopt, true};
  bool sized = head.status == 204 || head.status == 304;
  auto at = in.find("\r\n");
  while (at < end) {
    const auto next = in.find("\r\n", at + 2);
    const auto line = in.substr(at + 2, next - at - 2);
    at = next;
    const auto colon = line.find(':');
    if (colon == std::string_view::npos)
      continue;
    const auto name = line.substr(0, colon);
    auto value = line.substr(colon + 1);
    while (value.starts_with(' '))
      value.remove_prefix(1);
    if (same_word(name, "Content-Length")) {
      const auto read = std::from_chars(
        value.data(), value.data() + value.size(), head.body_size);
      sized = read.ec == std::errc{};
    } else if (same_word(name, "Connection")) {
      head.closes = same_word(value, "close");
    }
  }
  if (!sized)
    return {std::nullopt, true};
  return {head, false};
}

} // namespace assistly::commands
