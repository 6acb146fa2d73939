#include "tests/protocol/http/loopback_client.hpp"

#include <gtest/gtest.h>

#include <arpa/inet.h>
#include <array>
#include <cstdlib>
#include <cstring>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>

namespace assistly::http {

namespace {

sockaddr_in loopback(std::uint16_t port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  return address;
}

template <class Address>
bool connect_to(int socket, const Address& address) {
  // Only so that a server that hangs fails the test instead of stopping it.
  const timeval patience{20, 0};
  ::setsockopt(socket, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
  ::setsockopt(socket, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
  return ::connect(socket, reinterpret_cast<const sockaddr*>(&address),
                   sizeof address)
         == 0;
}

} // namespace

std::string wire_answer::field(std::string_view name) const {
  const auto at = head.find("\r\n" + std::string{name} + ": ");
  if (at == std::string::npos)
    return {};
  const auto start = at + 2 + name.size() + 2;
  return head.substr(start, head.find("\r\n", start) - start);
}

loopback_client::loopback_client(std::uint16_t port)
  : socket_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
  EXPECT_TRUE(connect_to(socket_, loopback(port))) << std::strerror(errno);
}

loopback_client::loopback_client(const std::string& socket_path)
  : socket_(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  socket_path.copy(address.sun_path, sizeof address.sun_path - 1);
  EXPECT_TRUE(connect_to(socket_, address)) << std::strerror(errno);
}

loopback_client::~loopback_client() {
  ::close(socket_);
}

void loopback_client::send(std::string_view bytes) {
  while (!bytes.empty()) {
    const auto n = ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (n <= 0)
      return;
    bytes.remove_prefix(static_cast<std::size_t>(n));
  }
}

void loopback_client::end_output() {
  ::shutdown(socket_, SHUT_WR);
}

bool loopback_client::fill() {
  std::array<char, 16384> buffer{};
  const auto n = ::recv(socket_, buffer.data(), buffer.size(), 0);
  if (n <= 0)
    return false;
  received_.append(buffer.data(), static_cast<std::size_t>(n));
  return true;
}

std::optional<wire_answer> loopback_client::read_answer(bool body_expected) {
  auto end = received_.find("\r\n\r\n");
  while (end == std::string::npos) {
    if (!fill())
      return std::nullopt;
    end = received_.find("\r\n\r\n");
  }
  wire_answer answer;
  answer.head = received_.substr(0, end);
  answer.status = std::atoi(answer.head.c_str() + std::strlen("HTTP/1.1 "));
  received_.erase(0, end + 4);
  if (!body_expected)
    return answer;
  const auto length =
    std::strtoul(answer.field("Content-Length").c_str(), nullptr, 10);
  while (received_.size() < length)
    if (!fill())
      return std::nullopt;
  answer.body = received_.substr(0, length);
  received_.erase(0, length);
  return answer;
}

std::string loopback_client::read_to_end() {
  while (fill()) {
  }
  return std::move(received_);
}

bool loopback_client::is_closed() {
  return received_.empty() && !fill() && errno != EAGAIN;
}

bool accepts_connections(std::uint16_t port) {
  const int socket = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const bool connected = connect_to(socket, loopback(port));
  ::close(socket);
  return connected;
}

} // namespace assistly::http
