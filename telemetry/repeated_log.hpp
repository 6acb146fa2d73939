/// Lines about what can go wrong a thousand times a second: a full disk, wrong
/// signatures.
#pragma once

#include "model/clock.hpp"
#include "model/outcome.hpp"
#include "telemetry/log.hpp"

#include <cstdint>
#include <map>
#include <mutex>
#include <string_view>
#include <utility>

namespace assistly::telemetry {

/// Writes the first failure of a kind at once and after it one line a minute,
/// which says how many it stands for. A kind is an event with a code, so that
/// a new reason is never hidden behind an old one. Safe from every thread.
class repeated_log {
public:
  explicit repeated_log(milliseconds every = minutes{1}) : every_(every) {}

  /// The fields of the line: `code`, `reason`, and `suppressed` where lines of
  /// this kind were held back since the last one. `now` is passed in, for what
  /// is tested on virtual time.
  void log(timestamp now, level at, log_name event, const fault& why) noexcept;

private:
  struct kind {
    timestamp said{};
    std::uint64_t suppressed = 0;
    bool first = true;
  };

  milliseconds every_;
  std::mutex mutex_;
  // Bounded: events are literals of the program, codes an enum.
  std::map<std::pair<std::string_view, errc>, kind> kinds_;
};

} // namespace assistly::telemetry
