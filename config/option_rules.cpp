#include "config/options.hpp"

#include <cstdint>

namespace assistly::config {

namespace {

using enum option_type;

std::string number_text(double value) {
  return std::to_string(static_cast<std::int64_t>(value));
}

std::string choices_text(std::span<const std::string_view> choices) {
  std::string out;
  for (const std::string_view each : choices) {
    out += out.empty() ? "one of \"" : ", \"";
    out += each;
    out += '"';
  }
  return out;
}

} // namespace

bool is_secret(const option& what) noexcept {
  return what.type == secret || what.type == secrets;
}

std::string variable_of(std::string_view key) {
  std::string out = "ASSISTLY_";
  for (const char c : key)
    out += c == '.'                 ? '_'
           : (c >= 'a' && c <= 'z') ? static_cast<char>(c - 'a' + 'A')
                                    : c;
  return out;
}

std::string rule_of(const option& what) {
  const std::string range =
    " from " + number_text(what.least) + " to " + number_text(what.most);
  switch (what.type) {
  case text:
    return "text in quotes, at most " + number_text(what.most) + " bytes";
  case choice:
    return choices_text(what.choices);
  case listen:
    return R"(an address and a port, as "127.0.0.1:8080" or "[::1]:8080")";
  case url:
    return "an http:// or https:// address in quotes, without user name";
  case email:
    return "an e-mail address in quotes";
  case version:
    return R"(a version as "v25.0")";
  case path:
    return what.least > 0 ? "the name of a file in quotes"
                          : "the name of a file in quotes, or \"\"";
  case whole_number:
  case duration:
    return "a whole number" + range;
  case seconds:
    return "a number" + range;
  case networks:
    return R"(a list of addresses or networks, as ["10.0.0.0/8"])";
  case hosts:
    return R"(a list of names with ports, as ["shop.internal:8443"])";
  case secret:
    return "text in quotes, on one line";
  case secrets:
    break;
  }
  return "a list of texts in quotes";
}

const option* find_option(std::string_view key) noexcept {
  for (const option& each : all_options())
    if (each.key == key)
      return &each;
  return nullptr;
}

} // namespace assistly::config
