#include "tests/storage/relay.hpp"

#include <cstring>
#include <poll.h>
#include <stdexcept>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

namespace assistly::fakes {

namespace {

constexpr const char* socket_name = "/.s.PGSQL.5432";
constexpr int look_again_ms = 20;

sockaddr_un address_of(const std::string& path) {
  sockaddr_un a{};
  a.sun_family = AF_UNIX;
  if (path.size() >= sizeof a.sun_path)
    throw std::runtime_error{"a socket's path is too long"};
  std::memcpy(a.sun_path, path.c_str(), path.size() + 1);
  return a;
}

int connect_to(const std::string& path) {
  auto a = address_of(path);
  int fd = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (fd >= 0
      && ::connect(fd, reinterpret_cast<const sockaddr*>(&a), sizeof a) == 0)
    return fd;
  if (fd >= 0)
    ::close(fd);
  return -1;
}

/// False when the other side is gone.
bool write_all(int fd, const char* at, std::size_t size) {
  while (size > 0) {
    auto n = ::send(fd, at, size, MSG_NOSIGNAL);
    if (n <= 0)
      return false;
    at += n;
    size -= static_cast<std::size_t>(n);
  }
  return true;
}

} // namespace

relay::relay(const std::string& url) {
  const std::string key = "host=";
  auto at = url.find(key);
  if (at == std::string::npos)
    throw std::runtime_error{"the server's URL names no folder"};
  at += key.size();
  server_ = url.substr(at) + socket_name;
  url_ = url.substr(0, at) + folder_.path().string();
  auto a = address_of(folder_.path().string() + socket_name);
  listening_ = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (listening_ < 0
      || ::bind(listening_, reinterpret_cast<const sockaddr*>(&a), sizeof a)
           != 0
      || ::listen(listening_, 32) != 0)
    throw std::runtime_error{"the relay cannot listen"};
  thread_ = std::thread{[this] { loop(); }};
}

relay::~relay() {
  stopping_ = true;
  thread_.join();
  for (auto& line : lines_)
    line.join();
  ::close(listening_);
}

void relay::loop() {
  while (!stopping_) {
    pollfd wanted{listening_, POLLIN, 0};
    if (::poll(&wanted, 1, look_again_ms) <= 0)
      continue;
    int client = ::accept4(listening_, nullptr, nullptr, SOCK_CLOEXEC);
    if (client < 0)
      continue;
    if (down_)
      ::close(client);
    else
      lines_.emplace_back([this, client] { pass_on(client); });
  }
}

void relay::pass_on(int client) {
  int server = connect_to(server_);
  char buffer[16 * 1024];
  while (server >= 0 && !stopping_) {
    pollfd both[] = {{client, POLLIN, 0}, {server, POLLIN, 0}};
    if (::poll(both, 2, look_again_ms) <= 0)
      continue;
    auto from = both[1].revents != 0 ? server : client;
    auto n = ::recv(from, buffer, sizeof buffer, 0);
    if (n <= 0)
      break;
    if (from == server && swallow_.exchange(false)) {
      ++swallowed_;
      break;
    }
    if (!write_all(from == server ? client : server, buffer,
                   static_cast<std::size_t>(n)))
      break;
  }
  ::close(client);
  if (server >= 0)
    ::close(server);
}

} // namespace assistly::fakes
