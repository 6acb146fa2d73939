/// What tells that webhooks do not come as they should, seen where it happens
/// and read by the subscription watch.
#pragma once

#include "model/clock.hpp"
#include "model/ids.hpp"

#include <atomic>
#include <cstdint>
#include <map>
#include <mutex>
#include <utility>
#include <vector>

namespace assistly::actors {

/// Webhooks that we could not take. Safe from any thread.
class webhook_record {
public:
  /// One was answered 200.
  void taken(timestamp now) noexcept {
    if (failing_since_.load(std::memory_order_relaxed) == 0)
      return;
    auto began = failing_since_.exchange(0);
    if (began != 0)
      outage_.store(to_unix_ms(now) - began);
  }

  /// One was answered otherwise, by our fault: 401 or 503.
  void refused(timestamp now) noexcept {
    std::int64_t none = 0;
    failing_since_.compare_exchange_strong(none, to_unix_ms(now));
  }

  /// The last one was refused.
  bool failing() const noexcept {
    return failing_since_.load(std::memory_order_relaxed) != 0;
  }

  /// How long the last outage took, told once; zero if none ended since.
  milliseconds take_outage() noexcept {
    return milliseconds{outage_.exchange(0)};
  }

private:
  std::atomic<std::int64_t> failing_since_{0};
  std::atomic<std::int64_t> outage_{0};
};

using channel_name = std::pair<tenant_id, channel_id>;

/// Sends that nothing was heard of since.
class traffic_record {
public:
  void sent(channel_name channel, timestamp now) {
    std::lock_guard lock{mutex_};
    unheard_.try_emplace(channel, now);
  }

  void heard(channel_name channel) {
    std::lock_guard lock{mutex_};
    unheard_.erase(channel);
  }

  /// Channels whose send of before `since` has no echo, each told once.
  std::vector<channel_name> take_silent(timestamp since) {
    std::vector<channel_name> all;
    std::lock_guard lock{mutex_};
    std::erase_if(unheard_, [&](const auto& one) {
      if (one.second >= since)
        return false;
      all.push_back(one.first);
      return true;
    });
    return all;
  }

private:
  std::mutex mutex_;
  /// The first send of each channel that nothing was heard of since.
  std::map<channel_name, timestamp> unheard_;
};

} // namespace assistly::actors
