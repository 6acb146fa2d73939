/// Every SQL text of the sources, found by reading them, so that none can be
/// forgotten.
#pragma once

#include "tests/architecture/source_tree.hpp"

#include <string>
#include <vector>

namespace assistly::architecture {

struct sql_text {
  std::string file;
  std::string name; ///< of the constant it stands in
  std::string text;
};

/// The texts of one file: runs of string literals (and of the macros the file
/// defines) that begin with SELECT, INSERT, UPDATE, DELETE or WITH.
std::vector<sql_text> sql_texts_of(const source_file& file);

/// Tables of a schema script whose rows belong to a tenant.
std::vector<std::string> tenant_tables(const std::string& schema);

/// Why a text on a tenant's table could touch another tenant's rows; empty if
/// it cannot. Each table it names needs `tenant_id = $1` of its own, an INSERT
/// the tenant as first column and `$1` as first value.
std::string tenant_breach(const std::string& text,
                          const std::vector<std::string>& tables);

} // namespace assistly::architecture
