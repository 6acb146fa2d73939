#include "commands/load_client.hpp"

#include "commands/load_socket.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <memory>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <span>
#include <sys/epoll.h>
#include <vector>

namespace assistly::commands {

namespace {

using steady = std::chrono::steady_clock;
using moment = steady::time_point;

constexpr seconds longest_tail{5};
constexpr seconds longest_connect{5};
constexpr milliseconds retry_after{50};

/// One connection and the request it has under way, if any.
struct link {
  enum class state : std::uint8_t { down, connecting, idle, busy };

  descriptor socket;
  state is = state::down;
  moment retry_at{};
  moment due{}; ///< Of the request under way.
  std::string unsent;
  std::string received;
};

class driver {
public:
  driver(const load_plan& plan, const load_target& target,
         webhook_source& source)
    : plan_(plan), target_(target), source_(source),
      epoll_(::epoll_create1(EPOLL_CLOEXEC)),
      links_(static_cast<std::size_t>(plan.connections)) {
    if (plan.rate > 0)
      period_ = std::chrono::duration_cast<steady::duration>(
        std::chrono::duration<double>{1 / plan.rate});
  }

  outcome<load_counts> run() {
    if (!epoll_)
      return fault{errc::internal, "No epoll descriptor is to be had."};
    connect_all();
    if (idle_.empty())
      return fault{errc::network_failed,
                   "Nobody answers at http://" + target_.host + "."};
    start_ = steady::now();
    counts_.started_at_us =
      std::chrono::duration_cast<std::chrono::microseconds>(
        std::chrono::system_clock::now().time_since_epoch())
        .count();
    measure_from_ = start_ + plan_.warm_up;
    send_until_ = measure_from_ + plan_.duration;
    next_due_ = start_;
    sending_ = true;
    for (auto now = start_; now < send_until_; now = steady::now()) {
      reconnect(now);
      send_what_is_due(now);
      wait(wake_at(now));
    }
    sending_ = false;
    for (auto now = steady::now();
         busy_ > 0 && now < send_until_ + longest_tail; now = steady::now())
      wait(send_until_ + longest_tail);
    counts_.unanswered = busy_;
    if (open())
      for (; next_due_ < send_until_; next_due_ += period_)
        ++counts_.overdue;
    return counts_;
  }

private:
  bool open() const noexcept {
    return plan_.rate > 0;
  }

  // --- connections ---

  void connect_all() {
    for (auto& one : links_)
      connect(one);
    const auto until = steady::now() + longest_connect;
    for (auto now = steady::now(); now < until && connecting_ > 0;
         now = steady::now())
      wait(until);
  }

