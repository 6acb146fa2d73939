/// A blocking HTTP client that sends exactly the bytes it is given, so that
/// tests can send what no library would.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace assistly::http {

/// One answer as it came over the wire.
struct wire_answer {
  int status = 0;
  std::string head; ///< Status line and fields, without the empty line.
  std::string body;

  /// Value of a field, or empty. `name` as the server writes it.
  std::string field(std::string_view name) const;
};

class loopback_client {
public:
  /// Connects to 127.0.0.1:`port`. Fails the test if it cannot.
  explicit loopback_client(std::uint16_t port);
  /// Connects to a unix socket.
  explicit loopback_client(const std::string& socket_path);
  ~loopback_client();
  loopback_client(const loopback_client&) = delete;
  loopback_client& operator=(const loopback_client&) = delete;

  int descriptor() const noexcept {
    return socket_;
  }

  /// Sends all of it, or stops silently once the server has closed.
  void send(std::string_view bytes);
  /// Says that no more will be sent.
  void end_output();
  /// The next answer; `body_expected` false for answers of HEAD. Nothing if the
  /// server closes, or stays silent for 20 s.
  std::optional<wire_answer> read_answer(bool body_expected = true);
  /// Everything up to the close.
  std::string read_to_end();
  /// True if the server closes without another byte.
  bool is_closed();

private:
  bool fill();

  int socket_ = -1;
  std::string received_;
};

/// Can somebody connect to 127.0.0.1:`port`?
bool accepts_connections(std::uint16_t port);

} // namespace assistly::http
