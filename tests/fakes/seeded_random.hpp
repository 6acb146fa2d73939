/// Chance that repeats from a seed.
#pragma once

#include "model/clock.hpp"

#include <mutex>
#include <random>

namespace assistly::fakes {

/// Safe from any thread; which thread draws what is then not repeatable.
class seeded_random final : public random_source {
public:
  explicit seeded_random(std::uint64_t seed) : engine_(seed) {}

  /// A copy goes on as the original would.
  seeded_random(const seeded_random& other) : engine_(other.engine_) {}

  void fill(std::span<std::byte> out) noexcept override {
    std::lock_guard lock{mutex_};
    for (auto& byte : out)
      byte = static_cast<std::byte>(engine_() & 0xff);
  }

private:
  std::mutex mutex_;
  std::mt19937_64 engine_;
};

} // namespace assistly::fakes
