/// What a file may not do, as functions of its path and text: each returns one
/// sentence for each breach.
#pragma once

#include "tests/architecture/source_tree.hpp"

#include <map>
#include <set>
#include <string>
#include <vector>

namespace assistly::architecture {

using breaches = std::vector<std::string>;

/// What stands between the quotes or angles of each #include, with them.
std::vector<std::string> includes_of(const std::string& text);

/// DESIGN section 3: never upward, never sideways; from the root.
breaches room_order(const source_file& file);

/// DESIGN section 3, "knows alone".
breaches library_borders(const source_file& file);

/// Everything a file sees by its includes, those of its includes, and so on:
/// libraries by the first part of their header.
std::set<std::string>
libraries_seen(const std::string& path,
               const std::map<std::string, std::vector<std::string>>& includes);

/// Over 400 lines only with a first comment that says why.
breaches too_long(const source_file& file);

/// No file, folder or identifier is called manager, helper, …
breaches empty_names(const source_file& file);

/// No promise to finish later.
breaches unfinished(const source_file& file);

/// No path of the machine it was written on.
breaches machine_paths(const source_file& file);

/// Time, chance and waiting are passed in (DESIGN section 2, rule 6).
breaches hidden_time(const source_file& file);

/// Enumerators by the name of their enumeration. A name that stands for two
/// enumerations has those of both.
std::map<std::string, std::set<std::string>>
enumerators_of(const std::string& header);

/// A `to_string` that switches over an enumeration names all of it.
breaches nameless_enumerators(
  const source_file& file,
  const std::map<std::string, std::set<std::string>>& enumerations);

} // namespace assistly::architecture
