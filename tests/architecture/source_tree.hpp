/// The project's own files as text, for tests that read them.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace assistly::architecture {

struct source_file {
  std::string path; ///< from the root, with '/'
  std::string text;
};

/// All files of the tree whose name ends in one of `ends`, in order of their
/// paths. Skips build folders, hidden folders, node_modules and vendored
/// fixtures.
std::vector<source_file> read_tree(const std::vector<std::string>& ends);

/// C++ headers and sources.
std::vector<source_file> read_sources();

/// The first folder of a path; empty for a file at the root.
std::string_view room_of(std::string_view path);

/// C++ text with comments and the content of literals blanked out; line breaks
/// stay.
std::string without_comments(std::string_view text);

} // namespace assistly::architecture
