/// The stand-in on the network: Graph API, `/sandbox/…` and the phone page on
/// one address, webhooks to another.
#pragma once

#include "model/outcome.hpp"
#include "sandbox/team_side.hpp"
#include "sandbox/world.hpp"

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace assistly::sandbox {

struct sandbox_options {
  std::string listen = "127.0.0.1:8090";
  /// Where webhooks go, such as http://127.0.0.1:8080/webhooks/meta. Empty:
  /// they wait until `set_webhook_url`.
  std::string webhook_url;
  secret_text app_secret;
  /// Not empty: the handshake of CONTRACT 2 is made whenever an address is set.
  secret_text verify_token;
  std::string app_id = "1029384756101112";
  std::vector<account> accounts;
  std::vector<post> posts;
  /// Questions the phone page offers while nothing was written.
  std::vector<std::string> suggestions;
  /// Null: the page says that the team side is in `assistly demo` only. Must
  /// live until `stop`.
  team_side* team = nullptr;
  bool require_proof = false;
  world_settings settings;
  /// Off: calls are counted, not kept; for load.
  bool record = true;
  int threads = 1; ///< I/O threads of the server
  /// Connections taken from one address.
  std::size_t connections_per_address = 4096;
  /// Webhooks under way at a time.
  std::size_t webhooks_at_once = 64;
  /// Told of every message and comment sent, on an I/O thread under the lock of
  /// the whole: it must be short.
  std::function<void(const observed_call&)> on_send;
};

struct sandbox_core;

class running_sandbox {
public:
  ~running_sandbox();
  running_sandbox(const running_sandbox&) = delete;
  running_sandbox& operator=(const running_sandbox&) = delete;

  std::uint16_t port() const noexcept;

  void set_webhook_url(std::string url);
  void set_team(team_side* team);

  /// Ends the server, what is held and what is under way. Returns when nothing
  /// of it runs any more; may be called again.
  void stop();

private:
  friend outcome<std::unique_ptr<running_sandbox>>
  run_sandbox(sandbox_options options);

  explicit running_sandbox(std::unique_ptr<sandbox_core> core);

  std::unique_ptr<sandbox_core> core_;
};

/// Serves until the object is destroyed. errc::invalid for an address, an app
/// id or a token that cannot be, else as http::server::start.
outcome<std::unique_ptr<running_sandbox>> run_sandbox(sandbox_options options);

} // namespace assistly::sandbox
