#include "storage/erased_counts.hpp"

#include "storage/node_values.hpp"
#include "storage/sql/run.hpp"

#include <array>
#include <sstream>
#include <utility>

namespace assistly::storage {

namespace {

constexpr sql::query drop_between{
  "DELETE FROM node WHERE name >= $1 AND name < $2"};

constexpr std::array all_counts{
  &erased_counts::conversations, &erased_counts::persons, &erased_counts::sends,
  &erased_counts::journal,       &erased_counts::kept,    &erased_counts::keys};

std::string tenant_part(tenant_id tenant) {
  return "erased_so_far/" + std::to_string(tenant.value);
}

std::string row_of(const erase_request& r) {
  auto name = tenant_part(r.tenant) + "/" + std::string{to_string(r.scope)};
  if (r.scope != erase_scope::tenant)
    name += "/" + to_string(r.subject);
  return name;
}

} // namespace

erased_counts& erased_counts::operator+=(const erased_counts& other) {
  for (auto count : all_counts)
    this->*count += other.*count;
  return *this;
}

erased_counts counts_so_far(sql::connection& db, const erase_request& r) {
  erased_counts n;
  auto kept = node_value(db, row_of(r));
  if (!kept)
    return n;
  std::istringstream numbers{std::move(*kept)};
  for (auto count : all_counts)
    numbers >> n.*count;
  return n;
}

void keep_counts(work& w, const erase_request& r, const erased_counts& n) {
  if (n == erased_counts{})
    return;
  std::string numbers;
  for (auto count : all_counts)
    numbers += std::to_string(n.*count) + " ";
  set_node_value(w.db, row_of(r), numbers);
}

void drop_counts(work& w, const erase_request& r) {
  drop_node_value(w.db, row_of(r));
  if (r.scope != erase_scope::tenant)
    return;
  // '0' comes right after '/', so nothing of another tenant lies in between.
  auto from = tenant_part(r.tenant) + "/";
  auto to = tenant_part(r.tenant) + "0";
  sql::run_node(w.db, drop_between, std::string_view{from},
                std::string_view{to});
}

} // namespace assistly::storage
