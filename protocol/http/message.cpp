#include "protocol/http/message.hpp"

#include <algorithm>

namespace assistly::http {

namespace {

constexpr char lower(char c) noexcept {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c;
}

constexpr int hex_digit(char c) noexcept {
  if (c >= '0' && c <= '9')
    return c - '0';
  const char l = lower(c);
  return l >= 'a' && l <= 'f' ? l - 'a' + 10 : -1;
}

constexpr bool is_unreserved(char c) noexcept {
  const char l = lower(c);
  return (l >= 'a' && l <= 'z') || (c >= '0' && c <= '9') || c == '-'
         || c == '.' || c == '_' || c == '~';
}

/// Appends `text` as a JSON string (RFC 8259 section 7). Bytes beyond ASCII go
/// through as they are: our own sentences are UTF-8.
void append_json(std::string& out, std::string_view text) {
  constexpr std::string_view digits = "0123456789abcdef";
  out += '"';
  for (const char c : text) {
    if (c == '"' || c == '\\') {
      out += '\\';
      out += c;
    } else if (const auto byte = static_cast<unsigned char>(c); byte < 0x20) {
      out += "\\u00";
      out += digits[byte >> 4];
      out += digits[byte & 15];
    } else {
      out += c;
    }
  }
  out += '"';
}

} // namespace

bool equals_ignoring_case(std::string_view a, std::string_view b) noexcept {
  return a.size() == b.size()
         && std::equal(a.begin(), a.end(), b.begin(),
                       [](char x, char y) { return lower(x) == lower(y); });
}

std::pair<std::string_view, std::string_view>
request::header_at(std::size_t index) const noexcept {
  const field& f = fields_[index];
  const std::string_view all = text_;
  return {all.substr(f.name_at, f.name_size),
          all.substr(f.value_at, f.value_size)};
}

std::string_view request::header(std::string_view name) const noexcept {
  for (std::size_t i = 0; i < fields_.size(); ++i)
    if (auto [key, value] = header_at(i); equals_ignoring_case(key, name))
      return value;
  return {};
}

std::size_t request::header_count(std::string_view name) const noexcept {
  std::size_t count = 0;
  for (std::size_t i = 0; i < fields_.size(); ++i)
    count += equals_ignoring_case(header_at(i).first, name);
  return count;
}

void request::add_header(std::string_view name, std::string_view value) {
  if (fields_.empty()) {
    fields_.reserve(16);
    text_.reserve(512);
  }
  const auto at = static_cast<std::uint32_t>(text_.size());
  const auto name_size = static_cast<std::uint32_t>(name.size());
  fields_.push_back(
    {at, name_size, at + name_size, static_cast<std::uint32_t>(value.size())});
  text_.append(name).append(value);
}

void request::set_target(std::string_view text) {
  target = text;
  // absolute-form: the path starts after the authority.
  if (const auto scheme = text.find("://");
      !text.starts_with('/') && scheme != std::string_view::npos) {
    const auto rest = text.substr(scheme + 3);
    const auto end = rest.find_first_of("/?");
    text =
      end == std::string_view::npos ? std::string_view{} : rest.substr(end);
  }
  const auto mark = text.find('?');
  path = text.substr(0, mark);
  if (path.empty())
    path = "/";
  query =
    mark == std::string_view::npos ? std::string_view{} : text.substr(mark + 1);
}

response response::empty(int status) {
  response made;
  made.status = status;
  return made;
}

response response::text(int status, std::string body) {
  return {status, "text/plain; charset=utf-8", {}, std::move(body)};
}

response response::json(int status, std::string body) {
  return {status, "application/json", {}, std::move(body)};
}

response response::problem(int status, std::string_view title,
                           std::string_view detail) {
  std::string body = R"({"type":"about:blank","title":)";
  append_json(body, title);
  body += ",\"status\":" + std::to_string(status);
  if (!detail.empty()) {
    body += ",\"detail\":";
    append_json(body, detail);
  }
  body += '}';
  return {status, "application/problem+json", {}, std::move(body)};
}

response response::unavailable(seconds retry_after) {
  auto made = problem(503, reason_phrase(503));
  made.headers.emplace_back("Retry-After", std::to_string(retry_after.count()));
  return made;
}

std::string_view reason_phrase(int status) noexcept {
  switch (status) {
  case 100:
    return "Continue";
  case 101:
    return "Switching Protocols";
  case 200:
    return "OK";
  case 201:
    return "Created";
  case 202:
    return "Accepted";
  case 204:
    return "No Content";
  case 301:
    return "Moved Permanently";
  case 302:
    return "Found";
  case 303:
    return "See Other";
  case 304:
    return "Not Modified";
  case 307:
    return "Temporary Redirect";
  case 308:
    return "Permanent Redirect";
  case 400:
    return "Bad Request";
  case 401:
    return "Unauthorized";
  case 403:
    return "Forbidden";
  case 404:
    return "Not Found";
  case 405:
    return "Method Not Allowed";
  case 406:
    return "Not Acceptable";
  case 408:
    return "Request Timeout";
  case 409:
    return "Conflict";
  case 410:
    return "Gone";
  case 412:
    return "Precondition Failed";
  case 413:
    return "Content Too Large";
  case 414:
    return "URI Too Long";
  case 415:
    return "Unsupported Media Type";
  case 417:
    return "Expectation Failed";
  case 422:
    return "Unprocessable Content";
  case 429:
    return "Too Many Requests";
  case 431:
    return "Request Header Fields Too Large";
  case 500:
    return "Internal Server Error";
  case 501:
    return "Not Implemented";
  case 502:
    return "Bad Gateway";
  case 503:
    return "Service Unavailable";
  case 504:
    return "Gateway Timeout";
  case 505:
    return "HTTP Version Not Supported";
  case 507:
    return "Insufficient Storage";
  default:
    return "Status";
  }
}

std::optional<std::string> url_decode(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '+') {
      out += ' ';
    } else if (text[i] != '%') {
      out += text[i];
    } else {
      if (text.size() - i < 3)
        return std::nullopt;
      const int high = hex_digit(text[i + 1]);
      const int low = hex_digit(text[i + 2]);
      if (high < 0 || low < 0)
        return std::nullopt;
      out += static_cast<char>(high << 4 | low);
      i += 2;
    }
  }
  return out;
}

std::string url_encode(std::string_view text) {
  constexpr std::string_view digits = "0123456789ABCDEF";
  std::string out;
  out.reserve(text.size());
  for (const char c : text) {
    if (is_unreserved(c)) {
      out += c;
    } else {
      const auto byte = static_cast<unsigned char>(c);
      out += '%';
      out += digits[byte >> 4];
      out += digits[byte & 15];
    }
  }
  return out;
}

std::optional<std::string> query_parameter(std::string_view query,
                                           std::string_view name) {
  while (!query.empty()) {
    const auto end = query.find('&');
    const auto pair = query.substr(0, end);
    query = end == std::string_view::npos ? std::string_view{}
                                          : query.substr(end + 1);
    const auto equals = pair.find('=');
    const auto key = url_decode(pair.substr(0, equals));
    if (key && *key == name)
      return equals == std::string_view::npos
               ? std::string{}
               : url_decode(pair.substr(equals + 1));
  }
  return std::nullopt;
}

} // namespace assistly::http
