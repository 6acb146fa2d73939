/// The HTTP/1.1 server: one I/O thread per core, requests in, answers out.
/// Beast, Asio and TLS stay behind this header.
#pragma once

#include "model/clock.hpp"
#include "model/outcome.hpp"
#include "protocol/http/message.hpp"
#include "protocol/http/responder.hpp"
#include "protocol/http/verdict.hpp"

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>

namespace assistly::http {

/// What a peer may use up (RELIABILITY section 8).
struct limits {
  framing_limits framing;
  /// Bytes of a request's body, decoded; at most `largest_body`. More is
  /// answered 413, before reading it where the length is known.
  std::uint64_t body = 4 * 1024 * 1024;
  milliseconds head_time{5000};   ///< TLS handshake, and first byte to head end
  milliseconds body_time{15000};  ///< end of the head to end of the body
  milliseconds idle_time{30000};  ///< between two requests
  milliseconds write_time{15000}; ///< without any byte taken by the peer
  milliseconds linger_time{2000}; ///< for the peer to close after we did
  std::uint64_t minimum_rate = 1024; ///< bytes/s of bodies, in and out, ...
  milliseconds rate_grace{5000};     ///< ... asked for after this time
  /// In all; more are answered 503, or over TLS closed.
  std::size_t connections = 10000;
  /// Per IPv4 address or IPv6 /64; more are answered 503. A load generator on
  /// one machine needs this raised to its number of connections.
  std::size_t connections_per_address = 256;
  std::size_t pipelining = 8; ///< requests of a connection not yet answered
  seconds retry_after = default_retry_after; ///< of every 503 made here
};

/// The most `limits::body` may be set to.
inline constexpr std::uint64_t largest_body = 16 * 1024 * 1024;

/// A request, or a whole connection, that the server answered by itself.
struct refusal {
  /// Of the answer. 503 also where none could be written: over TLS there is no
  /// word before the handshake.
  int status;
  /// The request, its body not yet whole; null if no whole head was read.
  const request* head;
  /// When the first byte was read; zero if there was none.
  steady_time began;
};

struct server_options {
  /// "127.0.0.1:8080", "[::1]:0", or "unix:/path": a socket of mode 0600, where
  /// a file left by a process that is gone is replaced.
  std::string listen = "127.0.0.1:8080";
  /// PEM files; both or none. TCP only.
  std::string tls_certificate_file;
  std::string tls_key_file;
  http::limits limits;
  /// I/O threads; a unix socket always has one.
  int threads = 1;
  /// Called on an I/O thread for every request; must not block. An exception
  /// out of it is answered 500, once the responder is dropped.
  std::function<void(request, responder)> handler;
  /// Asked on an I/O thread after the head and before the body; false answers
  /// 503 with `Retry-After` and closes. Absent: always true.
  std::function<bool(const request& head)> accepting;
  /// Told on an I/O thread of what never reaches the handler: what the framing
  /// guard refuses, who is too slow, who is turned away for load.
  std::function<void(const refusal&)> refused;
};

/// Counted since the start, but for `open`. Readable at any time.
struct server_counters {
  std::atomic<std::uint64_t> accepted{0};  ///< connections
  std::atomic<std::uint64_t> open{0};      ///< connections right now
  std::atomic<std::uint64_t> requests{0};  ///< handed to the handler
  std::atomic<std::uint64_t> refused{0};   ///< by the framing guard
  std::atomic<std::uint64_t> timeouts{0};  ///< of any kind but idle
  std::atomic<std::uint64_t> shed{0};      ///< turned away for load
  std::atomic<std::uint64_t> abandoned{0}; ///< responders dropped unanswered
  std::atomic<std::uint64_t> failures{0};  ///< exceptions out of the handler
};

struct server_state;

class server {
public:
  /// Binds, then serves until destroyed. `errc::invalid` for an address that
  /// cannot be read and for certificate files that do not fit, `errc::conflict`
  /// if somebody else listens there, `errc::io_failed` for files or sockets the
  /// system refuses.
  static outcome<std::unique_ptr<server>> start(server_options options);

  ~server();
  server(const server&) = delete;
  server& operator=(const server&) = delete;

  /// The port bound; 0 on a unix socket.
  std::uint16_t port() const noexcept;

  const server_counters& counters() const noexcept;

  /// Stops listening, lets what is in flight finish, answers
  /// `Connection: close`. Returns at once; may be called again.
  void drain();

  /// Waits until a drained server has no connection left; false if some are
  /// still open after `limit`.
  bool wait_drained(seconds limit);

private:
  explicit server(std::shared_ptr<server_state> state) noexcept;

  std::shared_ptr<server_state> state_;
};

} // namespace assistly::http
