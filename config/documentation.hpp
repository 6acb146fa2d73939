/// The table of options as text for people.
#pragma once

#include <string>

namespace assistly::config {

/// The whole of `config/assistly.toml`: every section and key with what it is
/// for, what it may be, its name in the environment, and its default as value.
std::string documented_file();

/// One line per option, for `--help`: key, default, first sentence.
std::string option_help();

} // namespace assistly::config
