/// What is wrong in a configuration file, for the person who wrote it.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace assistly::config {

/// Line and column count from 1; both are 0 where there is no file, as for a
/// fault in the environment.
struct text_position {
  int line = 0;
  int column = 0;
};

/// One fault. `text` is a sentence without subject that says what to do ("must
/// be a whole number from 1 to 365"); it never holds the value that was found.
struct config_fault {
  /// "http.listen", "channel[2].account_id" (counting from 1), or the name of
  /// an environment variable; empty for a fault of the whole file.
  std::string key;
  int line = 0;
  int column = 0;
  std::string text;

  bool operator==(const config_fault&) const = default;
};

/// "line 3, column 9: http.listen must be …"
std::string to_string(const config_fault& fault);

/// A value read from a file, or every reason why there is none.
template <class T>
struct checked {
  std::optional<T> value;
  /// Empty exactly when there is a value; in the order of the file.
  std::vector<config_fault> faults;
  /// Sentences about what was ignored.
  std::vector<std::string> warnings;

  explicit operator bool() const noexcept {
    return value.has_value();
  }
};

/// Into the order of the file; what has no line comes last.
void sort_by_position(std::vector<config_fault>& faults);

/// A key as it may be shown: control characters and anything above ASCII become
/// "?", and what is longer than 80 bytes is cut. A key is written by a person
/// and may hold anything.
std::string shown_key(std::string_view key);

} // namespace assistly::config
