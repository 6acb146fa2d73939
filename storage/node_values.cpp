#include "storage/node_values.hpp"

#include "storage/sql/run.hpp"

namespace assistly::storage {

namespace {

constexpr sql::query read_value{"SELECT value FROM node WHERE name = $1"};
constexpr sql::query read_under{
  "SELECT name, value FROM node WHERE substr(name, 1, length($1)) = $1 "
  "ORDER BY name"};
constexpr sql::query write_value{"INSERT INTO node(name, value) VALUES($1, $2) "
                                 "ON CONFLICT(name) DO UPDATE SET value = $2"};
constexpr sql::query drop_value{"DELETE FROM node WHERE name = $1"};

} // namespace

std::optional<std::string> node_value(sql::connection& db,
                                      std::string_view name) {
  auto found = sql::ask_node(db, read_value, name);
  if (!found.next())
    return std::nullopt;
  return std::string{found.bytes(0)};
}

std::vector<std::pair<std::string, std::string>>
node_values_under(sql::connection& db, std::string_view prefix) {
  std::vector<std::pair<std::string, std::string>> all;
  auto found = sql::ask_node(db, read_under, prefix);
  while (found.next())
    all.emplace_back(found.bytes(0), found.bytes(1));
  return all;
}

void set_node_value(sql::connection& db, std::string_view name,
                    std::string_view value) {
  sql::run_node(db, write_value, name, value);
}

void drop_node_value(sql::connection& db, std::string_view name) {
  sql::run_node(db, drop_value, name);
}

} // namespace assistly::storage
