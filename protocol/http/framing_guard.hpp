/// Decides from the raw bytes where a request ends, and refuses everything that
/// another program might see to end elsewhere. Stands before Beast 1.81, which
/// is open to request smuggling (its fixes 3094, 3096, 3098, 3100, 3102 came in
/// 1.92). Pure: no sockets, no Beast, the same verdict however the bytes are
/// cut into pieces.
#pragma once

#include "protocol/http/verdict.hpp"

#include <cstdint>
#include <optional>
#include <string_view>

namespace assistly::http {

/// What an accepted head says about the message.
struct head_framing {
  std::size_t head_size = 0; ///< bytes, up to and with the empty line
  std::optional<std::uint64_t> content_length;
  bool chunked = false;
  bool http_1_0 = false;
};

/// Scans one request head: request line and header fields (RFC 9112 sections 2
/// to 6).
class head_scanner {
public:
  explicit head_scanner(const framing_limits& limits = {}) noexcept
    : limits_(limits) {}

  /// `bytes` is everything received since the start of the message, on each
  /// call; what was scanned before is not looked at again. Bytes behind the
  /// head are left alone. After a refusal, and after `accepted`, only `reset()`
  /// may follow.
  verdict scan(std::string_view bytes) noexcept;

  /// Precondition: the last `scan()` said `accepted`.
  const head_framing& framing() const noexcept {
    return framing_;
  }

  /// Makes ready for the next message.
  void reset() noexcept {
    *this = head_scanner{limits_};
  }

private:
  verdict request_line(std::string_view line) noexcept;
  verdict target(std::string_view method, std::string_view text) noexcept;
  verdict field(std::string_view line, std::string_view all) noexcept;
  verdict transfer_encoding(std::string_view value) noexcept;
  verdict content_length(std::string_view value) noexcept;
  verdict end_of_head(std::string_view all) const noexcept;

  // Positions, not views: the buffer may move between two calls.
  struct span {
    std::size_t at = 0;
    std::size_t size = 0;

    std::string_view of(std::string_view all) const noexcept {
      return all.substr(at, size);
    }
  };

  framing_limits limits_;
  head_framing framing_;
  std::size_t seen_ = 0;       // no LF before this one
  std::size_t line_start_ = 0; // first byte of the line that is open
  std::size_t fields_at_ = 0;  // first byte after the request line
  std::size_t fields_ = 0;
  span host_;
  span authority_; // of an absolute-form target
  bool has_host_ = false;
  bool has_encoding_ = false;
};

} // namespace assistly::http
