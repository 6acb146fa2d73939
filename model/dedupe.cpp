#include "model/dedupe.hpp"

namespace assistly {

timestamp filed_at(const inbound_event& event, timestamp arrival) noexcept {
  if (event.has_time)
    return std::chrono::floor<seconds>(event.at);
  return std::chrono::floor<days>(arrival);
}

} // namespace assistly
