/// Reads one table of a document key by key, and collects what is wrong with
/// it.
#pragma once

#include "config/document.hpp"
#include "model/secret.hpp"

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace assistly::config {

/// What a text must be. Lengths are Unicode code points.
struct text_rule {
  bool required = false;
  std::size_t most = 200;
  /// May it have several lines?
  bool lines = false;
  bool (*shape)(std::string_view) = nullptr;
  /// How the sentence goes on when the shape is wrong: "must be " + this.
  std::string_view shape_rule = "text";
};

/// Every getter marks its key as known, reports a fault where the value is
/// wrong, and returns an empty value then. `finish` reports what was never
/// asked for.
class table_reader {
public:
  /// `path` leads every key in a fault: "channel[2]". `table` and `faults` must
  /// outlive the reader.
  table_reader(const document_value& table, std::string path,
               std::vector<config_fault>& faults)
    : table_(table), path_(std::move(path)), faults_(faults) {}

  std::string text(std::string_view key, const text_rule& rule);
  std::vector<std::string> texts(std::string_view key, const text_rule& each,
                                 std::size_t most_items);
  std::optional<std::int64_t> whole(std::string_view key, std::int64_t least,
                                    std::int64_t most);
  /// A number that may have decimals, in milliseconds.
  std::optional<std::int64_t> seconds_as_milliseconds(std::string_view key,
                                                      double most);
  /// `key`, or the first line of the file named by `key` + "_file".
  secret_text secret(std::string_view key, const std::filesystem::path& folder,
                     bool required);
  /// The table under a key, or null.
  const document_value* table(std::string_view key);
  /// The tables of `[[key]]`.
  const std::vector<document_value>& tables(std::string_view key,
                                            std::size_t most_items);

  bool has(std::string_view key) const noexcept {
    return table_.find(key) != nullptr;
  }

  /// A fault at the key's value, or at the table where it has none.
  void refuse(std::string_view key, std::string text);

  /// Every key that nobody asked for is a fault.
  void finish();

private:
  const document_value* take(std::string_view key);
  std::string path_of(std::string_view key) const;
  std::string what_is_wrong(const document_value& value,
                            const text_rule& rule) const;

  const document_value& table_;
  std::string path_;
  std::vector<config_fault>& faults_;
  std::set<std::string, std::less<>> known_;
};

} // namespace assistly::config
