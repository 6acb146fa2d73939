/// Sealing and opening one column of one row; the associated data is tenant,
/// table, row and column (DESIGN section 5).
#pragma once

#include "crypto/seal.hpp"
#include "model/ids.hpp"
#include "storage/sql/connection.hpp"

namespace assistly::storage {

/// Which value: `row` is the row's own id within the table.
struct place {
  tenant_id tenant;
  std::string_view table;
  std::span<const std::byte> row;
  std::string_view column = "sealed";
};

inline std::string seal_column(const crypto::key256& key, const place& where,
                               std::string_view plain, random_source& random) {
  return crypto::seal(key, {where.tenant, where.table, where.row, where.column},
                      plain, random);
}

/// Throws `sql::failure` with `errc::wrong_key` if it does not open.
inline std::string open_column(const crypto::key256& key, const place& where,
                               std::string_view sealed) {
  auto plain = crypto::open(
    key, {where.tenant, where.table, where.row, where.column}, sealed);
  if (!plain)
    throw sql::failure{plain.error().code,
                       "a value of table " + std::string{where.table}
                         + " does not open: wrong key, or altered"};
  return std::move(*plain);
}

/// Row ids that are numbers, as the bytes that name the row.
struct number_row {
  std::array<std::byte, 8> bytes;

  explicit number_row(std::int64_t number) : bytes{} {
    for (std::size_t i = 0; i < 8; ++i)
      bytes[i] = static_cast<std::byte>(static_cast<std::uint64_t>(number)
                                        >> (56 - 8 * i));
  }

  operator std::span<const std::byte>() const noexcept {
    return bytes;
  }
};

} // namespace assistly::storage
