/// A business as a file (INTERFACE section 4): what `assistly apply` reads. The
/// types it is read into are the model's, so that storage takes them as they
/// are.
#pragma once

#include "config/fault.hpp"
#include "config/settings.hpp"
#include "model/tenant_settings.hpp"

#include <filesystem>
#include <string_view>

namespace assistly::config {

/// Reads a tenant's file. Every fault at once, with the key's path (lists count
/// from 1), line and column; a syntax error alone; never a secret's value.
/// Where the file says nothing: languages are English alone, times are the
/// operator's, other texts are empty. Words of comment rules are in ASCII lower
/// case.
/// Relative paths start at `folder`; times are held against `bounds`.
checked<tenant_plan> parse_tenant(std::string_view text,
                                  const std::filesystem::path& folder,
                                  const retention_settings& bounds);

/// The same for a file.
checked<tenant_plan> load_tenant(const std::filesystem::path& file,
                                 const retention_settings& bounds);

} // namespace assistly::config
