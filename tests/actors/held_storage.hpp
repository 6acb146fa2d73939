/// A machine whose storage answers nobody for a while.
#pragma once

#include "tests/actors/machine.hpp"

#include <future>
#include <memory>

namespace assistly::fakes {

/// Holds up those who work for storage, until they are let go.
class held_storage {
public:
  void let_go() {
    free_.set_value();
  }

protected:
  /// Gives one of the queue's threads something that does not end.
  template <class Argument, class Queue>
  void hold(Queue& queue) {
    auto started = std::make_shared<std::promise<void>>();
    queue.submit(
      [started, free = let_go_](Argument&) {
        started->set_value();
        free.get();
      },
      {});
    started->get_future().get();
  }

private:
  std::promise<void> free_;
  std::shared_future<void> let_go_{free_.get_future().share()};
};

/// Nobody's write is carried out.
class busy_writer : public held_storage {
public:
  explicit busy_writer(machine& m) {
    hold<storage::work>(*m.storage.writer);
  }
};

/// Nobody's read is: the node has two threads for them.
class busy_readers : public held_storage {
public:
  explicit busy_readers(machine& m) {
    for (int i = 0; i < 2; ++i)
      hold<storage::session>(*m.storage.reader);
  }
};

} // namespace assistly::fakes
