/// One queue of wake-ups per node, for what is due in seconds. Due dates of
/// minutes and more live in storage. Sleeps until the next one; idle it costs
/// nothing, which a wheel that ticks does not.
#pragma once

#include "model/clock.hpp"

#include <condition_variable>
#include <functional>
#include <mutex>
#include <optional>
#include <thread>
#include <vector>

namespace assistly::actors {

class wake_queue {
public:
  explicit wake_queue(clock_source& clock);
  ~wake_queue();
  wake_queue(const wake_queue&) = delete;
  wake_queue& operator=(const wake_queue&) = delete;

  /// Calls `what` at `when` or soon after, on the queue's thread; it must not
  /// block. There is no way to take it back: who is woken checks whether there
  /// is still something to do. Nothing is woken after `stop`.
  void arm(timestamp when, std::function<void()> what);

  /// Starts the thread. Without it, tests drive the queue by `run_due`.
  void start();
  void stop();

  /// Calls everything due by now; returns how many.
  std::size_t run_due();
  std::optional<timestamp> next() const;

private:
  struct entry {
    timestamp when;
    std::uint64_t order;
    std::function<void()> what;
  };

  static bool later(const entry& a, const entry& b) noexcept;
  void notice_jump_back();
  void loop();

  /// Less is a clock being trimmed.
  static constexpr milliseconds jump = seconds{2};

  clock_source* clock_;
  timestamp last_seen_{};
  mutable std::mutex mutex_;
  std::condition_variable wake_;
  std::vector<entry> heap_;
  std::uint64_t next_order_ = 0;
  bool stopping_ = false;
  std::thread thread_;
};

} // namespace assistly::actors
