/// How many events wait in each conversation's mailbox: the deepest one and the
/// sum, without asking any of them.
#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>

namespace assistly::telemetry {

class mailbox_depths {
public:
  /// A mailbox that held `depth` holds one more, or one less. On any thread.
  void grown(std::size_t depth) noexcept {
    move(depth, depth + 1);
    total_.fetch_add(1, std::memory_order_relaxed);
  }

  void shrunk(std::size_t depth) noexcept {
    move(depth, depth - 1);
    total_.fetch_sub(1, std::memory_order_relaxed);
  }

  /// It went with all it held.
  void gone(std::size_t depth) noexcept {
    if (depth == 0)
      return;
    at(depth).fetch_sub(1, std::memory_order_relaxed);
    total_.fetch_sub(static_cast<std::int64_t>(depth),
                     std::memory_order_relaxed);
  }

  /// Depths beyond `counted` are told as that.
  std::int64_t deepest() const noexcept {
    for (std::size_t depth = counted; depth > 0; --depth)
      if (counts_[depth].load(std::memory_order_relaxed) > 0)
        return static_cast<std::int64_t>(depth);
    return 0;
  }

  std::int64_t total() const noexcept {
    return total_.load(std::memory_order_relaxed);
  }

  static constexpr std::size_t counted = 1'024;

private:
  std::atomic<std::int32_t>& at(std::size_t depth) noexcept {
    return counts_[depth < counted ? depth : counted];
  }

  /// Empty mailboxes are not counted: there may be any number of them.
  void move(std::size_t from, std::size_t to) noexcept {
    if (to > 0)
      at(to).fetch_add(1, std::memory_order_relaxed);
    if (from > 0)
      at(from).fetch_sub(1, std::memory_order_relaxed);
  }

  std::array<std::atomic<std::int32_t>, counted + 1> counts_{};
  std::atomic<std::int64_t> total_{0};
};

} // namespace assistly::telemetry
