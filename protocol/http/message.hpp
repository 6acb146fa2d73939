/// One HTTP request and one response as plain values. Nothing here knows of
/// sockets, so every room above may make and read them, and so may tests.
#pragma once

#include "model/clock.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace assistly::http {

/// Writable bytes that stand behind the end of every request body, so that a
/// JSON parser with SIMD loads may read it in place (simdjson asks for 64).
inline constexpr std::size_t body_padding = 64;

/// What `Retry-After` says when nobody chose a time.
inline constexpr seconds default_retry_after{5};

using steady_time = std::chrono::steady_clock::time_point;

/// A request as it passed the framing guard. Bytes are as received: nothing is
/// decoded, and header values may hold any byte but controls.
struct request {
  std::string method;
  /// The request-target as sent (RFC 9112 section 3.2).
  std::string target;
  /// The path of the target, still percent-encoded, at least "/". It is "*" for
  /// `OPTIONS *`.
  std::string path;
  /// What follows the first '?', without it, still percent-encoded.
  std::string query;
  /// Has at least `body_padding` bytes of spare capacity when it comes from the
  /// server.
  std::string body;
  /// Address of the peer without port; empty on a unix socket.
  std::string peer;
  /// When its first byte was read; zero if it does not come from the server.
  steady_time began{};

  /// Value of the first header field of that name, whatever the case; empty if
  /// there is none. Lives as long as this request is neither changed nor moved.
  std::string_view header(std::string_view name) const noexcept;

  /// How many header fields have that name. Callers for whom a second one is an
  /// attack (signatures, authorisation) ask this first.
  std::size_t header_count(std::string_view name) const noexcept;

  /// Number of header fields, and one of them: (name, value).
  std::size_t header_size() const noexcept {
    return fields_.size();
  }

  std::pair<std::string_view, std::string_view>
  header_at(std::size_t index) const noexcept;

  void add_header(std::string_view name, std::string_view value);

  /// Sets `target`, and `path` and `query` from it.
  void set_target(std::string_view text);

private:
  struct field {
    std::uint32_t name_at;
    std::uint32_t name_size;
    std::uint32_t value_at;
    std::uint32_t value_size;
  };

  // All names and values in one string: one allocation instead of two a field.
  std::string text_;
  std::vector<field> fields_;
};

/// What goes back. `Content-Length`, `Connection` and `Date` are the server's
/// business; giving one of them in `headers` has no effect.
struct response {
  int status = 200;
  std::string content_type; ///< Empty: no `Content-Type` is sent.
  std::vector<std::pair<std::string, std::string>> headers;
  std::string body;

  /// No body, no content type.
  static response empty(int status);
  /// `text/plain; charset=utf-8`.
  static response text(int status, std::string body);
  /// `body` is JSON already.
  static response json(int status, std::string body);
  /// `application/problem+json` (RFC 9457) of type `about:blank`. `detail` may
  /// be empty; it must hold no secret and nothing a customer wrote.
  static response problem(int status, std::string_view title,
                          std::string_view detail = {});
  /// 503 with `Retry-After`.
  static response unavailable(seconds retry_after = default_retry_after);
};

/// The reason phrase of a status code; "Status" if we do not know it.
std::string_view reason_phrase(int status) noexcept;

/// Compares header names and the like, ASCII only.
bool equals_ignoring_case(std::string_view a, std::string_view b) noexcept;

/// Undoes percent-encoding and, as forms do, reads '+' as a space. Nothing if a
/// '%' is not followed by two hex digits.
std::optional<std::string> url_decode(std::string_view text);

/// Percent-encodes all but the unreserved characters of RFC 3986 section 2.3.
std::string url_encode(std::string_view text);

/// Decoded value of the first parameter of that (decoded) name in a query
/// string, such as `hub.challenge` in Meta's handshake (CONTRACT 3.1). Empty
/// text if it stands there without a value, nothing if it is absent or badly
/// encoded.
std::optional<std::string> query_parameter(std::string_view query,
                                           std::string_view name);

} // namespace assistly::http
