/// What a text must look like to be an address, an e-mail, a language …
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace assistly::config {

/// Where a server listens: a numeric IPv4 or IPv6 address and a port. Port 0
/// takes any free one.
struct listen_address {
  std::string host;
  std::uint16_t port = 0;

  bool operator==(const listen_address&) const = default;
};

/// `127.0.0.1:8080` or `[::1]:8080`. A name is refused: it could mean a
/// different address tomorrow.
std::optional<listen_address> parse_listen_address(std::string_view text);
std::string to_string(const listen_address& address);

/// True for 127.0.0.0/8 and ::1.
bool is_loopback(const listen_address& address) noexcept;

/// `10.0.0.7`, `::1` or a network such as `10.0.0.0/8`.
bool is_address_or_network(std::string_view text);

/// A name or address with a port: `shop.internal:8443`, `[::1]:9000`.
bool is_host_and_port(std::string_view text);

/// http or https, a host, no user name or password, no blank (RFC 3986).
bool is_web_url(std::string_view text);

/// One @ between a local part and a domain with a dot; at most 254 bytes
/// (RFC 5321 section 4.5.3.1).
bool is_email(std::string_view text);

/// `en`, `es`, `pt-BR`, `zh-Hant` (the common part of RFC 5646).
bool is_language(std::string_view text);

/// Letters a-z, digits and dashes, 1 to 40.
bool is_slug(std::string_view text);

/// Letters, digits, `-`, `_` and `.`, 1 to 80: an entry's or account's id.
bool is_plain_id(std::string_view text);

/// `v` number `.` number, as in `v25.0`.
bool is_api_version(std::string_view text);

/// True if nothing in it is a control character.
bool is_one_line(std::string_view text);

/// ASCII letters in lower case, everything else as it is.
std::string ascii_lower(std::string_view text);

} // namespace assistly::config
