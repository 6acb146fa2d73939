/// What the node knows of itself: small values by name, of no tenant.
#pragma once

#include "storage/sql/connection.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace assistly::storage {

std::optional<std::string> node_value(sql::connection& db,
                                      std::string_view name);
/// New, or in place of the one before.
void set_node_value(sql::connection& db, std::string_view name,
                    std::string_view value);
void drop_node_value(sql::connection& db, std::string_view name);

} // namespace assistly::storage
