/// Where a server listens, as the configuration writes it (`http.listen`).
#pragma once

#include "model/outcome.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace assistly::http {

/// Bytes that the path of a unix socket may have: `sun_path` holds 108, with
/// the final NUL (unix(7)).
inline constexpr std::size_t longest_socket_path = 107;

/// Either an IP address with a port, or the path of a unix socket.
struct listen_address {
  std::string host; ///< Numeric, without brackets; empty for a unix socket.
  std::uint16_t port = 0; ///< 0: any free one.
  std::string path;       ///< Of the unix socket; empty for TCP.

  bool is_unix() const noexcept {
    return !path.empty();
  }
};

/// Reads "127.0.0.1:8080", "localhost:8080", "[::1]:0" or "unix:/path".
/// `errc::invalid` for anything else; names other than localhost are refused,
/// since they may resolve to more than was meant. Whether `host` is a real
/// address shows when it is bound.
outcome<listen_address> parse_listen_address(std::string_view text);

} // namespace assistly::http
