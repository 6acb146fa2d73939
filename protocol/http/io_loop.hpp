/// Private to the server's translation unit: one I/O thread with its own
/// `io_context`, its own listening socket and the sessions accepted on it.
#pragma once

#include "protocol/http/address_count.hpp"
#include "protocol/http/stream.hpp"

#include <boost/asio/basic_socket_acceptor.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/steady_timer.hpp>

#include <array>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>
#include <unordered_map>
#include <vector>

namespace assistly::http {

using tcp_acceptor = asio::basic_socket_acceptor<asio::ip::tcp, io_executor>;
using unix_acceptor =
  asio::basic_socket_acceptor<asio::local::stream_protocol, io_executor>;

/// What the threads of one server share.
struct shared_parts {
  server_options options;
  server_counters counters;
  address_count addresses;
  std::shared_ptr<asio::ssl::context> tls; // null without TLS

  std::mutex mutex; // of `all_closed`
  std::condition_variable all_closed;
  std::size_t listening = 0; // loops that still accept; guarded by `mutex`
};

class io_loop final : public session_home,
                      public std::enable_shared_from_this<io_loop> {
public:
  explicit io_loop(std::shared_ptr<shared_parts> parts)
    : session_home(parts->options, parts->counters), parts_(std::move(parts)),
      ticker_(io_), tick_every_(tick_of(parts_->options.limits)) {
    refresh_date();
  }

  asio::io_context& context() noexcept {
    return io_;
  }

  // -- before run() -----------------------------------------------------------

  void listen(tcp_acceptor acceptor) {
    tcp_.emplace(std::move(acceptor));
  }

  void listen(unix_acceptor acceptor) {
    unix_.emplace(std::move(acceptor));
  }

  void start() {
    thread_ = std::thread([self = shared_from_this()] { self->run(); });
  }

  // -- from any thread --------------------------------------------------------

  bool is_current_thread() const noexcept override {
    return executor_.running_in_this_thread();
  }

  void deliver(std::vector<delivery> batch) override {
    post([batch = std::move(batch)]() mutable {
      for (auto& [sink, ticket, answer] : batch)
        sink->answer(ticket, std::move(answer));
    });
  }

  void deliver_one(delivery what) override {
    post([what = std::move(what)]() mutable {
      what.sink->answer(what.ticket, std::move(what.answer));
    });
  }

  void drain() {
    post([this] { begin_drain(); });
  }

  /// Ends every connection and the thread. Answers that come later are dropped.
  void stop() {
    {
      const std::lock_guard lock{gate_};
      asio::post(io_, [this] { close_everything(); });
      open_ = false;
    }
    if (thread_.joinable())
      thread_.join();
  }

  // -- on the loop's thread ---------------------------------------------------

  void forget(session& closed) noexcept override {
    const auto at = closed.position;
    if (const auto key = keys_.find(&closed); key != keys_.end()) {
      parts_->addresses.remove(key->second);
      keys_.erase(key);
    }
    // Kept alive by its caller.
    std::swap(sessions_[at], sessions_.back());
    sessions_[at]->position = at;
    sessions_.pop_back();
    const std::lock_guard lock{parts_->mutex};
    if (counters_.open.fetch_sub(1) == 1)
      parts_->all_closed.notify_all();
  }

private:
  // Connections over the limit that are still heard before they are told so;
  // those beyond get their answer unheard.
  static constexpr std::size_t heard_when_full = 64;

  static milliseconds tick_of(const limits& l) noexcept {
    const auto shortest = std::min(
      {l.head_time, l.body_time, l.idle_time, l.write_time, l.linger_time});
    return std::clamp(shortest / 4, milliseconds{10}, milliseconds{250});
  }

  template <class Work>
  void post(Work work) {
    // The gate keeps work from piling up on a thread that has ended, where it
    // would hold its session, and with it this loop, for ever.
    const std::lock_guard lock{gate_};
    if (open_)
      asio::post(io_, std::move(work));
  }

  void run() {
    accept_next();
    for (;;) {
      try {
        io_.run();
        return;
      } catch (...) {
        // Sessions catch their own; what comes here is out of memory while
        // accepting; who comes next is accepted all the same.
        count(counters_.failures);
      }
    }
  }

  /// While there is nobody whose time could run out, nothing ticks.
  void start_ticking() {
    if (std::exchange(ticking_, true))
      return;
    look_at_clock();
    tick();
  }

  void look_at_clock() {
    now_ = std::chrono::steady_clock::now();
    refresh_date();
  }

  void tick() {
    ticker_.expires_after(tick_every_);
    ticker_.async_wait([this](error_code error) {
      if (error || stopped_)
        return;
      if (sessions_.empty() && !accept_again_) {
        ticking_ = false;
        return;
      }
      tick();
      look_at_clock();
      // Backwards: one that closes is replaced by the last, which was seen.
      for (auto i = sessions_.size(); i-- > 0;)
        if (i < sessions_.size())
          std::shared_ptr {
            sessions_[i]
            } -> tick(now_);
      if (std::exchange(accept_again_, false))
        accept_next();
    });
  }

  void refresh_date() {
    const auto second =
      std::chrono::floor<seconds>(system_clock_source{}.now());
    if (second == date_second_)
      return;
    date_second_ = second;
    date_ = http_date(second);
    plain_ok_.clear();
    append_response(plain_ok_, response::empty(200), {}, date_);
  }

  void accept_next() {
    if (tcp_)
      accept_on(*tcp_);
    if (unix_)
      accept_on(*unix_);
  }

  template <class Acceptor>
  void accept_on(Acceptor& acceptor) {
    acceptor.async_accept([this, &acceptor](error_code error, auto socket) {
      if (stopped_)
        return;
      if (error) {
        accept_again_ = !draining_; // out of descriptors, most likely: wait
        start_ticking();
        return;
      }
      if (!draining_)
        accept_on(acceptor);
      accepted(std::move(socket));
    });
  }

  void accepted(tcp_socket socket) {
    error_code error;
    const auto peer = socket.remote_endpoint(error);
    if (error)
      return; // gone before we looked
    // Without it a small answer may wait for the ack of the one before. A
    // socket that refuses is slower, no more.
    socket.set_option(asio::ip::tcp::no_delay{true}, error);
    auto address = peer.address();
    if (address.is_v6() && address.to_v6().is_v4_mapped())
      address = asio::ip::make_address_v4(asio::ip::v4_mapped, address.to_v6());
    const auto key = make_client_key(address);
    const auto same = parts_->addresses.add(key);
    const auto most = options_.limits.connections_per_address;
    if (!enter(same > most + heard_when_full)) {
      parts_->addresses.remove(key);
      return turn_away(std::move(socket));
    }
    const bool shed = over_capacity() || same > most;
    const auto me = shared_from_this();
    auto text = address.to_string();
    std::shared_ptr<session> made;
    if (parts_->tls)
      made = std::make_shared<stream_session<tls_socket>>(
        me, std::move(text), shed, std::move(socket), *parts_->tls);
    else
      made = std::make_shared<stream_session<tcp_socket>>(
        me, std::move(text), shed, std::move(socket));
    keys_.emplace(made.get(), key);
    add(std::move(made));
  }

  void accepted(unix_socket socket) {
    if (!enter(false))
      return turn_away(std::move(socket));
    add(std::make_shared<stream_session<unix_socket>>(
      shared_from_this(), std::string{}, over_capacity(), std::move(socket)));
  }

  /// 503 for whom there is no room even to listen to: as much as the kernel
  /// takes at once, one look at what he has sent so far (bytes left unread
  /// would make of the close a reset, which may overtake the answer), and the
  /// close.
  template <class Socket>
  void turn_away(Socket socket) {
    report(options_, {503, nullptr, {}});
    if (parts_->tls)
      return;
    std::string sorry;
    append_response(sorry, response::unavailable(options_.limits.retry_after),
                    {.close = true}, date_);
    error_code ignored; // he may be gone; then there is nobody to tell
    socket.non_blocking(true, ignored);
    socket.send(asio::buffer(sorry), 0, ignored);
    socket.shutdown(asio::socket_base::shutdown_send, ignored);
    std::array<char, 4096> unread;
    socket.receive(asio::buffer(unread), 0, ignored);
  }

  bool over_capacity() const noexcept {
    return counters_.open.load() > options_.limits.connections;
  }

  /// Counts a connection in; false if there is no room even to refuse it.
  bool enter(bool refused) noexcept {
    count(counters_.accepted);
    const auto open = counters_.open.fetch_add(1) + 1;
    if (!refused && open <= options_.limits.connections + heard_when_full)
      return true;
    counters_.open.fetch_sub(1);
    count(counters_.shed);
    return false;
  }

  void add(std::shared_ptr<session> made) {
    start_ticking();
    made->position = sessions_.size();
    sessions_.push_back(made);
    made->begin();
  }

  void begin_drain() {
    if (std::exchange(draining_, true))
      return;
    if (tcp_)
      stop_listening(*tcp_);
    if (unix_)
      stop_listening(*unix_);
    const auto all = sessions_;
    for (const auto& one : all)
      one->drain();
    // Posted, so that it comes after an accept that is complete already.
    asio::post(io_, [this] {
      const std::lock_guard lock{parts_->mutex};
      --parts_->listening;
      parts_->all_closed.notify_all();
    });
  }

  /// Who waits in the backlog was connected by the kernel in our name: closing
  /// the socket over his head would reset him.
  template <class Acceptor>
  void stop_listening(Acceptor& acceptor) {
    error_code error;
    acceptor.non_blocking(true, error);
    while (!error) {
      auto socket = acceptor.accept(error);
      if (!error)
        accepted(std::move(socket));
    }
    acceptor.close(error);
  }

  void close_everything() {
    stopped_ = true;
    error_code ignored; // closed already is as good
    if (tcp_)
      tcp_->close(ignored);
    if (unix_)
      unix_->close(ignored);
    ticker_.cancel();
    alive_.reset();
    const auto all = sessions_;
    for (const auto& one : all)
      one->close();
  }

  std::shared_ptr<shared_parts> parts_;
  asio::io_context io_{1};
  io_executor executor_ = io_.get_executor();
  /// Until the stop the thread has work, if only to wait for it.
  asio::executor_work_guard<io_executor> alive_{executor_};
  asio::steady_timer ticker_;
  milliseconds tick_every_;
  std::optional<tcp_acceptor> tcp_;
  std::optional<unix_acceptor> unix_;
  std::vector<std::shared_ptr<session>> sessions_;
  std::unordered_map<const session*, client_key> keys_;
  std::chrono::sys_seconds date_second_{};
  std::thread thread_;
  std::mutex gate_;
  bool open_ = true; // guarded by gate_
  bool accept_again_ = false;
  bool ticking_ = false;
  bool stopped_ = false;
};

} // namespace assistly::http
