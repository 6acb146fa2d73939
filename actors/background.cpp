#include "actors/background.hpp"

#include <sys/resource.h>

namespace assistly::actors {

background::background() : thread_([this] { loop(); }) {}

background::~background() {
  stop();
}

void background::submit(std::function<void()> what) {
  {
    std::lock_guard lock{mutex_};
    if (stopping_)
      return;
    queue_.push_back(std::move(what));
  }
  wake_.notify_one();
}

void background::stop() {
  {
    std::lock_guard lock{mutex_};
    stopping_ = true;
    queue_.clear();
  }
  wake_.notify_one();
  if (thread_.joinable())
    thread_.join();
}

void background::loop() {
  // On Linux the nice value belongs to the thread.
  ::setpriority(PRIO_PROCESS, 0, 10);
  while (true) {
    std::function<void()> what;
    {
      std::unique_lock lock{mutex_};
      wake_.wait(lock, [this] { return stopping_ || !queue_.empty(); });
      if (stopping_)
        return;
      what = std::move(queue_.front());
      queue_.pop_front();
    }
    what();
  }
}

} // namespace assistly::actors
