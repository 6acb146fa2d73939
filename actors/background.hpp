/// One thread of low priority for what may take long and must hold up nobody:
/// building knowledge indexes.
#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>

namespace assistly::actors {

class background {
public:
  background();
  ~background();
  background(const background&) = delete;
  background& operator=(const background&) = delete;

  void submit(std::function<void()> what);
  /// Ends after what runs now; what waits is dropped.
  void stop();

private:
  void loop();

  std::mutex mutex_;
  std::condition_variable wake_;
  std::deque<std::function<void()>> queue_;
  bool stopping_ = false;
  std::thread thread_;
};

} // namespace assistly::actors
