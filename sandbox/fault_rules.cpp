#include "sandbox/fault_rules.hpp"

#include <array>
#include <limits>

namespace assistly::sandbox {

namespace {

struct named_kind {
  fault_kind kind;
  std::string_view name;
};

constexpr std::array names{
  named_kind{fault_kind::status, "status"},
  named_kind{fault_kind::error, "error"},
  named_kind{fault_kind::rate_limit, "rate_limit"},
  named_kind{fault_kind::token_dead, "token_dead"},
  named_kind{fault_kind::reset_before, "reset_before"},
  named_kind{fault_kind::reset_after_accept, "reset_after_accept"},
  named_kind{fault_kind::timeout, "timeout"},
  named_kind{fault_kind::timeout_after_accept, "timeout_after_accept"},
  named_kind{fault_kind::slow, "slow"},
  named_kind{fault_kind::failed_status, "failed_status"},
};

constexpr std::int64_t default_timeout_ms = 60000;
constexpr std::int64_t default_slow_ms = 2000;

fault refused(std::string text) {
  return {errc::invalid, std::move(text)};
}

bool matches(const fault_rule& rule, std::string_view path,
             std::optional<channel_kind> channel, bool is_write) {
  if (rule.channel && rule.channel != channel)
    return false;
  if (!rule.path_contains.empty())
    return path.find(rule.path_contains) != std::string_view::npos;
  return is_write || rule.kind == fault_kind::token_dead;
}

/// A whole number within bounds; `fallback` if absent, nothing if it is wrong.
std::optional<std::int64_t> bounded(const json::json_fields& fields,
                                    std::string_view name, std::int64_t most,
                                    std::int64_t fallback) {
  if (!fields.has(name))
    return fallback;
  const auto value = fields.number(name);
  if (!value || *value < 0 || *value > most)
    return std::nullopt;
  return value;
}

} // namespace

std::string_view to_string(fault_kind kind) noexcept {
  for (const auto& one : names)
    if (one.kind == kind)
      return one.name;
  return "error";
}

bool fault_rule::is_after_accept() const noexcept {
  // Meta's error that comes although the message was sent (CONTRACT 12).
  if (kind == fault_kind::error && code == 1 && subcode == 1357046)
    return true;
  return kind == fault_kind::reset_after_accept
         || kind == fault_kind::timeout_after_accept || kind == fault_kind::slow
         || kind == fault_kind::failed_status;
}

outcome<fault_rule> read_fault_rule(const json::json_fields& fields) {
  fault_rule rule;
  const named_kind* found = nullptr;
  for (const auto& one : names)
    if (one.name == fields.text("kind"))
      found = &one;
  if (!found)
    return refused("kind must be status, error, rate_limit, token_dead, "
                   "reset_before, reset_after_accept, timeout, "
                   "timeout_after_accept, slow or failed_status");
  rule.kind = found->kind;
  rule.path_contains = fields.text("match.path_contains");
  if (const auto name = fields.text("match.channel"); !name.empty()) {
    rule.channel = parse_channel_kind(name);
    if (!rule.channel)
      return refused("match.channel is no kind of channel");
  }
  const bool waits = rule.kind == fault_kind::timeout
                     || rule.kind == fault_kind::timeout_after_accept;
  const auto code = bounded(fields, "code", std::numeric_limits<int>::max(), 0);
  const auto subcode =
    bounded(fields, "subcode", std::numeric_limits<int>::max(), 0);
  const auto times = bounded(fields, "times", 1'000'000'000, 1);
  const auto delay = bounded(fields, "delay_ms", 600'000,
                             waits ? default_timeout_ms
                             : rule.kind == fault_kind::slow ? default_slow_ms
                                                             : 0);
  if (!code || !subcode || !times || !delay)
    return refused("code, subcode, times and delay_ms must be whole numbers "
                   "from 0; delay_ms at most 600000");
  rule.code = static_cast<int>(*code);
  rule.subcode = static_cast<int>(*subcode);
  rule.times = static_cast<std::uint64_t>(*times);
  rule.delay = milliseconds{*delay};
  if (rule.kind == fault_kind::status && (rule.code < 400 || rule.code > 599))
    return refused("code must be an HTTP status from 400 to 599");
  if (rule.kind == fault_kind::error && rule.code == 0)
    return refused("code must be a Graph error");
  return rule;
}

outcome<std::uint64_t> fault_rules::add(fault_rule rule) {
  if (rules_.size() >= most)
    return fault{errc::busy, "there are 1000 faults already; clear them"};
  rule.id = ++last_id_;
  rules_.push_back(std::move(rule));
  return last_id_;
}

std::optional<fault_rule>
fault_rules::strike(std::string_view path, std::optional<channel_kind> channel,
                    bool is_write) {
  for (auto one = rules_.begin(); one != rules_.end(); ++one) {
    if (!matches(*one, path, channel, is_write))
      continue;
    ++one->struck;
    auto struck = *one;
    if (one->times > 0 && --one->times == 0)
      rules_.erase(one);
    return struck;
  }
  return std::nullopt;
}

} // namespace assistly::sandbox
