/// The one table of columns: for each, in what form it is kept, who exports it
/// and who erases it. Exporter, eraser, canary sweep and records of processing
/// read it; a test compares it with the real schema, so that no column is
/// forgotten.
#pragma once

#include <span>
#include <string_view>

namespace assistly::storage {

enum class column_form : unsigned char {
  clear,  ///< Nothing about a person: numbers, times, states, random ids.
  hashed, ///< A keyed hash of an external id.
  sealed, ///< Ciphertext; its key is named by `erased_by`.
};

struct column_rule {
  std::string_view table;
  std::string_view column;
  column_form form;
  /// File of the export that shows it; empty for what only the machine needs.
  std::string_view exported_in;
  /// With whose erasure it goes: conversation, person, tenant, days (it ends by
  /// itself), operator.
  std::string_view erased_by;
};

std::span<const column_rule> column_rules();

} // namespace assistly::storage
