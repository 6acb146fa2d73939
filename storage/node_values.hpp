/// What the node knows of itself: small values by name, of no tenant.
#pragma once

#include "storage/sql/connection.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace assistly::storage {

std::optional<std::string> node_value(sql::connection& db,
                                      std::string_view name);
/// All whose name begins so, by name.
std::vector<std::pair<std::string, std::string>>
node_values_under(sql::connection& db, std::string_view prefix);
/// New, or in place of the one before.
void set_node_value(sql::connection& db, std::string_view name,
                    std::string_view value);
void drop_node_value(sql::connection& db, std::string_view name);

} // namespace assistly::storage
