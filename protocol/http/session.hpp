/// Private to the server's translation unit: one connection's life, without a
/// line about sockets. `stream_session` (stream.hpp) moves the bytes.
///
///   opening --(first byte)--> head --> body --> answering --> idle --> head …
///   any --(last answer written, or refused)--> finishing --> closed
///   any --(error, or too slow to write)--> closed
#pragma once

#include "protocol/http/message_reader.hpp"
#include "protocol/http/responder.hpp"
#include "protocol/http/response_text.hpp"
#include "protocol/http/server.hpp"

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace assistly::http {

class session;

/// What a session needs of the I/O thread it lives on.
class session_home : public delivery_loop {
public:
  session_home(const server_options& options, server_counters& counters)
    : options_(options), counters_(counters) {}

  virtual bool is_current_thread() const noexcept = 0;
  virtual void deliver_one(delivery what) = 0;
  virtual void forget(session& closed) noexcept = 0;

  const server_options& options() const noexcept {
    return options_;
  }

  server_counters& counters() noexcept {
    return counters_;
  }

  /// Time of the last tick: good enough for limits of seconds, and free.
  steady_time now() const noexcept {
    return now_;
  }

  bool draining() const noexcept {
    return draining_;
  }

  std::string_view date() const noexcept {
    return date_;
  }

  /// The whole answer `200` without body on a connection that stays open.
  std::string_view plain_ok() const noexcept {
    return plain_ok_;
  }

protected:
  const server_options& options_;
  server_counters& counters_;
  steady_time now_ = std::chrono::steady_clock::now();
  std::string date_;
  std::string plain_ok_;
  bool draining_ = false;
};

/// Tells whoever listens of what was answered without him.
inline void report(const server_options& options, const refusal& what) {
  if (options.refused)
    options.refused(what);
}

inline void count(std::atomic<std::uint64_t>& counter) noexcept {
  counter.fetch_add(1, std::memory_order_relaxed);
}

/// Everything but `answer` and `abandon` runs on the home's thread only.
class session : public response_sink,
                public std::enable_shared_from_this<session> {
public:
  session(std::shared_ptr<session_home> home, std::string peer, bool shed);

  void answer(std::uint64_t ticket, response what) override;
  void abandon(std::uint64_t ticket) override;

  delivery_loop* loop() noexcept override {
    return home_.get();
  }

  /// Starts reading, after the TLS handshake if there is one.
  virtual void begin() = 0;

  /// Ends what has taken too long.
  void tick(steady_time now);

  /// Finishes what is in flight and then closes.
  void drain();

  /// Ends the connection at once.
  void close();

  const std::string& peer() const noexcept {
    return peer_;
  }

  /// Index in the home's list, kept by the home.
  std::size_t position = 0;

protected:
  enum class io { done, ended, failed };

  // Done by the transport; each completes by the call named.
  virtual void start_read(char* to, std::size_t size) = 0;          // on_read
  virtual void start_raw_read(char* to, std::size_t size) = 0;      // on_read
  virtual void start_write(const char* from, std::size_t size) = 0; // on_write
  virtual void start_shutdown() = 0; // on_shutdown
  virtual void cancel_read() = 0;    // on_read of the read that is pending
  virtual void close_socket() noexcept = 0;

  void on_begun(io result);
  void on_read(io result, std::size_t size);
  void on_write(io result, std::size_t size);
  void on_shutdown();

  session_home& home() noexcept {
    return *home_;
  }

private:
  // Holds a whole head at the default limits (12 KiB) with room to spare.
  static constexpr std::size_t smallest_buffer = 16 * 1024;
  // Answers beyond this wait for the peer to read before more requests do.
  static constexpr std::size_t high_water = 64 * 1024;
  // Buffers that grew larger are given back once they are written.
  static constexpr std::size_t largest_kept = 256 * 1024;

  enum class phase : std::uint8_t {
    opening,
    idle,
    head,
    body,
    answering,
    finishing,
  };

  struct slot {
    response answer;
    answer_form form;
    bool ready = false;
    bool abandoned = false;
  };

  const http::limits& limits() const noexcept {
    return home_->options().limits;
  }

  slot& slot_of(std::uint64_t ticket) noexcept {
    return slots_[ticket % slots_.size()];
  }

  std::size_t in_flight() const noexcept {
    return static_cast<std::size_t>(next_ - first_);
  }

  bool has_partial() const noexcept {
    return begin_ != end_ || reader_.in_body();
  }

  bool may_take() const noexcept {
    return !last_taken_ && in_flight() < limits().pipelining
           && outgoing_.size() < high_water;
  }

  void complete(std::uint64_t ticket, response what, bool abandoned);
  void advance();
  void take_and_write();
  void read_messages();
  bool check_head();
  bool is_accepting(const request& head) const;
  void take_message();
  void call_handler(request whole, std::uint64_t ticket);
  void fail(response what);
  void report(int status) const;
  void fail(int status);
  bool flush();
  void flush_one(slot& s);
  void move_on();
  void write_some();
  void finish();
  void begin_shutdown();
  void update_phase();
  bool too_slow(steady_time now, steady_time since, milliseconds limit,
                std::uint64_t bytes) const noexcept;
  void time_out();

  std::shared_ptr<session_home> home_;
  std::string peer_;
  message_reader reader_;
  std::size_t buffer_size_;
  std::unique_ptr<char[]> buffer_;
  std::size_t begin_ = 0; // first byte not consumed
  std::size_t end_ = 0;

  std::vector<slot> slots_; // ring of requests in flight
  std::uint64_t first_ = 0; // oldest ticket not yet written
  std::uint64_t next_ = 0;  // ticket of the next request
  std::string outgoing_;    // answers not yet handed to the transport
  std::string being_written_;
  std::size_t written_ = 0;

  steady_time began_{};  // first byte of the message that is being read
  bool one_read_ = true; // all of it came at once so far

  steady_time phase_since_;
  steady_time write_since_;    // of this write
  steady_time write_progress_; // of its last byte taken
  std::uint64_t phase_ticket_ = 0;
  phase phase_ = phase::opening;

  bool shed_;                 // over capacity: answer 503 and close
  bool reading_ = false;      // a read is pending
  bool writing_ = false;      // a write is pending
  bool busy_ = false;         // advance() is on the stack
  bool continue_due_ = false; // the peer waits for 100
  bool last_taken_ = false;   // no request is taken any more
  bool peer_ended_ = false;   // the peer sends nothing any more
  bool finishing_ = false;
  bool closed_ = false;
};

} // namespace assistly::http
