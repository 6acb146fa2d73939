/// A handler that keeps its requests until the test answers them.
#pragma once

#include "protocol/http/responder.hpp"

#include <chrono>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <utility>
#include <vector>

namespace assistly::http {

class held_requests {
public:
  std::function<void(request, responder)> handler() {
    return [this](request asked, responder to) {
      const std::lock_guard lock{mutex_};
      held_.emplace_back(std::move(asked), std::move(to));
      arrived_.notify_all();
    };
  }

  /// Waits for `n` requests in all and hands them over, in order of arrival.
  /// Fewer if they do not come within 20 s.
  std::vector<std::pair<request, responder>> take(std::size_t n) {
    std::unique_lock lock{mutex_};
    arrived_.wait_for(lock, std::chrono::seconds{20},
                      [&] { return held_.size() >= n; });
    return std::exchange(held_, {});
  }

private:
  std::mutex mutex_;
  std::condition_variable arrived_;
  std::vector<std::pair<request, responder>> held_;
};

} // namespace assistly::http
