/// A line to the test server that can be cut where a test wants it: between a
/// commit and its answer, or for as long as a server is down.
#pragma once

#include "tests/fakes/temporary_folder.hpp"

#include <atomic>
#include <string>
#include <thread>
#include <vector>

namespace assistly::fakes {

class relay {
public:
  /// `url` names the server by `host=`, the folder of its socket, at its end.
  explicit relay(const std::string& url);
  ~relay();
  relay(const relay&) = delete;
  relay& operator=(const relay&) = delete;

  /// The same database, by this line.
  const std::string& url() const noexcept {
    return url_;
  }

  /// The server's next answer is not passed on: once it has answered, the
  /// connection is closed on both sides.
  void swallow_next_answer() {
    swallow_ = true;
  }

  /// How many answers were swallowed.
  int swallowed() const noexcept {
    return swallowed_;
  }

  /// While down, every new connection is closed at once.
  void set_down(bool down) {
    down_ = down;
  }

private:
  void loop();
  void pass_on(int client);

  temporary_folder folder_;
  std::string server_;
  std::string url_;
  int listening_ = -1;
  std::atomic<bool> stopping_{false};
  std::atomic<bool> swallow_{false};
  std::atomic<int> swallowed_{0};
  std::atomic<bool> down_{false};
  std::vector<std::thread> lines_;
  std::thread thread_;
};

} // namespace assistly::fakes
