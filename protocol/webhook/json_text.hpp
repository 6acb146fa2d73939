/// JSON strings, unescaped leniently: what a customer typed must get through,
/// even if the sender's encoder split an emoji.
#pragma once

#include <string>
#include <string_view>

namespace assistly::webhook {

/// Appends what stands between the quotes of a JSON string (`inside` is without
/// them). Lone surrogates become U+FFFD and NUL is left out. False for an
/// unknown escape or an open end; `out` then holds a part.
bool append_unescaped(std::string_view inside, std::string& out);

/// Every byte that is not part of well-formed UTF-8 (RFC 3629) replaced by
/// U+FFFD.
std::string with_valid_utf8(std::string_view bytes);

} // namespace assistly::webhook
