/// A second opinion on where a request ends: the same rules as the framing
/// guard's (RELIABILITY section 8), written the other way round. It wants the
/// whole input at once, cuts it into lines or walks a cursor, and knows no
/// states, so that a slip in one is unlikely to stand in the other.
#pragma once

#include "protocol/http/verdict.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace assistly::http {

struct reference_result {
  enum class kind { accepted, incomplete, refused } what = kind::refused;
  std::size_t size = 0; ///< Of the message, if accepted.
  std::string body;     ///< Decoded, if accepted.
};

class strict_reference {
public:
  strict_reference(std::string_view input, const framing_limits& limits,
                   std::uint64_t max_body)
    : input_(input), limits_(limits), max_body_(max_body) {}

  reference_result read() {
    using kind = reference_result::kind;
    try {
      read_request_line();
      read_fields();
      read_body();
      return {kind::accepted, at_, std::move(body_)};
    } catch (refusal) {
      return {kind::refused, 0, {}};
    } catch (end_of_input) {
      return {kind::incomplete, 0, {}};
    }
  }

private:
  struct refusal {};

  struct end_of_input {};

  static void want(bool condition) {
    if (!condition)
      throw refusal{};
  }

  static bool contains_only(std::string_view text, std::string_view allowed) {
    return text.find_first_not_of(allowed) == std::string_view::npos;
  }

  static constexpr std::string_view digits = "0123456789";
  static constexpr std::string_view tchars =
    "!#$%&'*+-.^_`|~0123456789"
    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";

  static bool token(std::string_view text) {
    return !text.empty() && contains_only(text, tchars);
  }

  static std::string lower(std::string_view text) {
    std::string out{text};
    for (char& c : out)
      if (c >= 'A' && c <= 'Z')
        c = static_cast<char>(c | 0x20);
    return out;
  }

  /// The next line without CRLF. `budget` is what is left of a limit in bytes.
  std::string_view line(std::size_t& budget) {
    const auto end = input_.find('\n', at_);
    const auto size =
      (end == std::string_view::npos ? input_.size() : end + 1) - at_;
    want(size <= budget);
    if (end == std::string_view::npos)
      throw end_of_input{};
    budget -= size;
    const auto text = input_.substr(at_, size);
    at_ += size;
    want(text.size() >= 2 && text[text.size() - 2] == '\r');
    want(text.find('\r') == text.size() - 2);
    return text.substr(0, text.size() - 2);
  }

  static std::vector<std::string_view> split(std::string_view text, char by) {
    std::vector<std::string_view> parts;
    for (;;) {
      const auto end = text.find(by);
      parts.push_back(text.substr(0, end));
      if (end == std::string_view::npos)
        return parts;
      text.remove_prefix(end + 1);
    }
  }

  void read_request_line() {
    std::size_t budget = limits_.request_line;
    const auto parts = split(line(budget), ' ');
    want(parts.size() == 3);
    want(token(parts[0]));
    want(parts[2] == "HTTP/1.1" || parts[2] == "HTTP/1.0");
    old_ = parts[2] == "HTTP/1.0";
    read_target(parts[0], parts[1]);
  }

  void read_target(std::string_view method, std::string_view target) {
    want(method != "CONNECT");
    want(!target.empty());
    for (const char c : target)
      want(c > 0x20 && c < 0x7f && c != '#');
    if (target[0] == '/' || (target == "*" && method == "OPTIONS"))
      return;
    const auto whole = lower(target);
    std::string rest;
    if (whole.starts_with("http://"))
      rest = whole.substr(7);
    else if (whole.starts_with("https://"))
      rest = whole.substr(8);
    else
      throw refusal{};
    authority_ = rest.substr(0, rest.find_first_of("/?"));
    want(host(*authority_));
  }

  /// name[:port] or [address][:port]
  static bool host(std::string_view text) {
    std::string_view port;
    if (text.starts_with("[")) {
      const auto parts = split(text.substr(1), ']');
      if (parts.size() != 2 || parts[0].size() < 2
          || !contains_only(parts[0], "0123456789abcdefABCDEF:."))
        return false;
      port = parts[1];
    } else {
      const auto name = text.substr(0, text.find(':'));
      if (name.empty() || !contains_only(name, tchars)
          || name.find_first_of("!#$%&'*+^`|") != std::string_view::npos)
        return false;
      port = text.substr(name.size());
    }
    return port.empty()
           || (port[0] == ':' && port.size() > 1 && port.size() < 7
               && contains_only(port.substr(1), digits));
  }

