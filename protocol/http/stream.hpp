/// Private to the server's translation unit: moves a session's bytes over TCP,
/// TLS or a unix socket. One instantiation per kind of stream, and none of
/// Beast's composed operations, which cost twice the time per request and to
/// compile.
#pragma once

#include "protocol/http/session_times.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/ssl/error.hpp>
#include <boost/asio/ssl/stream.hpp>

#include <type_traits>
#include <utility>

namespace assistly::http {

namespace asio = boost::asio;
using boost::system::error_code;
// The default, any_io_executor, costs an indirect call here and there.
using io_executor = asio::io_context::executor_type;
using tcp_socket = asio::basic_stream_socket<asio::ip::tcp, io_executor>;
using tls_socket = asio::ssl::stream<tcp_socket>;
using unix_socket =
  asio::basic_stream_socket<asio::local::stream_protocol, io_executor>;

template <class Stream>
class stream_session final : public session {
  static constexpr bool is_tls = std::is_same_v<Stream, tls_socket>;

public:
  template <class... Arguments>
  stream_session(std::shared_ptr<session_home> home, std::string peer,
                 bool shed, Arguments&&... arguments)
    : session(std::move(home), std::move(peer), shed),
      stream_(std::forward<Arguments>(arguments)...) {}

  void begin() override {
    if constexpr (is_tls)
      stream_.async_handshake(asio::ssl::stream_base::server,
                              [self = self()](error_code error) {
                                self->on_begun(error ? io::failed : io::done);
                              });
    else
      on_begun(io::done);
  }

private:
  std::shared_ptr<stream_session> self() {
    return std::static_pointer_cast<stream_session>(shared_from_this());
  }

  auto& raw() noexcept {
    if constexpr (is_tls)
      return stream_.next_layer();
    else
      return stream_;
  }

  static io result_of(error_code error) noexcept {
    if (!error)
      return io::done;
    // A peer that ends TCP without ending TLS has said all it wanted; lengths
    // in the messages tell whether something is missing.
    return error == asio::error::eof
               || error == asio::ssl::error::stream_truncated
             ? io::ended
             : io::failed;
  }

  auto when_read() {
    return [self = self()](error_code error, std::size_t size) {
      self->on_read(result_of(error), size);
    };
  }

  void start_read(char* to, std::size_t size) override {
    stream_.async_read_some(asio::buffer(to, size), when_read());
  }

  void start_raw_read(char* to, std::size_t size) override {
    raw().async_read_some(asio::buffer(to, size), when_read());
  }

  void start_write(const char* from, std::size_t size) override {
    stream_.async_write_some(
      asio::buffer(from, size),
      [self = self()](error_code error, std::size_t taken) {
        self->on_write(result_of(error), taken);
      });
  }

  void start_shutdown() override {
    if constexpr (is_tls)
      stream_.async_shutdown([self = self()](error_code) {
        // Whatever came of it, TLS has ended; TCP goes on below.
        self->end_output();
      });
    else
      end_output();
  }

  void end_output() {
    error_code ignored; // the peer may be gone already
    raw().shutdown(asio::socket_base::shutdown_send, ignored);
    on_shutdown();
  }

  void cancel_read() override {
    error_code ignored; // nothing pending is as good
    raw().cancel(ignored);
  }

  void close_socket() noexcept override {
    error_code ignored; // there is nothing left to lose
    raw().close(ignored);
  }

  Stream stream_;
};

} // namespace assistly::http
