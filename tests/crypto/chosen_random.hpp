/// Chance a test chooses, for vectors.
#pragma once

#include "model/clock.hpp"

#include <cstddef>

namespace assistly::crypto {

/// Hands out `first`, `first` + 1, ... so that a nonce is known beforehand.
class counting_random final : public random_source {
public:
  explicit counting_random(unsigned first) : next_(first) {}

  void fill(std::span<std::byte> out) noexcept override {
    for (auto& b : out)
      b = static_cast<std::byte>(next_++ & 0xff);
  }

private:
  unsigned next_;
};

} // namespace assistly::crypto
