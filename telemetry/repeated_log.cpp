#include "telemetry/repeated_log.hpp"

#include <exception>

namespace assistly::telemetry {

void repeated_log::log(timestamp now, level at, log_name event,
                       const fault& why) noexcept {
  std::uint64_t suppressed = 0;
  try {
    const std::lock_guard hold{mutex_};
    auto& k = kinds_[{event.text(), why.code}];
    // A clock that was set back must not silence anything until it catches up.
    const bool again = now - k.said >= every_ || now < k.said;
    if (!k.first && !again) {
      ++k.suppressed;
      return;
    }
    k.first = false;
    k.said = now;
    suppressed = std::exchange(k.suppressed, 0);
  } catch (const std::exception&) {
    // Out of memory for the count: rather a line too many.
  }
  if (suppressed == 0)
    telemetry::log(at, event,
                   {{"code", to_string(why.code)}, {"reason", why.text}});
  else
    telemetry::log(at, event,
                   {{"code", to_string(why.code)},
                    {"reason", why.text},
                    {"suppressed", suppressed}});
}

} // namespace assistly::telemetry
