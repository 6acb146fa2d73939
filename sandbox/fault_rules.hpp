/// Faults on demand: what goes wrong, for which calls, how often.
#pragma once

#include "model/channel.hpp"
#include "model/clock.hpp"
#include "model/outcome.hpp"
#include "protocol/json/fields.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace assistly::sandbox {

enum class fault_kind : std::uint8_t {
  status,               ///< HTTP status `code` with an HTML body; not done.
  error,                ///< Graph error `code`, `subcode`; not done.
  rate_limit,           ///< The channel's limit, with its usage header.
  token_dead,           ///< 190 with `subcode`, default 460.
  reset_before,         ///< Not done; see `to_string`.
  reset_after_accept,   ///< Done; the answer is lost.
  timeout,              ///< Not done, no answer within `delay`.
  timeout_after_accept, ///< Done, no answer within `delay`.
  slow,                 ///< Done, answered after `delay`.
  failed_status,        ///< WhatsApp: accepted, then reported as failed.
};

/// The names as written above. The server cannot drop a connection without an
/// answer, so the two resets answer 502 with HTML, as a proxy in front of Meta
/// does; both leave the sender equally in the dark.
std::string_view to_string(fault_kind kind) noexcept;

struct fault_rule {
  std::uint64_t id = 0;
  fault_kind kind = fault_kind::error;
  std::string path_contains; ///< Empty: every path.
  std::optional<channel_kind> channel;
  int code = 0;
  int subcode = 0;
  /// Calls it still strikes; 0: all until it is cleared.
  std::uint64_t times = 1;
  milliseconds delay{0};
  std::uint64_t struck = 0;

  /// Whether the call is carried out all the same.
  bool is_after_accept() const noexcept;
};

/// Reads `{"match":{"path_contains","channel"},"kind","code","subcode","times",
/// "delay_ms"}`. errc::invalid with a sentence for what is not understood.
outcome<fault_rule> read_fault_rule(const json::json_fields& fields);

class fault_rules {
public:
  /// Most rules at a time.
  static constexpr std::size_t most = 1000;

  /// errc::busy if there are too many.
  outcome<std::uint64_t> add(fault_rule rule);

  /// The oldest rule that matches, which is then used up by one. A dead token
  /// strikes every call of its channel, the others only what changes something
  /// (`is_write`) unless the rule names a path.
  std::optional<fault_rule> strike(std::string_view path,
                                   std::optional<channel_kind> channel,
                                   bool is_write);

  const std::vector<fault_rule>& all() const noexcept {
    return rules_;
  }

  void clear() noexcept {
    rules_.clear();
  }

private:
  std::vector<fault_rule> rules_;
  std::uint64_t last_id_ = 0;
};

} // namespace assistly::sandbox
