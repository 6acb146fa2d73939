#include "config/shapes.hpp"

#include <algorithm>
#include <arpa/inet.h>
#include <array>
#include <charconv>

namespace assistly::config {

namespace {

bool is_digit(char c) noexcept {
  return c >= '0' && c <= '9';
}

bool is_lower(char c) noexcept {
  return c >= 'a' && c <= 'z';
}

bool is_upper(char c) noexcept {
  return c >= 'A' && c <= 'Z';
}

template <class Predicate>
bool all_of(std::string_view text, Predicate is) {
  return !text.empty() && std::all_of(text.begin(), text.end(), is);
}

bool is_ip(const std::string& text, int family) {
  std::array<unsigned char, 16> bytes{};
  return ::inet_pton(family, text.c_str(), bytes.data()) == 1;
}

template <class Number>
std::optional<Number> whole_number(std::string_view text) {
  Number value{};
  const auto [end, failed] =
    std::from_chars(text.data(), text.data() + text.size(), value);
  if (failed != std::errc{} || end != text.data() + text.size())
    return std::nullopt;
  return value;
}

struct split_address {
  std::string host;
  std::string_view port;
  bool bracketed = false;
};

/// `host:port` or `[host]:port`, cut apart.
std::optional<split_address> split(std::string_view text) {
  const std::size_t colon = text.rfind(':');
  if (colon == std::string_view::npos || colon == 0)
    return std::nullopt;
  std::string_view host = text.substr(0, colon);
  const bool bracketed = host.front() == '[' && host.back() == ']';
  if (bracketed)
    host = host.substr(1, host.size() - 2);
  else if (host.find_first_of(":[]") != std::string_view::npos)
    return std::nullopt;
  return split_address{std::string{host}, text.substr(colon + 1), bracketed};
}

bool is_host_name(std::string_view text) {
  return text.size() <= 253 && all_of(text, [](char c) {
           return is_digit(c) || is_lower(c) || is_upper(c) || c == '-'
                  || c == '.';
         });
}

} // namespace

std::optional<listen_address> parse_listen_address(std::string_view text) {
  const auto parts = split(text);
  if (!parts || !is_ip(parts->host, parts->bracketed ? AF_INET6 : AF_INET))
    return std::nullopt;
  const auto port = whole_number<std::uint16_t>(parts->port);
  if (!port)
    return std::nullopt;
  return listen_address{parts->host, *port};
}

std::string to_string(const listen_address& address) {
  const bool v6 = address.host.find(':') != std::string::npos;
  return (v6 ? '[' + address.host + ']' : address.host) + ':'
         + std::to_string(address.port);
}

bool is_loopback(const listen_address& address) noexcept {
  return address.host.starts_with("127.") || address.host == "::1";
}

bool is_address_or_network(std::string_view text) {
  const std::size_t slash = text.find('/');
  const std::string address{text.substr(0, slash)};
  const bool v4 = is_ip(address, AF_INET);
  if (!v4 && !is_ip(address, AF_INET6))
    return false;
  if (slash == std::string_view::npos)
    return true;
  const auto bits = whole_number<unsigned>(text.substr(slash + 1));
  return bits && *bits <= (v4 ? 32U : 128U);
}

bool is_host_and_port(std::string_view text) {
  const auto parts = split(text);
  if (!parts)
    return false;
  const auto port = whole_number<std::uint16_t>(parts->port);
  return port && *port > 0
         && (parts->bracketed ? is_ip(parts->host, AF_INET6)
                              : is_host_name(parts->host));
}

bool is_web_url(std::string_view text) {
  if (text.size() > 2048 || !is_one_line(text)
      || text.find_first_of(" \"<>\\^`{|}") != std::string_view::npos)
    return false;
  if (text.starts_with("https://"))
    text.remove_prefix(8);
  else if (text.starts_with("http://"))
    text.remove_prefix(7);
  else
    return false;
  const std::string_view authority = text.substr(0, text.find_first_of("/?#"));
  if (authority.find('@') != std::string_view::npos)
    return false;
  const bool has_port =
    authority.rfind(':') != std::string_view::npos && authority.back() != ']';
  return has_port ? is_host_and_port(authority)
                  : is_host_and_port(std::string{authority} + ":80");
}

bool is_email(std::string_view text) {
  const std::size_t at = text.find('@');
  if (text.size() > 254 || at == std::string_view::npos || at == 0 || at > 64)
    return false;
  const std::string_view local = text.substr(0, at);
  const std::string_view domain = text.substr(at + 1);
  const bool local_ok =
    is_one_line(local)
    && local.find_first_of(" \"(),:;<>[\\]") == std::string_view::npos;
  return local_ok && is_host_name(domain)
         && domain.find('.') != std::string_view::npos && domain.front() != '.'
         && domain.back() != '.' && domain.find("..") == std::string_view::npos;
}

bool is_language(std::string_view text) {
  const std::size_t dash = text.find('-');
  const std::string_view language = text.substr(0, dash);
  if (language.size() < 2 || language.size() > 3 || !all_of(language, is_lower))
    return false;
  if (dash == std::string_view::npos)
    return true;
  const std::string_view rest = text.substr(dash + 1);
  const bool region = rest.size() == 2 && all_of(rest, is_upper);
  const bool script = rest.size() == 4 && is_upper(rest.front())
                      && all_of(rest.substr(1), is_lower);
  return region || script;
}

bool is_slug(std::string_view text) {
  return text.size() <= 40 && all_of(text, [](char c) {
           return is_lower(c) || is_digit(c) || c == '-';
         });
}

bool is_plain_id(std::string_view text) {
  return text.size() <= 80 && all_of(text, [](char c) {
           return is_lower(c) || is_upper(c) || is_digit(c) || c == '-'
                  || c == '_' || c == '.';
         });
}

bool is_api_version(std::string_view text) {
  const std::size_t dot = text.find('.');
  return text.starts_with('v') && dot != std::string_view::npos
         && text.size() <= 10 && all_of(text.substr(1, dot - 1), is_digit)
         && all_of(text.substr(dot + 1), is_digit);
}

bool is_one_line(std::string_view text) {
  return std::none_of(text.begin(), text.end(), [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return byte < 0x20 || byte == 0x7f;
  });
}

std::string ascii_lower(std::string_view text) {
  std::string out{text};
  for (char& c : out)
    if (is_upper(c))
      c = static_cast<char>(c - 'A' + 'a');
  return out;
}

} // namespace assistly::config
