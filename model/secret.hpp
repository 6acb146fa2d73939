/// A value that cannot be printed, logged or compared by accident.
#pragma once

#include <string>
#include <utility>

namespace assistly {

/// Holds a token, key or password. There is no stream operator, no formatter
/// and no comparison: whoever needs the bytes calls `reveal()`, which is easy
/// to find in review.
template <class T>
class secret {
public:
  secret() = default;

  explicit secret(T value) : value_(std::move(value)) {}

  const T& reveal() const noexcept {
    return value_;
  }

  bool empty() const noexcept {
    return value_.empty();
  }

private:
  T value_{};
};

using secret_text = secret<std::string>;

} // namespace assistly
