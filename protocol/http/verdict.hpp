/// What the framing guard says of a message, and what the peer is told.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace assistly::http {

/// After any value but the first two the connection is answered with
/// `status_of()` and closed: once framing is in doubt, nothing that follows on
/// it can be trusted.
enum class verdict : std::uint8_t {
  accepted,   ///< Whole and well-formed.
  incomplete, ///< Well-formed as far as it goes; more bytes are needed.

  bad_request_line,              ///< Not `method SP target SP HTTP/d.d`. 400
  bad_method,                    ///< The method is no token. 400
  bad_target,                    ///< No form of RFC 9112 section 3.2. 400
  http_0_9,                      ///< A request line without a version. 400
  unsupported_method,            ///< CONNECT; this is no proxy. 501
  unsupported_version,           ///< Neither 1.0 nor 1.1. 505
  request_line_too_long,         ///< 414
  bare_line_feed,                ///< A line ended by LF alone. 400
  bare_carriage_return,          ///< CR not followed by LF. 400
  control_character,             ///< NUL, DEL or another control. 400
  obs_fold,                      ///< A line that continues the one before. 400
  space_before_colon,            ///< `Name : value`. 400
  bad_field_name,                ///< Empty, no token, or no colon at all. 400
  headers_too_large,             ///< 431; also for trailers
  too_many_fields,               ///< 431; also for trailers
  missing_host,                  ///< HTTP/1.1 without `Host`. 400
  repeated_host,                 ///< 400
  bad_host,                      ///< `Host` or authority is no host[:port]. 400
  host_mismatch,                 ///< absolute-form names another host. 400
  bad_content_length,            ///< Not `^[0-9]{1,10}$`. 400
  repeated_content_length,       ///< Even if both are equal. 400
  length_with_encoding,          ///< Content-Length and Transfer-Encoding. 400
  bad_transfer_encoding,         ///< Repeated, a list, or no token. 400
  unsupported_transfer_encoding, ///< One coding, but not `chunked`. 501
  encoding_in_http_1_0,          ///< Transfer-Encoding in HTTP/1.0. 400
  bad_chunk_size,                ///< Not 1 to 8 hex digits. 400
  bad_chunk_extension,           ///< Not as RFC 9112 section 7.1.1 says. 400
  chunk_extension_too_long,      ///< 400
  bad_chunk_ending,              ///< No CRLF after a chunk's data. 400
  framing_field_in_trailer,      ///< A trailer that would steer. 400
  body_too_large,                ///< 413
  parsers_disagree, ///< The guard and the parser saw different messages. 400
};

inline constexpr std::size_t verdict_count =
  static_cast<std::size_t>(verdict::parsers_disagree) + 1;

/// Status code of the answer; 200 for `accepted`, 0 for `incomplete`.
int status_of(verdict v) noexcept;

/// The name as written above, for counters, logs and test output.
std::string_view to_string(verdict v) noexcept;

/// Sizes beyond which a message is refused (RELIABILITY section 8).
struct framing_limits {
  std::size_t request_line = 4096; ///< bytes, line ending included
  std::size_t headers = 8192; ///< bytes of all fields, line endings included
  std::size_t fields = 64;
  std::size_t chunk_extension = 256; ///< bytes per chunk
};

} // namespace assistly::http
