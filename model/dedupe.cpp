#include "model/dedupe.hpp"

namespace assistly {

timestamp filed_at(const inbound_event& event, timestamp arrival) noexcept {
  if (event.has_time)
    return event.at;
  return std::chrono::floor<days>(arrival);
}

timestamp fetched_place(timestamp filed) noexcept {
  return std::chrono::floor<seconds>(filed);
}

} // namespace assistly
