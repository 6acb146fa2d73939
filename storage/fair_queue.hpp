/// What waits for the writer: each business in a line of its own, and the lines
/// in turn, so that nobody waits behind a hundred times as much of another's.
#pragma once

#include "model/ids.hpp"

#include <cstddef>
#include <memory>
#include <unordered_map>

namespace assistly::storage {

/// `T` has a public `T* next` for the queue's use alone, so that nothing is
/// allocated to wait; and `tenant_id share()`. What is of no business in
/// particular is 0 and has a turn like a business. Not for two threads at once.
template <class T>
class fair_queue {
public:
  fair_queue() = default;
  fair_queue(const fair_queue&) = delete;
  fair_queue& operator=(const fair_queue&) = delete;

  ~fair_queue() {
    while (auto gone = pop(1)) {
    }
  }

  bool empty() const noexcept {
    return size_ == 0;
  }

  std::size_t size() const noexcept {
    return size_;
  }

  /// Behind what its business has waiting.
  void push(std::unique_ptr<T> item) {
    auto& mine = lines_[item->share()];
    auto* raw = item.release();
    raw->next = nullptr;
    ++size_;
    if (mine.first) {
      mine.last->next = raw;
      mine.last = raw;
      return;
    }
    mine.first = mine.last = raw;
    append(mine);
  }

  /// The next in turn; nothing if all is taken. A business keeps its turn for
  /// `quantum` items, so that what belongs together stays together.
  std::unique_ptr<T> pop(std::size_t quantum) {
    if (!turn_)
      return nullptr;
    auto& mine = *turn_;
    std::unique_ptr<T> item{mine.first};
    mine.first = mine.first->next;
    item->next = nullptr;
    --size_;
    if (mine.first && ++taken_ < quantum)
      return item;
    taken_ = 0;
    turn_ = mine.after;
    mine.after = nullptr;
    if (!turn_)
      end_ = nullptr;
    if (mine.first)
      append(mine);
    return item;
  }

private:
  /// Stays when it has run dry: a business is seldom gone for good, and a line
  /// is small.
  struct line {
    T* first = nullptr;
    T* last = nullptr;
    line* after = nullptr;
  };

  struct hash {
    std::size_t operator()(tenant_id id) const noexcept {
      return std::hash<std::int64_t>{}(id.value);
    }
  };

  /// Behind all lines that have something waiting.
  void append(line& one) {
    if (end_)
      end_->after = &one;
    else
      turn_ = &one;
    end_ = &one;
  }

  std::unordered_map<tenant_id, line, hash> lines_;
  line* turn_ = nullptr;
  line* end_ = nullptr;
  std::size_t size_ = 0;
  std::size_t taken_ = 0;
};

} // namespace assistly::storage
