/// How many events a conversation has in hand, counted where both its tenant
/// and it see it. What finds no room waits in the journal.
#pragma once

#include "telemetry/mailbox_depths.hpp"

#include <atomic>
#include <cstddef>

namespace assistly::actors {

class mailbox_room {
public:
  explicit mailbox_room(telemetry::mailbox_depths& all) : all_(&all) {}

  mailbox_room(const mailbox_room&) = delete;
  mailbox_room& operator=(const mailbox_room&) = delete;

  ~mailbox_room() {
    all_->gone(depth_.load());
  }

  /// By the tenant alone.
  bool try_enter(std::size_t most) noexcept {
    if (depth_.load() >= most)
      return false;
    all_->grown(depth_.fetch_add(1));
    return true;
  }

  /// By the conversation, for an event that it is done with. True if that was
  /// the last one and more waits in the journal.
  bool leave() noexcept {
    auto before = depth_.fetch_sub(1);
    all_->shrunk(before);
    return before == 1 && behind_.load();
  }

  /// More waits in the journal, and goes first.
  bool behind() const noexcept {
    return behind_.load();
  }

  void set_behind(bool behind) noexcept {
    behind_.store(behind);
  }

  bool empty() const noexcept {
    return depth_.load() == 0;
  }

private:
  telemetry::mailbox_depths* all_;
  std::atomic<std::size_t> depth_{0};
  std::atomic<bool> behind_{false};
};

} // namespace assistly::actors
