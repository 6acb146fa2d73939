/// The network side of `assistly load`: one thread, epoll, HTTP/1.1 with
/// keep-alive, one request under way on each connection.
#pragma once

#include "commands/load_body.hpp"
#include "commands/load_times.hpp"
#include "model/clock.hpp"
#include "model/outcome.hpp"

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <sys/socket.h>

namespace assistly::commands {

/// Where to connect, and what for.
struct load_target {
  sockaddr_storage address{};
  socklen_t address_size = 0;
  std::string host; ///< As written, with the port, for the Host header.
  std::string path;
};

/// Reads an http:// URL and looks its host up. errc::invalid if it is none,
/// errc::network_failed if the name is unknown.
outcome<load_target> find_target(std::string_view url);

struct load_plan {
  int connections = 1;
  double rate = 0; ///< A second; 0 = closed.
  seconds duration{10};
  seconds warm_up{0};
};

/// What happened. `acked` counts 200s that came within the measured time,
/// `refused` other answers; both and the errors of the whole run, warm-up and
/// tail included, stand beside them.
struct load_counts {
  /// When the first request was due, warm-up included; microseconds since 1970.
  /// An open load's others are due one period after the other.
  std::int64_t started_at_us = 0;
  /// Of every 200 after the warm-up, the tail included. In an open load from
  /// the moment the request was due, so that a server that stalls cannot hide
  /// it by holding back the next ones.
  ack_times times;
  std::uint64_t acked = 0;
  std::uint64_t sent_in_all = 0;
  std::uint64_t acked_in_all = 0;
  std::uint64_t refused_in_all = 0;
  /// The status refused last; 0 = none was.
  int refused_with = 0;
  /// Connections that broke under a request, or answered what is not HTTP.
  std::uint64_t broken_in_all = 0;
  std::uint64_t connect_failed_in_all = 0;
  /// Without an answer when the run was over (5 s after the last request).
  std::uint64_t unanswered = 0;
  /// Open: due within the run but never sent, as no connection was free.
  std::uint64_t overdue = 0;
};

/// Sends for `warm_up` and `duration`, then waits for what is under way.
/// errc::network_failed if not one connection could be made.
outcome<load_counts> drive_load(const load_plan& plan,
                                const load_target& target,
                                webhook_source& source);

} // namespace assistly::commands
