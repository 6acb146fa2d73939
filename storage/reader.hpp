/// A few threads that read, so that nobody who must not block has to.
#pragma once

#include "model/outcome.hpp"
#include "storage/database.hpp"

#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace assistly::storage {

class reader {
public:
  /// Throws `sql::failure` if the connections cannot be opened.
  reader(database& db, std::size_t threads);
  ~reader();
  reader(const reader&) = delete;
  reader& operator=(const reader&) = delete;

  /// Runs `ask` inside one read transaction on a reader's thread. What it
  /// throws
  /// (`sql::failure`) reaches `failed`.
  void submit(std::function<void(session&)> ask,
              std::function<void(fault)> failed);

  /// Runs it and waits. Not from an actor.
  outcome<void> run(std::function<void(session&)> ask);

  void stop();

private:
  struct request {
    std::function<void(session&)> ask;
    std::function<void(fault)> failed;
  };

  void loop(session& s);

  std::mutex mutex_;
  std::condition_variable wake_;
  std::deque<request> queue_;
  bool stopping_ = false;
  std::vector<std::unique_ptr<session>> sessions_;
  std::vector<std::thread> threads_;
};

} // namespace assistly::storage
