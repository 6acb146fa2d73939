/// UTF-8 (RFC 3629), read and written by code points.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace assistly::sandbox {

inline constexpr char32_t replacement = 0xfffd;

/// The code point that starts at `at`, which moves behind it; nothing for bytes
/// that are none (overlong forms, surrogates, beyond U+10FFFF included).
/// Precondition: at < text.size().
std::optional<char32_t> next_code_point(std::string_view text,
                                        std::size_t& at) noexcept;

bool is_utf8(std::string_view text) noexcept;

/// Number of code points; precondition: is_utf8(text).
std::size_t count_code_points(std::string_view text) noexcept;

void append_utf8(std::string& out, char32_t code_point);

} // namespace assistly::sandbox