  /// All lines up to the empty one, as lower-case name → values.
  std::map<std::string, std::vector<std::string>> field_section() {
    std::map<std::string, std::vector<std::string>> fields;
    std::size_t budget = limits_.headers;
    for (std::size_t n = 0;; ++n) {
      const auto text = line(budget);
      if (text.empty())
        return fields;
      want(n < limits_.fields);
      const auto colon = text.find(':');
      want(colon != std::string_view::npos);
      want(token(text.substr(0, colon)));
      std::string value{text.substr(colon + 1)};
      for (const char c : value)
        want(c == '\t' || (static_cast<unsigned char>(c) > 0x1f && c != 0x7f));
      value.erase(0, value.find_first_not_of(" \t"));
      value.erase(value.find_last_not_of(" \t") + 1);
      const auto name = lower(text.substr(0, colon));
      fields[name].push_back(value);
      // What is wrong with one field is wrong before the head has ended.
      check_framing(fields, name);
    }
  }

  void
  check_framing(const std::map<std::string, std::vector<std::string>>& fields,
                const std::string& name) {
    if (in_trailer_) {
      for (const auto* known :
           {"transfer-encoding", "content-length", "host", "connection",
            "proxy-connection", "keep-alive", "upgrade", "te", "trailer",
            "expect", "content-encoding", "content-type", "content-range",
            "authorization", "cookie", "range", "max-forwards",
            "proxy-authorization"})
        want(name != known);
      return;
    }
    const auto& values = fields.at(name);
    if (name == "host") {
      want(values.size() == 1 && host(values[0]));
    } else if (name == "content-length") {
      want(values.size() == 1 && !fields.contains("transfer-encoding"));
      want(!values[0].empty() && values[0].size() <= 10
           && contains_only(values[0], digits));
      length_ = std::stoull(values[0]);
    } else if (name == "transfer-encoding") {
      want(values.size() == 1 && !fields.contains("content-length"));
      want(!old_ && lower(values[0]) == "chunked");
      chunked_ = true;
    }
  }

  void read_fields() {
    const auto fields = field_section();
    want(old_ || fields.contains("host"));
    if (authority_ && fields.contains("host"))
      want(lower(fields.at("host")[0]) == *authority_);
  }

  void read_body() {
    if (!chunked_) {
      const auto length = length_.value_or(0);
      want(length <= max_body_);
      body_ = take(static_cast<std::size_t>(length));
      return;
    }
    for (;;) {
      const auto size = chunk_line();
      if (size == 0)
        break;
      want(size <= max_body_ - body_.size());
      body_ += take(static_cast<std::size_t>(size));
      want(next() == '\r');
      want(next() == '\n');
    }
    in_trailer_ = true;
    field_section();
  }

  char peek() const {
    if (at_ == input_.size())
      throw end_of_input{};
    return input_[at_];
  }

  char next() {
    const char c = peek();
    ++at_;
    return c;
  }

  std::string take(std::size_t n) {
    if (input_.size() - at_ < n)
      throw end_of_input{};
    const auto piece = input_.substr(at_, n);
    at_ += n;
    return std::string{piece};
  }

  std::uint64_t chunk_line() {
    std::string size;
    while (std::string_view{"0123456789abcdefABCDEF"}.find(peek())
           != std::string_view::npos) {
      size += next();
      want(size.size() <= 8);
    }
    want(!size.empty());
    extension_ = 0;
    while (peek() == ';') {
      extension_byte();
      extension_token();
      if (peek() == '=') {
        extension_byte();
        if (peek() == '"')
          quoted();
        else
          extension_token();
      }
    }
    want(next() == '\r');
    want(next() == '\n');
    return std::stoull(size, nullptr, 16);
  }

  char extension_byte() {
    const char c = next();
    want(++extension_ <= limits_.chunk_extension);
    return c;
  }

  void extension_token() {
    want(tchars.find(peek()) != std::string_view::npos);
    while (tchars.find(peek()) != std::string_view::npos)
      extension_byte();
  }

  void quoted() {
    extension_byte(); // the quote
    for (;;) {
      char c = extension_byte();
      if (c == '"')
        return;
      if (c == '\\')
        c = extension_byte();
      want(c == '\t' || (static_cast<unsigned char>(c) > 0x1f && c != 0x7f));
    }
  }

  std::string_view input_;
  framing_limits limits_;
  std::uint64_t max_body_;
  std::size_t at_ = 0;
  std::size_t extension_ = 0;
  bool old_ = false;
  bool chunked_ = false;
  bool in_trailer_ = false;
  std::optional<std::string> authority_;
  std::optional<std::uint64_t> length_;
  std::string body_;
};

} // namespace assistly::http
