/// The framing guard's second half: checks every chunk line and trailer of a
/// body in chunked coding (RFC 9112 section 7.1).
#pragma once

#include "protocol/http/verdict.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace assistly::http {

/// Scans one chunked body, byte by byte where it is structure and in one step
/// where it is data. The same verdict however the bytes are cut into pieces.
class chunk_scanner {
public:
  /// `max_body`: bytes of data in all chunks together.
  chunk_scanner(const framing_limits& limits, std::uint64_t max_body)
    : limits_(limits), body_left_(max_body) {}

  /// Takes the bytes that follow those taken before. `taken` becomes the number
  /// of them that belong to this body: all of them, unless the verdict is
  /// `accepted` (then what is left is the next message) or a refusal (then it
  /// means nothing).
  verdict scan(std::string_view bytes, std::size_t& taken);

  /// Bytes taken since the last byte of data: an ending, a chunk line or a
  /// trailer section that is not whole yet.
  std::size_t open_structure() const noexcept {
    return structure_;
  }

private:
  enum class state : std::uint8_t {
    size,
    extension_name, // its first character
    extension_name_more,
    extension_value, // its first character
    extension_token,
    extension_quoted,
    extension_escaped,
    extension_end,
    size_line_feed,
    data,
    data_carriage_return,
    data_line_feed,
    trailer,
  };

  verdict size_line(char c) noexcept;
  verdict end_of_size(char c, verdict otherwise) noexcept;
  verdict extension(char c) noexcept;
  verdict chunk_begins() noexcept;
  verdict trailer_line();

  framing_limits limits_;
  std::uint64_t body_left_;
  std::uint64_t chunk_left_ = 0;
  std::size_t structure_ = 0;
  std::size_t digits_ = 0;
  std::size_t extension_bytes_ = 0;
  std::size_t trailer_bytes_ = 0;
  std::size_t trailer_fields_ = 0;
  std::string line_; // of the trailer line that is open
  state state_ = state::size;
};

} // namespace assistly::http
