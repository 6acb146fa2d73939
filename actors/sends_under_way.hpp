/// How many calls to Meta the node has under way, results not yet written
/// included, so that a stop can wait for them.
#pragma once

#include "model/clock.hpp"

#include <atomic>
#include <condition_variable>
#include <cstddef>
#include <mutex>

namespace assistly::actors {

class sends_under_way {
public:
  void begin() {
    std::lock_guard lock{mutex_};
    ++count_;
  }

  void end() {
    std::lock_guard lock{mutex_};
    if (--count_ == 0)
      none_.notify_all();
  }

  /// From here on no adapter begins a call.
  void forbid() noexcept {
    ending_.store(true);
  }

  bool ending() const noexcept {
    return ending_.load(std::memory_order_relaxed);
  }

  /// Waits until none is under way; false if some still were after `longest`.
  bool wait_for_none(milliseconds longest) {
    std::unique_lock lock{mutex_};
    return none_.wait_for(lock, longest, [this] { return count_ == 0; });
  }

private:
  std::mutex mutex_;
  std::condition_variable none_;
  std::size_t count_ = 0;
  std::atomic<bool> ending_{false};
};

/// One call, counted until its result is written, or lost with its adapter: it
/// goes with the result from hand to hand.
class counted_send {
public:
  explicit counted_send(sends_under_way& sends) : sends_(&sends) {
    sends_->begin();
  }

  counted_send(const counted_send&) = delete;
  counted_send& operator=(const counted_send&) = delete;

  ~counted_send() {
    sends_->end();
  }

private:
  sends_under_way* sends_;
};

} // namespace assistly::actors
