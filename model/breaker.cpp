#include "model/breaker.hpp"

#include <algorithm>

namespace assistly {

breaker at_time(breaker b, timestamp now) noexcept {
  if (b.state != breaker_state::open)
    return b;
  // No opening is longer, so a later end was set before the clock was set back.
  if (now >= b.open_until || b.open_until > now + longest_opening)
    b.state = breaker_state::half_open;
  return b;
}

breaker after_call(breaker b, call_end how, timestamp now,
                   std::int32_t to_open) noexcept {
  if (how == call_end::answered)
    return {};
  ++b.outages;
  bool opens = b.state == breaker_state::half_open
               || (b.state == breaker_state::closed && b.outages >= to_open);
  if (!opens)
    return b;
  auto doublings = std::min(b.openings, 10);
  ++b.openings;
  b.state = breaker_state::open;
  b.open_until =
    now + std::min(first_opening * (1 << doublings), longest_opening);
  return b;
}

std::size_t calls_allowed(const breaker& b, std::size_t most) noexcept {
  switch (b.state) {
  case breaker_state::closed:
    return most;
  case breaker_state::half_open:
    return std::min<std::size_t>(most, 1);
  case breaker_state::open:
    return 0;
  }
  return most;
}

} // namespace assistly