  void connect(link& one) {
    one.socket =
      descriptor{::socket(target_.address.ss_family,
                          SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0)};
    one.received.clear();
    one.unsent.clear();
    const int on = 1;
    if (one.socket)
      ::setsockopt(one.socket.get(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    if (!one.socket
        || (::connect(one.socket.get(),
                      reinterpret_cast<const sockaddr*>(&target_.address),
                      target_.address_size)
              != 0
            && errno != EINPROGRESS)
        || !watch(one, EPOLL_CTL_ADD, EPOLLOUT)) {
      connect_failed(one);
      return;
    }
    one.is = link::state::connecting;
    ++connecting_;
  }

  void connect_failed(link& one) {
    ++counts_.connect_failed_in_all;
    take_down(one);
  }

  void take_down(link& one) {
    one.socket.close();
    one.is = link::state::down;
    one.retry_at = steady::now() + retry_after;
    down_.push_back(&one);
  }

  void reconnect(moment now) {
    // In order of `retry_at`: the pause is the same for all.
    std::size_t done = 0;
    while (done < down_.size() && down_[done]->retry_at <= now)
      ++done;
    const std::vector<link*> due(
      down_.begin(), down_.begin() + static_cast<std::ptrdiff_t>(done));
    down_.erase(down_.begin(),
                down_.begin() + static_cast<std::ptrdiff_t>(done));
    for (auto* one : due)
      connect(*one);
  }

  bool watch(link& one, int how, std::uint32_t what) {
    epoll_event event{};
    event.events = what;
    event.data.ptr = &one;
    return ::epoll_ctl(epoll_.get(), how, one.socket.get(), &event) == 0;
  }

  // --- sending ---

  void send_what_is_due(moment now) {
    while (!idle_.empty() && (!open() || next_due_ <= now)) {
      auto* one = idle_.back();
      idle_.pop_back();
      send(*one, open() ? next_due_ : steady::now());
      if (open())
        next_due_ += period_;
    }
  }

  void send(link& one, moment due) {
    const auto now = std::chrono::duration_cast<milliseconds>(
      std::chrono::system_clock::now().time_since_epoch());
    one.is = link::state::busy;
    one.due = due;
    ++busy_;
    ++counts_.sent_in_all;
    write(one, source_.next(now.count()));
  }

  void write(link& one, std::string_view bytes) {
    const auto sent =
      ::send(one.socket.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent < 0 && errno != EAGAIN) {
      broke(one);
      return;
    }
    const auto done = static_cast<std::size_t>(std::max<ssize_t>(sent, 0));
    if (done == bytes.size())
      return;
    one.unsent = std::string{bytes.substr(done)};
    watch(one, EPOLL_CTL_MOD, EPOLLIN | EPOLLOUT);
  }

  void write_rest(link& one) {
    const auto rest = std::exchange(one.unsent, {});
    watch(one, EPOLL_CTL_MOD, EPOLLIN);
    write(one, rest);
  }

  // --- receiving ---

  void wait(moment until) {
    const auto left = std::max(until - steady::now(), steady::duration{0});
    const auto whole = std::chrono::duration_cast<seconds>(left);
    const timespec longest{
      whole.count(),
      std::chrono::duration_cast<std::chrono::nanoseconds>(left - whole)
        .count()};
    std::array<epoll_event, 256> events;
    // Milliseconds, as of epoll_wait, are too coarse to keep a rate.
    const int count =
      ::epoll_pwait2(epoll_.get(), events.data(),
                     static_cast<int>(events.size()), &longest, nullptr);
    for (int i = 0; i < count; ++i)
      happened(events[static_cast<std::size_t>(i)]);
  }

  void happened(const epoll_event& event) {
    auto& one = *static_cast<link*>(event.data.ptr);
    if (one.is == link::state::connecting) {
      connected(one);
      return;
    }
    if ((event.events & EPOLLOUT) != 0 && !one.unsent.empty())
      write_rest(one);
    if ((event.events & (EPOLLIN | EPOLLHUP | EPOLLERR)) != 0
        && one.is != link::state::down)
      receive(one);
  }

  void connected(link& one) {
    --connecting_;
    int error = 0;
    socklen_t size = sizeof error;
    ::getsockopt(one.socket.get(), SOL_SOCKET, SO_ERROR, &error, &size);
    if (error != 0 || !watch(one, EPOLL_CTL_MOD, EPOLLIN)) {
      connect_failed(one);
      return;
    }
    one.is = link::state::idle;
    idle_.push_back(&one);
  }

  void receive(link& one) {
    std::array<char, 4096> buffer;
    const auto got = ::recv(one.socket.get(), buffer.data(), buffer.size(), 0);
    if (got < 0 && (errno == EAGAIN || errno == EINTR))
      return;
    if (got <= 0 || one.is != link::state::busy) {
      broke(one);
      return;
    }
    one.received.append(buffer.data(), static_cast<std::size_t>(got));
    const auto read = read_head(one.received);
    if (read.broken) {
      broke(one);
      return;
    }
    if (!read.head
        || one.received.size() < read.head->head_size + read.head->body_size)
      return;
    answered(one, *read.head);
  }

  void answered(link& one, const answer_head& head) {
    const auto now = steady::now();
    --busy_;
    one.is = link::state::idle;
    one.received.clear();
    if (head.status == 200) {
      ++counts_.acked_in_all;
      if (now >= measure_from_ && now < send_until_)
        ++counts_.acked;
      if (now >= measure_from_)
        counts_.times.add(
          std::chrono::duration_cast<std::chrono::microseconds>(now - one.due)
            .count());
    } else {
      ++counts_.refused_in_all;
      counts_.refused_with = head.status;
    }
    if (head.closes)
      take_down(one);
    else if (sending_ && !open() && now < send_until_)
      send(one, now);
    else
      idle_.push_back(&one);
  }

  /// The other side ended the connection, or nobody understands it any more.
  /// That is an error only with a request under way.
  void broke(link& one) {
    if (one.is == link::state::busy) {
      ++counts_.broken_in_all;
      --busy_;
    }
    std::erase(idle_, &one);
    take_down(one);
  }

  moment wake_at(moment now) const {
    auto at = send_until_;
    if (open() && !idle_.empty())
      at = std::min(at, std::max(next_due_, now));
    if (!down_.empty())
      at = std::min(at, down_.front()->retry_at);
    return at;
  }

  const load_plan& plan_;
  const load_target& target_;
  webhook_source& source_;
  descriptor epoll_;
  std::vector<link> links_;
  std::vector<link*> idle_;
  std::vector<link*> down_;
  std::size_t connecting_ = 0;
  std::uint64_t busy_ = 0;
  bool sending_ = false;
  steady::duration period_{};
  moment start_{};
  moment measure_from_{};
  moment send_until_{};
  moment next_due_{};
  load_counts counts_;
};

} // namespace

outcome<load_target> find_target(std::string_view url) {
  constexpr std::string_view scheme = "http://";
  const fault wrong{errc::invalid,
                    "The address must be as http://127.0.0.1:8080/path."};
  if (!url.starts_with(scheme)
      || url.find_first_of(" \r\n@") != std::string_view::npos)
    return wrong;
  url.remove_prefix(scheme.size());
  load_target target;
  const auto slash = std::min(url.find('/'), url.size());
  target.host = std::string{url.substr(0, slash)};
  target.path = slash < url.size() ? std::string{url.substr(slash)} : "/";
  std::string name = target.host;
  std::string port = "80";
  const auto colon = name.rfind(':');
  if (colon != std::string::npos
      && name.find(']', colon) == std::string::npos) {
    port = name.substr(colon + 1);
    name.resize(colon);
  }
  if (name.starts_with('[') && name.ends_with(']'))
    name = name.substr(1, name.size() - 2);
  if (name.empty() || port.empty()
      || port.find_first_not_of("0123456789") != std::string::npos)
    return wrong;
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* found = nullptr;
  if (::getaddrinfo(name.c_str(), port.c_str(), &hints, &found) != 0)
    return fault{errc::network_failed, "No such host: " + name + "."};
  const std::unique_ptr<addrinfo, decltype(&::freeaddrinfo)> owner{
    found, &::freeaddrinfo};
  std::copy_n(reinterpret_cast<const char*>(found->ai_addr), found->ai_addrlen,
              reinterpret_cast<char*>(&target.address));
  target.address_size = found->ai_addrlen;
  return target;
}

outcome<load_counts> drive_load(const load_plan& plan,
                                const load_target& target,
                                webhook_source& source) {
  return driver{plan, target, source}.run();
}

} // namespace assistly::commands
