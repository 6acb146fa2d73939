/// The running stand-in behind `running_sandbox`. Private to this room.
#pragma once

#include "crypto/random.hpp"
#include "protocol/fetch/client.hpp"
#include "protocol/http/server.hpp"
#include "sandbox/control_api.hpp"
#include "sandbox/run_sandbox.hpp"

#include <chrono>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <thread>

namespace assistly::sandbox {

using steady = std::chrono::steady_clock;

/// A delayed Graph answer; without one, the request is let go.
struct late_answer {
  http::responder to;
  std::optional<http::response> what;
  steady::time_point due;
};

struct waiting_phone {
  http::responder to;
  held_phone held;
  steady::time_point due;
};

struct waiting_order {
  http::responder to;
  team_order order;
};

/// One lock around the world. Two threads beside the server's and the client's:
/// the driver sends webhooks and ends waits, the other asks the team side,
/// which may block.
struct sandbox_core {
  explicit sandbox_core(sandbox_options given);

  ~sandbox_core() {
    stop();
  }

  outcome<void> start();
  void stop();
  void set_webhook_url(std::string url);
  void set_team(team_side* team);

  void handle(http::request request, http::responder to);
  void answer_graph(const http::request& request, http::responder to);
  void answer_sandbox(const http::request& request, http::responder to);
  void drive();
  void serve_team();
  std::vector<std::pair<http::responder, http::response>>
  take_ended(steady::time_point now);
  void shake_hands();

  sandbox_options options;
  system_clock_source clock;
  crypto::system_random random;

  std::mutex mutex; // of what follows, up to the client
  sandbox_world world;
  control_facts facts;
  std::vector<waiting_phone> phones;
  std::vector<late_answer> late;
  std::deque<waiting_order> orders;
  std::size_t under_way = 0;
  bool stopping = false;
  bool woken = false; // there may be something for the driver
  std::condition_variable driver_wakes;
  std::condition_variable team_wakes;
  std::mutex team_use; // held while the team side is called

  std::unique_ptr<fetch::client> client;
  std::unique_ptr<http::server> server;
  std::thread driver;
  std::thread team;
};

} // namespace assistly::sandbox
