/// The one source of chance of a simulated run: what the world does and what
/// the product draws both come from it, so a seed says everything.
#pragma once

#include "model/clock.hpp"

namespace assistly::simulation {

/// SplitMix64 (Steele, Lea, Flood 2014): the same on every machine, which the
/// standard's distributions are not.
class chance final : public random_source {
public:
  explicit chance(std::uint64_t seed) : state_(seed) {}

  std::uint64_t next() noexcept {
    state_ += 0x9e3779b97f4a7c15U;
    auto z = state_;
    z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9U;
    z = (z ^ z >> 27) * 0x94d049bb133111ebU;
    return z ^ z >> 31;
  }

  /// Of 0 … n - 1.
  std::uint64_t below(std::uint64_t n) noexcept {
    return next() % n;
  }

  bool one_in(std::uint64_t n) noexcept {
    return below(n) == 0;
  }

  bool percent(std::uint64_t p) noexcept {
    return below(100) < p;
  }

  milliseconds between(milliseconds least, milliseconds most) noexcept {
    auto span = static_cast<std::uint64_t>((most - least).count()) + 1;
    return least + milliseconds{static_cast<std::int64_t>(below(span))};
  }

  void fill(std::span<std::byte> out) noexcept override {
    for (auto& byte : out)
      byte = static_cast<std::byte>(next() & 0xff);
  }

private:
  std::uint64_t state_;
};

} // namespace assistly::simulation
