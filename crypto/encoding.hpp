/// Bytes as text: hexadecimal, base64, base64url. Decoders accept exactly what
/// the encoders write, so that a value has one spelling and cannot be changed
/// without being noticed.
#pragma once

#include "crypto/bytes.hpp"

#include <optional>
#include <string>

namespace assistly::crypto {

/// Two lower-case digits a byte.
std::string to_hex(std::span<const std::byte> bytes);

/// Nothing for an odd length or anything but 0-9 and a-f.
std::optional<std::string> from_hex(std::string_view text);

/// As above into a buffer of known size; false if `text` is not exactly that
/// many bytes. `out` then holds nothing of use.
bool from_hex(std::string_view text, std::span<std::byte> out) noexcept;

/// RFC 4648 section 4, padded.
std::string to_base64(std::span<const std::byte> bytes);

/// Nothing for missing padding, white space, or bits left over.
std::optional<std::string> from_base64(std::string_view text);

/// RFC 4648 section 5, without padding (as JWT and Meta's signed_request).
std::string to_base64url(std::span<const std::byte> bytes);

/// Nothing for padding, white space, or bits left over.
std::optional<std::string> from_base64url(std::string_view text);

} // namespace assistly::crypto
