#include "protocol/http/listen_address.hpp"

#include <charconv>

namespace assistly::http {

namespace {

fault refuse(std::string_view text, std::string_view why) {
  return {errc::invalid,
          "listen address \"" + std::string{text} + "\": " + std::string{why}};
}

} // namespace

outcome<listen_address> parse_listen_address(std::string_view text) {
  listen_address parsed;
  if (text.starts_with("unix:")) {
    parsed.path = text.substr(5);
    if (!parsed.path.starts_with('/'))
      return refuse(text, "the path of a unix socket must be absolute");
    if (parsed.path.size() > longest_socket_path)
      return refuse(text, "the path of a unix socket has at most 107 bytes");
    return parsed;
  }
  const auto colon = text.rfind(':');
  if (colon == std::string_view::npos)
    return refuse(text, "needs a port, as in 127.0.0.1:8080");
  auto host = text.substr(0, colon);
  const auto port = text.substr(colon + 1);
  const auto [end, error] =
    std::from_chars(port.data(), port.data() + port.size(), parsed.port);
  if (error != std::errc{} || end != port.data() + port.size())
    return refuse(text, "the port must be a number from 0 to 65535");
  if (host.starts_with('[') && host.ends_with(']') && host.size() > 2) {
    host = host.substr(1, host.size() - 2);
  } else if (host == "localhost") {
    host = "127.0.0.1";
  } else if (host.empty() || host.find(':') != std::string_view::npos) {
    return refuse(text, "needs an address, IPv6 in brackets, before the port");
  }
  parsed.host = host;
  return parsed;
}

} // namespace assistly::http
