#include "actors/wake_queue.hpp"

#include <algorithm>

namespace assistly::actors {

wake_queue::wake_queue(clock_source& clock) : clock_(&clock) {}

wake_queue::~wake_queue() {
  stop();
}

bool wake_queue::later(const entry& a, const entry& b) noexcept {
  return a.when != b.when ? a.when > b.when : a.order > b.order;
}

void wake_queue::arm(timestamp when, std::function<void()> what) {
  bool first = false;
  {
    std::lock_guard lock{mutex_};
    // It would only keep alive what it holds.
    if (stopping_)
      return;
    heap_.push_back({when, next_order_++, std::move(what)});
    std::push_heap(heap_.begin(), heap_.end(), later);
    first = heap_.front().when == when;
  }
  if (first)
    wake_.notify_one();
}

void wake_queue::start() {
  thread_ = std::thread{[this] { loop(); }};
}

void wake_queue::stop() {
  {
    std::lock_guard lock{mutex_};
    stopping_ = true;
  }
  wake_.notify_one();
  if (thread_.joinable())
    thread_.join();
  std::lock_guard lock{mutex_};
  heap_.clear();
}

/// A clock that was set back would make everything armed wait as much longer.
/// Who is woken too early looks at the time and arms again.
void wake_queue::notice_jump_back() {
  std::lock_guard lock{mutex_};
  auto now = clock_->now();
  if (now + jump < last_seen_) {
    for (auto& e : heap_)
      e.when = std::min(e.when, now);
    std::make_heap(heap_.begin(), heap_.end(), later);
  }
  last_seen_ = now;
}

std::size_t wake_queue::run_due() {
  notice_jump_back();
  std::size_t count = 0;
  while (true) {
    std::function<void()> what;
    {
      std::lock_guard lock{mutex_};
      if (heap_.empty() || heap_.front().when > clock_->now())
        return count;
      std::pop_heap(heap_.begin(), heap_.end(), later);
      what = std::move(heap_.back().what);
      heap_.pop_back();
    }
    what();
    ++count;
  }
}

std::optional<timestamp> wake_queue::next() const {
  std::lock_guard lock{mutex_};
  if (heap_.empty())
    return std::nullopt;
  return heap_.front().when;
}

void wake_queue::loop() {
  while (true) {
    run_due();
    std::unique_lock lock{mutex_};
    if (stopping_)
      return;
    if (heap_.empty()) {
      wake_.wait(lock);
      continue;
    }
    // The wall clock may jump, so no sleep is longer than a minute.
    auto wait =
      std::min<milliseconds>(heap_.front().when - clock_->now(), minutes{1});
    if (wait > milliseconds{0})
      wake_.wait_for(lock, wait);
  }
}

} // namespace assistly::actors
