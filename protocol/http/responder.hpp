/// The answer that is still owed for one request.
#pragma once

#include "protocol/http/message.hpp"

#include <cstdint>
#include <functional>
#include <memory>
#include <utility>
#include <vector>

namespace assistly::http {

class response_sink;

/// One answer on its way to where it is owed.
struct delivery {
  std::shared_ptr<response_sink> sink;
  std::uint64_t ticket;
  response answer;
};

/// A thread that owns sinks. Answers for many of its sinks reach it in one hop.
class delivery_loop {
public:
  virtual ~delivery_loop() = default;
  /// Callable from any thread.
  virtual void deliver(std::vector<delivery> batch) = 0;
};

/// Where answers go: a session of the server, or a double in a test.
class response_sink {
public:
  virtual ~response_sink() = default;
  /// Takes the answer of the request that got `ticket`. Callable from any
  /// thread.
  virtual void answer(std::uint64_t ticket, response what) = 0;
  /// Nobody will answer `ticket`.
  virtual void abandon(std::uint64_t ticket);

  /// The loop that owns the sink; null if it has none.
  virtual delivery_loop* loop() noexcept {
    return nullptr;
  }
};

/// Move-only right, and duty, to answer one request once. Whoever drops it
/// unanswered answers 503 with `Retry-After`, so that no request is ever left
/// hanging. May outlive the server; it then does nothing.
class responder {
public:
  responder(std::shared_ptr<response_sink> sink, std::uint64_t ticket) noexcept
    : sink_(std::move(sink)), ticket_(ticket) {}

  /// For tests and for those who call handlers without a socket: `done` is
  /// called once, on the thread that answers.
  explicit responder(std::function<void(response)> done);

  responder(responder&&) noexcept = default;
  responder& operator=(responder&& other) noexcept;
  ~responder();

  /// Answers. Callable from any thread; without effect on one moved from.
  void send(response what) &&;

private:
  friend void send_all(std::vector<std::pair<responder, response>> answers);

  void abandon() noexcept;

  std::shared_ptr<response_sink> sink_;
  std::uint64_t ticket_ = 0;
};

/// Answers many at once, with one hop per I/O thread instead of one per answer.
/// For whoever commits in batches.
void send_all(std::vector<std::pair<responder, response>> answers);

} // namespace assistly::http
