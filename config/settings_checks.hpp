/// What no option can say about itself: rules between several of them.
#pragma once

#include "config/settings_reader.hpp"

#include <filesystem>

namespace assistly::config {

/// Completes what follows from other settings (`http.public_url`, the
/// database's kind and file, a provider's own address) and reports what does
/// not fit together. Rules about an option that is refused already are left
/// out.
void complete_and_check(settings& s, const std::filesystem::path& folder,
                        settings_reader& reader);

} // namespace assistly::config
