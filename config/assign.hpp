/// Puts one value of a document into the setting it belongs to.
#pragma once

#include "config/document.hpp"
#include "config/options.hpp"

#include <filesystem>
#include <string_view>

namespace assistly::config {

/// False if the value is not what the option must be (`rule_of`); the settings
/// are unchanged then. Relative paths start at `folder`.
bool assign(const option& what, const document_value& value,
            const std::filesystem::path& folder, settings& into);

/// A variable's text as a document's value of the option's type: lists are
/// separated by commas. What is no number stays a text, which `assign` refuses.
document_value value_of_variable(const option& what, std::string_view text);

} // namespace assistly::config
