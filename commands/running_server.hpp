/// A node with everything around it: database, writer, actors, listeners.
/// `serve` and `demo` are this and waiting for a signal.
#pragma once

#include "api/access.hpp"
#include "config/settings.hpp"
#include "model/outcome.hpp"

#include <cstdint>
#include <memory>

namespace assistly::commands {

class running_server {
public:
  /// Opens and migrates the database, recovers, listens. Each error says what
  /// to do.
  static outcome<std::unique_ptr<running_server>>
  start(const config::settings& settings);

  /// Drains within 20 s: not ready, no new connections, what is in flight
  /// finishes, everything owed stays in storage.
  ~running_server();
  running_server(const running_server&) = delete;
  running_server& operator=(const running_server&) = delete;

  std::uint16_t port() const noexcept;
  std::uint16_t operations_port() const noexcept;
  api::access& access() noexcept;

private:
  struct parts;

  explicit running_server(std::unique_ptr<parts> made);

  std::unique_ptr<parts> parts_;
};

} // namespace assistly::commands
