/// A TOML document as a plain tree, so that nothing but `document.cpp` knows
/// the library that reads it.
#pragma once

#include "config/fault.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace assistly::config {

enum class value_kind : std::uint8_t {
  text,
  integer,
  real,
  boolean,
  list,
  table,
  other, ///< Dates and times, which no option has.
};

struct document_member;

struct document_value {
  value_kind kind = value_kind::other;
  text_position at;
  std::string text;
  std::int64_t integer = 0;
  double real = 0;
  bool flag = false;
  std::vector<document_value> items;
  std::vector<document_member> members;

  /// The member of a table, or null.
  const document_value* find(std::string_view key) const noexcept;
};

struct document_member {
  std::string key;
  text_position at;
  document_value value;
};

/// The largest file that is read: 16 MiB.
inline constexpr std::size_t max_document_bytes = std::size_t{16} << 20;

/// The root table. A syntax error is one fault, alone; its text tells nothing
/// of what stands there.
checked<document_value> read_document(std::string_view text);

} // namespace assistly::config
