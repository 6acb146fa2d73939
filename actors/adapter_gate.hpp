/// How many calls to Meta a channel has under way, counted where both *decide*
/// and the adapter see it.
#pragma once

#include "actors/sends_under_way.hpp"

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <limits>
#include <memory>
#include <utility>

namespace assistly::actors {

/// The calls to Meta that a channel may have under way at once. Shared by the
/// adapter and by *decide*, which claims in its own commit when there is room.
class adapter_gate {
public:
  /// Takes a place if there is one and the channel may send.
  bool try_enter(std::size_t limit) noexcept {
    if (paused.load(std::memory_order_relaxed))
      return false;
    limit = std::min(limit, most.load(std::memory_order_relaxed));
    auto now = under_way_.load(std::memory_order_relaxed);
    while (now < limit)
      if (under_way_.compare_exchange_weak(now, now + 1,
                                           std::memory_order_relaxed))
        return true;
    return false;
  }

  /// For what is claimed already: it goes out whatever else does.
  void enter() noexcept {
    under_way_.fetch_add(1, std::memory_order_relaxed);
  }

  void leave() noexcept {
    under_way_.fetch_sub(1, std::memory_order_relaxed);
  }

  std::size_t room(std::size_t limit) const noexcept {
    limit = std::min(limit, most.load(std::memory_order_relaxed));
    auto now = under_way_.load(std::memory_order_relaxed);
    return now < limit ? limit - now : 0;
  }

  std::atomic<bool> paused{false};
  /// Below every limit while Meta answers nobody, or storage is slow.
  std::atomic<std::size_t> most{std::numeric_limits<std::size_t>::max()};

private:
  std::atomic<std::size_t> under_way_{0};
};

/// A place taken for a decision on its way to the adapter; given back once,
/// wherever that way ends.
class gate_pass {
public:
  gate_pass(std::shared_ptr<adapter_gate> gate, sends_under_way& sends)
    : gate_(std::move(gate)), sends_(&sends) {
    sends_->begin();
  }

  gate_pass(const gate_pass&) = delete;
  gate_pass& operator=(const gate_pass&) = delete;

  ~gate_pass() {
    give_back();
  }

  void give_back() const noexcept {
    if (given_back_.exchange(true))
      return;
    gate_->leave();
    sends_->end();
  }

private:
  std::shared_ptr<adapter_gate> gate_;
  sends_under_way* sends_;
  mutable std::atomic<bool> given_back_{false};
};

} // namespace assistly::actors
