#include "protocol/fetch/client.hpp"
#include "protocol/fetch/transfer.hpp"

#include <algorithm>
#include <csignal>
#include <cstdlib>
#include <deque>
#include <iterator>
#include <mutex>
#include <pthread.h>
#include <thread>
#include <unordered_map>

namespace assistly::fetch {
namespace {

using transfer_ptr = std::unique_ptr<transfer>;

// How exactly a request that waits for its turn is held to its deadline.
constexpr milliseconds waiting_check{100};
constexpr milliseconds longest_poll{60'000};

struct multi_deleter {
  void operator()(CURLM* multi) const noexcept {
    curl_multi_cleanup(multi);
  }
};

struct share_deleter {
  void operator()(CURLSH* share) const noexcept {
    curl_share_cleanup(share);
  }
};

void start_libcurl() {
  static const CURLcode started = curl_global_init(CURL_GLOBAL_DEFAULT);
  if (started != CURLE_OK)
    std::abort(); // Only without memory or entropy at the program's start.
}

/// The requests to one host. libcurl could keep the limit itself, but lets no
/// timeout end a request that waits for a connection, and is slower at it.
struct lane {
  std::size_t under_way = 0;
  std::deque<transfer_ptr> waiting;
};

class curl_client final : public client {
public:
  explicit curl_client(client_options options) : options_(std::move(options)) {
    start_libcurl();
    share_.reset(curl_share_init());
    multi_.reset(curl_multi_init());
    if (!share_ || !multi_)
      std::abort(); // No memory at the program's start.
    // A pooled handle would otherwise resume only the TLS sessions it made
    // itself. One thread uses the share, so it needs no locks.
    curl_share_setopt(share_.get(), CURLSHOPT_SHARE,
                      CURL_LOCK_DATA_SSL_SESSION);
    // Left alone, libcurl keeps four connections for each handle it has at the
    // moment, and so closes good ones when a burst is over.
    curl_multi_setopt(multi_.get(), CURLMOPT_MAXCONNECTS,
                      static_cast<long>(4 * options_.max_per_host));
    thread_ = std::thread{[this]() noexcept { run(); }};
  }

  ~curl_client() override {
    {
      std::lock_guard lock{mutex_};
      stopping_ = true;
    }
    curl_multi_wakeup(multi_.get());
    thread_.join();
  }

  void send(request wanted, done when_done) override {
    auto one =
      std::make_unique<transfer>(std::move(wanted), std::move(when_done),
                                 std::chrono::steady_clock::now());
    bool was_empty = false;
    {
      std::lock_guard lock{mutex_};
      was_empty = inbox_.empty();
      inbox_.push_back(std::move(one));
    }
    wake(was_empty);
  }

  void send_all(std::vector<std::pair<request, done>> wanted) override {
    const auto now = std::chrono::steady_clock::now();
    std::vector<transfer_ptr> all;
    all.reserve(wanted.size());
    for (auto& [one, when_done] : wanted)
      all.push_back(
        std::make_unique<transfer>(std::move(one), std::move(when_done), now));
    bool was_empty = false;
    {
      std::lock_guard lock{mutex_};
      was_empty = inbox_.empty();
      std::ranges::move(all, std::back_inserter(inbox_));
    }
    wake(was_empty);
  }

private:
  /// Whoever found the inbox empty wakes the thread; those behind need not, and
  /// the thread itself looks again before it sleeps.
  void wake(bool was_empty) noexcept {
    if (was_empty && std::this_thread::get_id() != thread_.get_id())
      curl_multi_wakeup(multi_.get());
  }

  void run() noexcept {
    // libcurl is told to leave signals alone; a peer that hangs up must not end
    // the program by SIGPIPE.
    sigset_t pipe;
    sigemptyset(&pipe);
    sigaddset(&pipe, SIGPIPE);
    pthread_sigmask(SIG_BLOCK, &pipe, nullptr);
    while (take_in()) {
      auto rest = waiting_ == 0 ? longest_poll : waiting_check;
      curl_multi_poll(multi_.get(), nullptr, 0, static_cast<int>(rest.count()),
                      nullptr);
      int running = 0;
      curl_multi_perform(multi_.get(), &running);
      collect();
      expire_waiting();
    }
    end_all();
  }

  /// Begins what was sent since, until there is no more: a `done` called here
  /// may send, too. False when the client is to end.
  bool take_in() {
    while (true) {
      std::vector<transfer_ptr> fresh;
      bool go_on = true;
      {
        std::lock_guard lock{mutex_};
        fresh.swap(inbox_);
        go_on = !stopping_;
      }
      if (fresh.empty())
        return go_on;
      for (auto& one : fresh)
        admit(std::move(one), go_on);
    }
  }

  void admit(transfer_ptr one, bool may_begin) {
    if (auto checked = one->check(options_); !checked) {
      one->fail(checked.error().code, checked.error().text);
      return;
    }
    auto& its = lanes_[one->lane()];
    if (may_begin && its.under_way < options_.max_per_host) {
      begin(its, std::move(one));
    } else {
      its.waiting.push_back(std::move(one));
      ++waiting_;
    }
  }

  void begin(lane& its, transfer_ptr one) {
    auto now = std::chrono::steady_clock::now();
    auto* raw = one.get();
    if (!raw->start(take_handle(), options_, now)
        || curl_multi_add_handle(multi_.get(), raw->easy()) != CURLM_OK) {
      raw->fail(errc::network_failed, "the request could not be set up");
      return;
    }
    ++its.under_way;
    under_way_.emplace(raw->easy(), std::move(one));
  }

  easy_handle take_handle() {
    if (!handles_.empty()) {
      auto handle = std::move(handles_.back());
      handles_.pop_back();
      return handle;
    }
    easy_handle handle{curl_easy_init()};
    if (handle)
      curl_easy_setopt(handle.get(), CURLOPT_SHARE, share_.get());
    return handle;
  }

  /// Ends what libcurl is through with and lets the next of its lane begin.
  void collect() {
    int left = 0;
    while (auto* message = curl_multi_info_read(multi_.get(), &left)) {
      if (message->msg != CURLMSG_DONE)
        continue;
      // The message dies with the removal.
      const auto code = message->data.result;
      auto one = take_out(message->easy_handle);
      const auto name = one->lane();
      if (auto handle = one->finish(code);
          handle && handles_.size() < options_.max_per_host)
        handles_.push_back(std::move(handle));
      leave(name);
    }
  }

  transfer_ptr take_out(CURL* easy) {
    curl_multi_remove_handle(multi_.get(), easy);
    return std::move(under_way_.extract(easy).mapped());
  }

  void leave(const std::string& name) {
    auto found = lanes_.find(name);
    auto& its = found->second;
    --its.under_way;
    while (!its.waiting.empty() && its.under_way < options_.max_per_host) {
      auto next = std::move(its.waiting.front());
      its.waiting.pop_front();
      --waiting_;
      if (next->deadline() <= std::chrono::steady_clock::now())
        next->fail(errc::network_failed, waited_too_long);
      else
        begin(its, std::move(next));
    }
    if (its.under_way == 0 && its.waiting.empty())
      lanes_.erase(found);
  }

  void expire_waiting() {
    auto now = std::chrono::steady_clock::now();
    if (waiting_ == 0 || now - last_expiry_ < waiting_check)
      return;
    last_expiry_ = now;
    for (auto& [name, its] : lanes_)
      waiting_ -= std::erase_if(its.waiting, [now](const transfer_ptr& one) {
        if (one->deadline() > now)
          return false;
        one->fail(errc::network_failed, waited_too_long);
        return true;
      });
  }

  /// Every `done` is called, those of requests sent meanwhile included.
  void end_all() {
    while (!under_way_.empty())
      take_out(under_way_.begin()->first)
        ->finish(CURLE_ABORTED_BY_CALLBACK, ending);
    bool found = true;
    while (found) {
      take_in();
      found = false;
      for (auto& [name, its] : std::exchange(lanes_, {}))
        for (auto& one : its.waiting) {
          found = true;
          one->fail(errc::network_failed, ending);
        }
    }
  }

  static constexpr std::string_view ending = "the program is ending";
  static constexpr std::string_view waited_too_long =
    "no connection became free in time";

  const client_options options_;

  std::mutex mutex_;
  std::vector<transfer_ptr> inbox_; // Under the mutex.
  bool stopping_ = false;           // Under the mutex.

  // From here on of the thread alone. Handles end before the multi, the multi
  // before the share.
  std::unique_ptr<CURLSH, share_deleter> share_;
  std::unique_ptr<CURLM, multi_deleter> multi_;
  std::vector<easy_handle> handles_;
  std::unordered_map<CURL*, transfer_ptr> under_way_;
  std::unordered_map<std::string, lane> lanes_;
  std::size_t waiting_ = 0;
  steady_time last_expiry_{};

  std::thread thread_;
};

} // namespace

std::unique_ptr<client> make_curl_client(client_options options) {
  return std::make_unique<curl_client>(std::move(options));
}

} // namespace assistly::fetch
