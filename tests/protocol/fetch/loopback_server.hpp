/// A server that does to a client exactly what a test says, byte for byte.
#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

struct ssl_ctx_st;
struct ssl_st;

namespace assistly::fetch {

/// A certificate that vouches for itself.
struct self_signed {
  std::string certificate_pem;
  std::string key_pem;

  /// For names like "DNS:localhost" or "IP:127.0.0.1".
  static self_signed make(const std::string& alternative_name);
};

/// One accepted connection, closed when it ends.
class connection {
public:
  connection(int fd, ssl_st* tls) : fd_(fd), tls_(tls) {}

  connection(const connection&) = delete;
  connection& operator=(const connection&) = delete;
  ~connection();

  /// A whole request, head and body by Content-Length; less if the client ends
  /// before, empty if it sends none.
  std::string read_request();
  /// The first bytes of a request, at least one if the client sends any.
  std::string read_start();
  /// Waits until the client closes; whatever it sends is dropped.
  void wait_for_end();
  void write(std::string_view text);
  /// Closes by RST instead of FIN.
  void reset();

private:
  std::size_t read_some(char* into, std::size_t size);

  int fd_;
  ssl_st* tls_;
  std::string left_;
};

/// Every connection is served by `serve` on a thread of its own.
class loopback_server {
public:
  using script = std::function<void(connection&, int connection_number)>;

  explicit loopback_server(script serve, const self_signed* tls = nullptr,
                           const std::string& unix_path = {});
  ~loopback_server();

  /// http[s]://127.0.0.1:port
  std::string url(std::string_view path = "/",
                  std::string_view host = "127.0.0.1") const;

  int connections() const {
    return accepted_;
  }

private:
  void run();

  script serve_;
  std::unique_ptr<ssl_ctx_st, void (*)(ssl_ctx_st*)> tls_;
  int listener_ = -1;
  int port_ = 0;
  std::atomic<bool> ending_ = false;
  std::atomic<int> accepted_ = 0;
  std::mutex mutex_;
  std::vector<int> open_;
  std::vector<std::thread> threads_;
  std::thread acceptor_;
};

/// 200 with a body and a connection that stays.
std::string ok(std::string_view body);

} // namespace assistly::fetch
