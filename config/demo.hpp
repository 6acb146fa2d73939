/// The business that `assistly demo` shows, built into the program.
#pragma once

#include <string_view>

namespace assistly::config {

/// `config/demo/business.toml` as it was when the program was built.
std::string_view demo_business_toml() noexcept;

} // namespace assistly::config
