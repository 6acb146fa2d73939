/// Errors are values here: a function that can fail returns `outcome<T>`, which
/// holds either the value or a `fault`. C++20 has no `std::expected`.
#pragma once

#include "model/errc.hpp"

#include <optional>
#include <string>
#include <utility>
#include <variant>

namespace assistly {

/// What went wrong: a code for programs and one sentence for people. The text
/// never holds a secret or a customer's words.
struct fault {
  errc code = errc::none;
  std::string text;

  bool operator==(const fault&) const = default;
};

/// Either a `T` or the reason there is none.
template <class T>
class [[nodiscard]] outcome {
public:
  outcome(T value) : held_(std::in_place_index<0>, std::move(value)) {}

  outcome(fault why) : held_(std::in_place_index<1>, std::move(why)) {}

  explicit operator bool() const noexcept {
    return held_.index() == 0;
  }

  /// Precondition of the four accessors below: the outcome holds a value.
  T& operator*() & {
    return *std::get_if<0>(&held_);
  }

  const T& operator*() const& {
    return *std::get_if<0>(&held_);
  }

  T&& operator*() && {
    return std::move(*std::get_if<0>(&held_));
  }

  T* operator->() {
    return std::get_if<0>(&held_);
  }

  const T* operator->() const {
    return std::get_if<0>(&held_);
  }

  /// Precondition: the outcome holds no value.
  const fault& error() const {
    return *std::get_if<1>(&held_);
  }

private:
  std::variant<T, fault> held_;
};

/// The outcome of something done for its effect.
template <>
class [[nodiscard]] outcome<void> {
public:
  outcome() = default;

  outcome(fault why) : why_(std::move(why)) {}

  explicit operator bool() const noexcept {
    return !why_;
  }

  const fault& error() const {
    return *why_;
  }

private:
  std::optional<fault> why_;
};

} // namespace assistly
