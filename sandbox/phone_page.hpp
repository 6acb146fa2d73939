/// The phone page: a few plain files inside the binary.
#pragma once

#include "protocol/http/message.hpp"

#include <optional>
#include <string_view>

namespace assistly::sandbox {

/// The page's file of that path, with a content security policy that allows
/// nothing from elsewhere; nothing if there is none.
std::optional<http::response> page_file(std::string_view path);

} // namespace assistly::sandbox
