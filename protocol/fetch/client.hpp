/// The one outgoing HTTP client: Graph, AI providers, billing, everything.
#pragma once

#include "model/clock.hpp"
#include "model/outcome.hpp"

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace assistly::fetch {

/// What is asked of another server. Tokens belong into `headers`, never into
/// `url`.
struct request {
  std::string method = "POST";
  /// https://host[:port]/path?query; http:// where `client_options` or a
  /// `unix_socket` allows it. No user name, no password.
  std::string url;
  /// Lines of "Name: value", without line ends.
  std::vector<std::string> headers;
  std::string body;
  /// Until the connection stands, TLS included.
  milliseconds connect_timeout{3000};
  /// From `send` to the last byte of the answer, waiting for a connection
  /// included.
  milliseconds total_timeout{15000};
  /// A larger body of an answer is refused.
  std::size_t max_response_bytes = std::size_t{4} << 20;
  /// Path of a socket to go to in place of the URL's host; empty for none.
  std::string unix_socket;
};

/// A whole answer, whatever its status: a 3xx is not followed, a 4xx or 5xx is
/// no failure here.
struct response {
  int status = 0;
  /// In the order they came; names in lower case.
  std::vector<std::pair<std::string, std::string>> headers;
  std::string body;

  /// The first header of that name, which is given in lower case.
  std::optional<std::string_view> header(std::string_view name) const noexcept;
};

/// Takes the answer, or the reason there is none:
/// - `errc::network_failed`: the peer certainly did not get the request. It may
///   be sent again.
/// - `errc::in_doubt`: at least a byte of the request left, and no whole answer
///   came (timeout, reset, truncated or too large). The peer may have acted.
/// - `errc::invalid`: the request itself is wrong and was not sent.
///
/// Called exactly once, on the client's own thread: it must not block, throw or
/// destroy the client. It may call `send`; one that always does keeps the
/// client's destructor from ending.
using done = std::function<void(outcome<response>)>;

class client {
public:
  virtual ~client() = default;

  /// Returns at once. Safe from any thread.
  virtual void send(request wanted, done when_done) = 0;

  /// As `send` for each, with one wake-up of the client's thread.
  virtual void send_all(std::vector<std::pair<request, done>> wanted);
};

struct client_options {
  /// Requests under way to one host at a time, thereby its connections, too.
  /// More wait their turn here.
  std::size_t max_per_host = 64;
  /// Certificates to trust, as PEM; empty for the system's.
  std::string ca_file;
  /// Allows http:// over the network: for a sandbox or a provider on this
  /// machine.
  bool allow_plain_http = false;
  /// Uses HTTP/2 where the peer offers it by TLS.
  bool http2 = true;
  /// http://host:port; empty for none. The environment's is never used.
  std::string proxy;
  std::string user_agent = "Assistly";
  /// An unused connection older than this is not used again. Short, because a
  /// peer that closes it at the same moment leaves a request in doubt.
  seconds max_idle{30};
};

/// A client on libcurl with one thread of its own. Certificates and host names
/// are always verified. Destroying it ends every request under way: each `done`
/// is called with `in_doubt` or `network_failed` before the destructor returns.
std::unique_ptr<client> make_curl_client(client_options options = {});

/// For commands only: blocks until the answer is there. Never to be called from
/// a `done`.
outcome<response> send_and_wait(client& by, request wanted);

} // namespace assistly::fetch
