/// Private to the server's translation unit: how long a session may take for
/// what.
#pragma once

#include "protocol/http/session_steps.hpp"

namespace assistly::http {

/// The phase starts anew with each request, so that a slow peer cannot spend
/// the time of one on the next.
inline void session::update_phase() {
  auto now_in = phase::answering;
  if (reading_ && reader_.in_body())
    now_in = phase::body;
  else if (reading_ && begin_ != end_)
    now_in = phase::head;
  else if (reading_ && first_ == next_ && !writing_)
    now_in = next_ == 0 ? phase::opening : phase::idle;
  if (now_in != phase_ || next_ != phase_ticket_) {
    // The first request's time began with the connection.
    if (!(phase_ == phase::opening && now_in == phase::head))
      phase_since_ = home_->now();
    phase_ = now_in;
    phase_ticket_ = next_;
  }
}

inline bool session::too_slow(steady_time now, steady_time since,
                              milliseconds limit,
                              std::uint64_t bytes) const noexcept {
  const auto age = std::chrono::duration_cast<milliseconds>(now - since);
  if (age > limit)
    return true;
  return age > limits().rate_grace
         && bytes * 1000
              < limits().minimum_rate * static_cast<std::uint64_t>(age.count());
}

inline void session::tick(steady_time now) {
  const auto since_phase =
    std::chrono::duration_cast<milliseconds>(now - phase_since_);
  if (writing_) {
    const auto stalled = now - write_progress_ > limits().write_time;
    if (stalled || too_slow(now, write_since_, milliseconds::max(), written_)) {
      count(home_->counters().timeouts);
      return close();
    }
  }
  switch (phase_) {
  case phase::opening:
    if (since_phase > limits().head_time)
      close(); // said nothing, is told nothing
    return;
  case phase::idle:
    if (since_phase > limits().idle_time)
      finish();
    return;
  case phase::head:
    if (since_phase > limits().head_time)
      time_out();
    return;
  case phase::body:
    if (too_slow(now, phase_since_, limits().body_time, reader_.body_size()))
      time_out();
    return;
  case phase::answering:
    return;
  case phase::finishing:
    if (since_phase > limits().linger_time)
      close();
    return;
  }
}

inline void session::time_out() {
  count(home_->counters().timeouts);
  fail(408);
  advance();
}

} // namespace assistly::http
