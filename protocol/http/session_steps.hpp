/// Private to the server's translation unit: what `session` does.
#pragma once

#include "protocol/http/session.hpp"

#include <algorithm>
#include <array>
#include <cstring>
#include <utility>

namespace assistly::http {

inline bool is_known_method(std::string_view method) noexcept {
  constexpr std::array<std::string_view, 7> known{
    "GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"};
  return std::find(known.begin(), known.end(), method) != known.end();
}

inline session::session(std::shared_ptr<session_home> home, std::string peer,
                        bool shed)
  : home_(std::move(home)), peer_(std::move(peer)),
    reader_(home_->options().limits.framing, home_->options().limits.body),
    buffer_size_(std::max(smallest_buffer, limits().framing.request_line
                                             + limits().framing.headers
                                             + 1024)),
    buffer_(std::make_unique_for_overwrite<char[]>(buffer_size_)),
    // One more than may be in flight, for the answer that refuses the next.
    slots_(home_->options().limits.pipelining + 1), phase_since_(home_->now()),
    shed_(shed) {}

inline void session::answer(std::uint64_t ticket, response what) {
  if (home_->is_current_thread())
    complete(ticket, std::move(what), false);
  else
    home_->deliver_one({shared_from_this(), ticket, std::move(what)});
}

inline void session::abandon(std::uint64_t ticket) {
  count(home_->counters().abandoned);
  auto sorry = response::unavailable(limits().retry_after);
  if (home_->is_current_thread())
    complete(ticket, std::move(sorry), true);
  else
    home_->deliver_one({shared_from_this(), ticket, std::move(sorry)});
}

inline void session::complete(std::uint64_t ticket, response what,
                              bool abandoned) {
  if (closed_)
    return;
  slot& s = slot_of(ticket);
  s.answer = std::move(what);
  s.ready = true;
  s.abandoned = abandoned;
  advance();
}

inline void session::on_begun(io result) {
  if (closed_)
    return;
  if (result != io::done)
    return close();
  phase_since_ = home_->now();
  advance();
}

inline void session::on_read(io result, std::size_t size) {
  reading_ = false;
  if (closed_)
    return;
  if (finishing_) {
    if (phase_ != phase::finishing)
      return begin_shutdown();
    if (result != io::done)
      return close();
    reading_ = true;
    return start_raw_read(buffer_.get(), buffer_size_);
  }
  if (result == io::failed)
    return close();
  if (result == io::ended)
    peer_ended_ = true;
  one_read_ = !has_partial();
  if (one_read_)
    began_ = std::chrono::steady_clock::now();
  end_ += size;
  advance();
}

inline void session::on_write(io result, std::size_t size) {
  writing_ = false;
  if (closed_)
    return;
  if (result != io::done)
    return close();
  written_ += size;
  write_progress_ = home_->now();
  if (written_ < being_written_.size())
    return write_some();
  being_written_.clear();
  if (being_written_.capacity() > largest_kept)
    being_written_.shrink_to_fit();
  advance();
}

/// Takes every request it may, writes every answer it can, and asks the
/// transport for what is needed next. A handler that answers at once comes back
/// here from inside; then the outer call goes on with what it left.
inline void session::advance() {
  if (busy_ || closed_ || finishing_)
    return;
  busy_ = true;
  try {
    take_and_write();
  } catch (...) {
    // Out of memory, or a bug. It costs this connection, not the process.
    count(home_->counters().failures);
    close();
  }
  busy_ = false;
}

inline void session::take_and_write() {
  do
    read_messages();
  while (flush() && begin_ != end_ && may_take());
  move_on();
}

inline void session::read_messages() {
  while (may_take() && has_partial()) {
    std::size_t consumed = 0;
    const auto step =
      reader_.feed({buffer_.get() + begin_, end_ - begin_}, consumed);
    begin_ += consumed;
    if (begin_ == end_)
      begin_ = end_ = 0;
    switch (step) {
    case message_reader::step::need_more:
      return;
    case message_reader::step::head:
      if (!check_head())
        return;
      break;
    case message_reader::step::message:
      take_message();
      break;
    case message_reader::step::refused:
      count(home_->counters().refused);
      return fail(status_of(reader_.why()));
    }
  }
}

/// What is decided before a body is read. False if the request was refused.
inline bool session::check_head() {
  const request& head = reader_.head();
  if (shed_ || !is_accepting(head)) {
    count(home_->counters().shed);
    fail(response::unavailable(limits().retry_after));
    return false;
  }
  if (!is_known_method(head.method)) {
    fail(501);
    return false;
  }
  const auto& framing = reader_.framing();
  const auto expect = head.header("expect");
  if (!expect.empty() && !framing.http_1_0) {
    if (!equals_ignoring_case(expect, "100-continue")) {
      fail(417);
      return false;
    }
    continue_due_ = framing.chunked || framing.content_length.value_or(0) > 0;
  }
  return true;
}

inline bool session::is_accepting(const request& head) const {
  const auto& accepting = home_->options().accepting;
  return !accepting || accepting(head);
}

inline void session::take_message() {
  continue_due_ = false; // the body came without waiting for it
  const auto ticket = next_++;
  const bool http_1_0 = reader_.framing().http_1_0;
  request whole = reader_.take();
  whole.peer = peer_;
  whole.began = began_;
  // What stands behind it came with its last bytes, not with its first.
  if (begin_ != end_ && !std::exchange(one_read_, true))
    began_ = std::chrono::steady_clock::now();
  last_taken_ = !reader_.keep_alive() || home_->draining();
  slot& s = slot_of(ticket);
  s.form = {whole.method == "HEAD", last_taken_, http_1_0};
  s.ready = s.abandoned = false;
  count(home_->counters().requests);
  call_handler(std::move(whole), ticket);
}

inline void session::call_handler(request whole, std::uint64_t ticket) {
  try {
    home_->options().handler(std::move(whole),
                             responder{shared_from_this(), ticket});
  } catch (...) {
    // Unwinding has dropped the responder, unless it was kept elsewhere; what
    // was thrown may hold anything, so it is counted and never shown.
    count(home_->counters().failures);
    if (slot& s = slot_of(ticket); s.ready && s.abandoned)
      s.answer = response::problem(500, reason_phrase(500));
  }
}

/// Answers `what` in its turn, after what is in flight, and takes nothing more.
inline void session::fail(response what) {
  report(what.status);
  last_taken_ = true;
  continue_due_ = false;
  slot& s = slot_of(next_++);
  const bool head = reader_.in_body() && reader_.head().method == "HEAD";
  s.form = {head, true, false};
  s.answer = std::move(what);
  s.ready = true;
  begin_ = end_ = 0;
}

inline void session::report(int status) const {
  http::report(
    home_->options(),
    {status, reader_.has_head() ? &reader_.head() : nullptr, began_});
}

inline void session::fail(int status) {
  fail(response::problem(status, reason_phrase(status)));
}

/// Writes the answers whose turn it is. True if there was one.
inline bool session::flush() {
  const auto before = first_;
  while (first_ != next_ && slot_of(first_).ready) {
    flush_one(slot_of(first_));
    ++first_;
  }
  if (continue_due_ && first_ == next_) {
    outgoing_ += "HTTP/1.1 100 Continue\r\n\r\n";
    continue_due_ = false;
  }
  return first_ != before;
}

inline void session::flush_one(slot& s) {
  const response& what = s.answer;
  const bool plain = what.status == 200 && what.body.empty()
                     && what.headers.empty() && what.content_type.empty();
  if (plain && !s.form.close && !s.form.http_1_0)
    outgoing_ += home_->plain_ok();
  else
    append_response(outgoing_, what, s.form, home_->date());
  s.ready = false;
  if (!s.answer.body.empty() || !s.answer.headers.empty())
    s.answer = {};
}

inline void session::move_on() {
  if (!writing_ && !outgoing_.empty()) {
    std::swap(outgoing_, being_written_);
    written_ = 0;
    write_since_ = write_progress_ = home_->now();
    write_some();
  }
  const bool all_answered = first_ == next_ && outgoing_.empty() && !writing_;
  if (all_answered && (last_taken_ || peer_ended_))
    return finish();
  if (!reading_ && !peer_ended_ && may_take()) {
    if (begin_ != 0) {
      std::memmove(buffer_.get(), buffer_.get() + begin_, end_ - begin_);
      end_ -= begin_;
      begin_ = 0;
    }
    reading_ = true;
    start_read(buffer_.get() + end_, buffer_size_ - end_);
  }
  update_phase();
}

inline void session::write_some() {
  writing_ = true;
  start_write(being_written_.data() + written_,
              being_written_.size() - written_);
}

/// Nothing is left to say. Closing right away with unread bytes would reset the
/// connection and could destroy the last answer on its way (RFC 9112 section
/// 9.6), so: end our side, then wait a while for the peer to end its own.
inline void session::finish() {
  finishing_ = true;
  if (reading_)
    cancel_read();
  else
    begin_shutdown();
}

inline void session::begin_shutdown() {
  phase_ = phase::finishing;
  phase_since_ = home_->now();
  start_shutdown();
}

inline void session::on_shutdown() {
  if (closed_)
    return;
  if (peer_ended_)
    return close();
  reading_ = true;
  start_raw_read(buffer_.get(), buffer_size_);
}

inline void session::close() {
  if (std::exchange(closed_, true))
    return;
  const auto alive = shared_from_this();
  close_socket();
  home_->forget(*this);
}

inline void session::drain() {
  if (closed_ || finishing_ || last_taken_)
    return;
  // What has begun may end, and who has just come may ask once.
  if (has_partial() || phase_ == phase::opening)
    return;
  last_taken_ = true;
  if (first_ != next_)
    slot_of(next_ - 1).form.close = true;
  advance();
}

} // namespace assistly::http
