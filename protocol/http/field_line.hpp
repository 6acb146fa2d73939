/// The grammar of one header or trailer line (RFC 9112 section 5), as strictly
/// as the framing guard wants it.
#pragma once

#include "protocol/http/verdict.hpp"

#include <string_view>

namespace assistly::http {

/// Is `c` a tchar (RFC 9110 section 5.6.2)?
bool is_token_character(char c) noexcept;

/// Is `text` a token: not empty, and of tchars only?
bool is_token(std::string_view text) noexcept;

/// A name and its value without the white space around it.
struct field_line {
  std::string_view name;
  std::string_view value;
};

/// Takes the ending off a line that was cut at its LF (which `line` no longer
/// holds). Refuses LF without CR, and CR anywhere else.
verdict strip_line_ending(std::string_view& line) noexcept;

/// Splits `line`, which has no ending any more. `accepted` or the reason why
/// not.
verdict split_field_line(std::string_view line, field_line& out) noexcept;

/// Is `text` host[:port] of letters, digits, ".-_~" or a bracketed IPv6
/// address? Narrower than RFC 3986: no user, no percent-encoding, no
/// sub-delimiters, which no real host needs.
bool is_host(std::string_view text) noexcept;

} // namespace assistly::http
