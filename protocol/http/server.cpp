// The one translation unit of the server that sees Beast and Asio; the private
// headers below are parts of it.
#include "protocol/http/server.hpp"

#include "protocol/http/io_loop.hpp"
#include "protocol/http/listen_address.hpp"
#include "protocol/http/tls_context.hpp"

#include <cerrno>
#include <sys/stat.h>
#include <unistd.h>
#include <utility>

namespace assistly::http {

struct server_state {
  std::shared_ptr<shared_parts> parts;
  std::vector<std::shared_ptr<io_loop>> loops;
  std::uint16_t port = 0;
  std::string socket_path; // of the unix socket we made

  struct stat socket_file {}; // what we made there
};

namespace {

constexpr int backlog = 1024; // the kernel cuts it to net.core.somaxconn

fault cannot_listen(const std::string& where, error_code why) {
  if (why == asio::error::address_in_use)
    return {errc::conflict, where + " is taken by another program"};
  return {errc::io_failed, "cannot listen on " + where + ": " + why.message()};
}

/// Bound, but nobody can connect before `listen()`.
outcome<tcp_acceptor> open_acceptor(asio::io_context& io,
                                    const asio::ip::tcp::endpoint& at,
                                    bool share) {
  error_code error;
  tcp_acceptor made{io};
  const auto step = [&](auto&& action) {
    if (!error)
      action();
  };
  step([&] { made.open(at.protocol(), error); });
  step([&] { made.set_option(tcp_acceptor::reuse_address{true}, error); });
  using reuse_port =
    asio::detail::socket_option::boolean<SOL_SOCKET, SO_REUSEPORT>;
  if (share)
    step([&] { made.set_option(reuse_port{true}, error); });
  step([&] { made.bind(at, error); });
  if (error)
    return cannot_listen(
      at.address().to_string() + ':' + std::to_string(at.port()), error);
  return made;
}

/// One listening socket per loop; the kernel spreads connections over them.
outcome<void> listen_tcp(server_state& state, const listen_address& where) {
  error_code error;
  const auto address = asio::ip::make_address(where.host, error);
  if (error)
    return fault{errc::invalid,
                 "listen address: \"" + where.host
                   + "\" is not an IP address (names are not looked up)"};
  asio::ip::tcp::endpoint at{address, where.port};
  const bool share = state.loops.size() > 1;
  if (share) {
    // With SO_REUSEPORT a second server of the same user would get a share of
    // our connections instead of an error. So ask once without it.
    auto alone = open_acceptor(state.loops.front()->context(), at, false);
    if (!alone)
      return alone.error();
  }
  for (const auto& loop : state.loops) {
    auto acceptor = open_acceptor(loop->context(), at, share);
    if (!acceptor)
      return acceptor.error();
    // With port 0 the first picks, the others follow.
    at.port(acceptor->local_endpoint(error).port());
    if (!error)
      acceptor->listen(backlog, error);
    if (error)
      return cannot_listen(where.host, error);
    loop->listen(*std::move(acceptor));
  }
  state.port = at.port();
  return {};
}

/// Removes a socket nobody listens on. A file that is no socket is left alone.
outcome<void> remove_stale_socket(asio::io_context& io,
                                  const std::string& path) {
  struct stat found {};

  if (::lstat(path.c_str(), &found) != 0)
    return {};
  if (!S_ISSOCK(found.st_mode))
    return fault{errc::conflict, path + " exists and is no socket"};
  error_code error;
  unix_socket probe{io};
  probe.connect({path}, error);
  if (error != asio::error::connection_refused)
    return fault{errc::conflict,
                 "unix:" + path + " is taken by another program"};
  if (::unlink(path.c_str()) != 0)
    return fault{errc::io_failed, "cannot remove the stale socket " + path};
  return {};
}

outcome<void> listen_unix(server_state& state, const std::string& path) {
  auto& io = state.loops.front()->context();
  if (auto removed = remove_stale_socket(io, path); !removed)
    return removed;
  error_code error;
  unix_acceptor made{io};
  made.open({}, error);
  if (!error)
    made.bind({path}, error);
  if (error)
    return cannot_listen("unix:" + path, error);
  state.socket_path = path;
  // Before listen() nobody can connect, so there is no moment at which others
  // could.
  if (::chmod(path.c_str(), S_IRUSR | S_IWUSR) != 0
      || ::lstat(path.c_str(), &state.socket_file) != 0)
    return fault{errc::io_failed, "cannot set the mode of " + path};
  made.listen(backlog, error);
  if (error)
    return cannot_listen("unix:" + path, error);
  state.loops.front()->listen(std::move(made));
  return {};
}

outcome<void> check(const server_options& o, const listen_address& where) {
  const bool tls = !o.tls_certificate_file.empty();
  if (tls == o.tls_key_file.empty())
    return fault{errc::invalid, "http.tls_certificate_file and "
                                "http.tls_key_file go together"};
  if (tls && where.is_unix())
    return fault{errc::invalid, "a unix socket takes no TLS"};
  if (!o.handler)
    return fault{errc::invalid, "a server needs a handler"};
  if (o.threads < 1 || o.limits.pipelining < 1 || o.limits.connections < 1)
    return fault{errc::invalid, "a server needs at least one thread, one "
                                "connection and one request on it"};
  if (o.limits.body > largest_body)
    return fault{errc::invalid, "bodies may have at most 16 MiB"};
  return {};
}

} // namespace

outcome<std::unique_ptr<server>> server::start(server_options options) {
  const auto where = parse_listen_address(options.listen);
  if (!where)
    return where.error();
  if (auto checked = check(options, *where); !checked)
    return checked.error();

  auto state = std::make_shared<server_state>();
  state->parts = std::make_shared<shared_parts>();
  auto& parts = *state->parts;
  parts.options = std::move(options);
  if (!parts.options.tls_certificate_file.empty()) {
    auto tls = make_tls_context(parts.options.tls_certificate_file,
                                parts.options.tls_key_file);
    if (!tls)
      return tls.error();
    parts.tls = *std::move(tls);
  }
  const int threads = where->is_unix() ? 1 : parts.options.threads;
  for (int i = 0; i < threads; ++i)
    state->loops.push_back(std::make_shared<io_loop>(state->parts));

  // From here on the destructor cleans up, also after a failure.
  std::unique_ptr<server> made{new server{state}};
  auto listening = where->is_unix() ? listen_unix(*state, where->path)
                                    : listen_tcp(*state, *where);
  if (!listening)
    return listening.error();
  parts.listening = state->loops.size();
  for (const auto& loop : state->loops)
    loop->start();
  return made;
}

server::server(std::shared_ptr<server_state> state) noexcept
  : state_(std::move(state)) {}

server::~server() {
  for (const auto& loop : state_->loops)
    loop->stop();
  // Responders may live on, and through them the loops; what the handler
  // captured may not.
  state_->parts->options.handler = nullptr;
  state_->parts->options.accepting = nullptr;
  state_->parts->options.refused = nullptr;

  struct stat now {};

  if (!state_->socket_path.empty()
      && ::lstat(state_->socket_path.c_str(), &now) == 0
      && now.st_ino == state_->socket_file.st_ino
      && now.st_dev == state_->socket_file.st_dev)
    ::unlink(state_->socket_path.c_str());
}

std::uint16_t server::port() const noexcept {
  return state_->port;
}

const server_counters& server::counters() const noexcept {
  return state_->parts->counters;
}

void server::drain() {
  for (const auto& loop : state_->loops)
    loop->drain();
}

bool server::wait_drained(seconds limit) {
  auto& parts = *state_->parts;
  std::unique_lock lock{parts.mutex};
  return parts.all_closed.wait_for(lock, limit, [&] {
    return parts.listening == 0 && parts.counters.open.load() == 0;
  });
}

} // namespace assistly::http
