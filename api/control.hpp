/// The control socket: a command that finds a server holding the data folder
/// hands itself over to it (INTERFACE section 2).
#pragma once

#include "api/run_command.hpp"
#include "protocol/fetch/client.hpp"
#include "protocol/http/message.hpp"
#include "protocol/http/responder.hpp"

#include <condition_variable>
#include <deque>
#include <filesystem>
#include <mutex>
#include <thread>

namespace assistly::api {

/// Runs handed-over commands, one after another, on a thread of its own; an I/O
/// thread must not wait for one.
class control_desk {
public:
  explicit control_desk(access& a);
  ~control_desk();
  control_desk(const control_desk&) = delete;
  control_desk& operator=(const control_desk&) = delete;

  /// The handler of the control socket.
  void take(http::request request, http::responder responder);

private:
  struct job {
    http::request request;
    http::responder responder;
  };

  void loop();
  outcome<std::string> carry_out(const std::string& body);

  access* access_;
  std::mutex mutex_;
  std::condition_variable wake_;
  std::deque<job> queue_;
  bool stopping_ = false;
  std::thread thread_;
};

/// Where the server of a data folder takes commands.
std::filesystem::path control_socket_in(const std::filesystem::path& folder);

/// How long a command handed over may take. Those that go through everything
/// of a business take their time; the others are done at once, unless the
/// server is stopped or busy with one of the long ones.
milliseconds longest_answer(const command_call& call);

/// Sends a command to the server behind the socket. `network_failed` if nobody
/// listens there; `in_doubt` if it was heard and not answered within `most`.
outcome<std::string> hand_over(fetch::client& client,
                               const std::filesystem::path& socket,
                               const command_call& call, milliseconds most);

} // namespace assistly::api
