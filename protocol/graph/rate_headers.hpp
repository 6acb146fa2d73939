/// How much of Meta's limits is used up, from the headers of its answers
/// (CONTRACT 13).
#pragma once

#include "model/clock.hpp"

#include <span>
#include <string>
#include <utility>
#include <vector>

namespace assistly::graph {

/// Header fields of an answer. Names in any case.
using header_fields = std::span<const std::pair<std::string, std::string>>;

/// Slow down from here on, and make no calls from there on, in percent. Calls
/// while limited make the block longer.
inline constexpr int slow_at_percent = 75;
inline constexpr int stop_at_percent = 95;

/// One object of X-Business-Use-Case-Usage.
struct account_usage {
  std::string account_id;
  /// "messenger", "pages", "instagram", "whatsapp" …
  std::string type;
  /// The highest of calls, time and CPU time.
  int percent = 0;
  /// Until calls are possible again; zero if they are now.
  minutes regain_access{0};
};

struct rate_usage {
  /// X-App-Usage and X-Page-Usage; 0 where absent.
  int app_percent = 0;
  int page_percent = 0;
  std::vector<account_usage> accounts;

  /// The highest of all.
  int highest_percent() const noexcept;
  /// The longest wait of all accounts.
  minutes longest_wait() const noexcept;
};

/// A malformed header counts as absent; at most 32 accounts are read.
rate_usage read_rate_headers(header_fields headers);

} // namespace assistly::graph
