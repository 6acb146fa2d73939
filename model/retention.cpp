#include "model/retention.hpp"

namespace assistly {

timestamp erase_at(timestamp last_activity, const retention_policy& policy) {
  return std::chrono::ceil<seconds>(last_activity + policy.conversation);
}

bool is_expired(const conversation& c, timestamp now) noexcept {
  return !c.hold && c.erase_at <= now;
}

} // namespace assistly
