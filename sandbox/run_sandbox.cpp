#include "sandbox/run_sandbox.hpp"

#include "crypto/random.hpp"
#include "protocol/fetch/client.hpp"
#include "protocol/http/server.hpp"
#include "sandbox/control_api.hpp"
#include "sandbox/phone_page.hpp"

#include <algorithm>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <thread>

namespace assistly::sandbox {

namespace {

using steady = std::chrono::steady_clock;

/// Phones that wait at a time; more are answered at once.
constexpr std::size_t most_held = 1000;
/// Orders for the team side that wait; more are answered 503.
constexpr std::size_t most_orders = 100;

std::int64_t microseconds_now() {
  return std::chrono::duration_cast<std::chrono::microseconds>(
           std::chrono::system_clock::now().time_since_epoch())
    .count();
}

std::optional<fault> check(const sandbox_options& options) {
  if (options.app_id.empty() || options.app_id.size() > 19
      || options.app_id.find_first_not_of("0123456789") != std::string::npos)
    return fault{errc::invalid, "the sandbox's app id must be digits"};
  for (const auto& one : options.accounts)
    if (one.access_token.empty() || one.account_id.empty())
      return fault{errc::invalid,
                   "every account of the sandbox needs an id and a token"};
  return std::nullopt;
}

world_options world_of(const sandbox_options& options) {
  world_options made;
  made.app_id = options.app_id;
  made.app_secret = options.app_secret;
  made.accounts = options.accounts;
  made.posts = options.posts;
  made.require_proof = options.require_proof;
  return made;
}

/// A delayed Graph answer; without one, the request is let go.
struct late_answer {
  http::responder to;
  std::optional<http::response> what;
  steady::time_point due;
};

struct waiting_phone {
  http::responder to;
  held_phone held;
  steady::time_point due;
};

struct waiting_order {
  http::responder to;
  team_order order;
};

} // namespace

/// One lock around the world. Two threads beside the server's and the client's:
/// the driver sends webhooks and ends waits, the other asks the team side, which
/// may block.
struct sandbox_core {
  explicit sandbox_core(sandbox_options given)
    : options(std::move(given)), world(world_of(options), clock, random) {
    world.settings() = options.settings;
    world.record().set_keep(options.record);
    facts.suggestions = options.suggestions;
    facts.has_team = options.team != nullptr;
  }

  ~sandbox_core() {
    stop();
  }

  outcome<void> start();
  void stop();
  void set_webhook_url(std::string url);
  void set_team(team_side* team);

  void handle(http::request request, http::responder to);
  void answer_graph(const http::request& request, http::responder to);
  void answer_sandbox(const http::request& request, http::responder to);
  void drive();
  void serve_team();
  std::vector<std::pair<http::responder, http::response>>
  take_ended(steady::time_point now);
  void shake_hands();

  sandbox_options options;
  system_clock_source clock;
  crypto::system_random random;

  std::mutex mutex; // of what follows, up to the client
  sandbox_world world;
  control_facts facts;
  std::vector<waiting_phone> phones;
  std::vector<late_answer> late;
  std::deque<waiting_order> orders;
  std::size_t under_way = 0;
  bool stopping = false;
  bool woken = false; // there may be something for the driver
  std::condition_variable driver_wakes;
  std::condition_variable team_wakes;
  std::mutex team_use; // held while the team side is called

  std::unique_ptr<fetch::client> client;
  std::unique_ptr<http::server> server;
  std::thread driver;
  std::thread team;
};

outcome<void> sandbox_core::start() {
  fetch::client_options outgoing;
  outgoing.allow_plain_http = true;
  outgoing.max_per_host = options.webhooks_at_once;
  outgoing.user_agent = "facebookexternalua";
  client = fetch::make_curl_client(outgoing);

  http::server_options serving;
  serving.listen = options.listen;
  serving.threads = options.threads;
  serving.limits.connections_per_address = options.connections_per_address;
  serving.handler = [this](http::request request, http::responder to) {
    handle(std::move(request), std::move(to));
  };
  auto started = http::server::start(std::move(serving));
  if (!started)
    return started.error();
  server = *std::move(started);
  driver = std::thread{[this] { drive(); }};
  team = std::thread{[this] { serve_team(); }};
  set_webhook_url(options.webhook_url);
  return {};
}

void sandbox_core::stop() {
  {
    const std::lock_guard lock{mutex};
    stopping = true;
    driver_wakes.notify_all();
    team_wakes.notify_all();
  }
  // The server first, so that nothing new comes; then who answers, then the
  // client, whose last results find the world still there.
  server.reset();
  if (driver.joinable())
    driver.join();
  if (team.joinable())
    team.join();
  client.reset();
  const std::lock_guard lock{mutex};
  phones.clear();
  late.clear();
  orders.clear();
}

void sandbox_core::handle(http::request request, http::responder to) {
  if (request.path.starts_with("/sandbox/") || request.path == "/") {
    if (request.method == "GET")
      if (auto page = page_file(request.path))
        return std::move(to).send(*std::move(page));
    if (request.path != "/")
      return answer_sandbox(request, std::move(to));
  }
  if (request.path == "/favicon.ico")
    return std::move(to).send(http::response::empty(204));
  answer_graph(request, std::move(to));
}

void sandbox_core::answer_graph(const http::request& request,
                                http::responder to) {
  const auto arrival = microseconds_now();
  observed_call seen;
  graph_reply reply;
  {
    const std::lock_guard lock{mutex};
    reply = world.graph(request, arrival, options.on_send ? &seen : nullptr);
    if (options.on_send && seen.is_send)
      options.on_send(seen);
    // Under load there is mostly nothing for the driver, which need not wake.
    woken = woken || !phones.empty() || world.next_webhook();
    if (reply.withheld || reply.delay > milliseconds{0}) {
      late.push_back({std::move(to),
                      reply.withheld ? std::nullopt
                                     : std::optional{std::move(reply.answer)},
                      steady::now() + reply.delay});
      woken = true;
      driver_wakes.notify_one();
      return;
    }
    if (woken)
      driver_wakes.notify_one();
  }
  std::move(to).send(std::move(reply.answer));
}

void sandbox_core::answer_sandbox(const http::request& request,
                                  http::responder to) {
  const auto arrival = microseconds_now();
  std::optional<http::response> now;
  {
    const std::lock_guard lock{mutex};
    auto result = answer_control(world, facts, request, arrival);
    if (auto* answer = std::get_if<http::response>(&result)) {
      now = std::move(*answer);
    } else if (auto* held = std::get_if<held_phone>(&result)) {
      if (phones.size() >= most_held)
        now = answer_phone(world, *held);
      else
        phones.push_back(
          {std::move(to), std::move(*held), steady::now() + held->longest});
    } else if (!facts.has_team) {
      now = answer_team(std::nullopt);
    } else if (orders.size() >= most_orders) {
      now = http::response::unavailable();
    } else {
      orders.push_back({std::move(to), std::get<team_order>(std::move(result))});
      team_wakes.notify_one();
    }
    woken = true;
  }
  driver_wakes.notify_one();
  if (now)
    std::move(to).send(*std::move(now));
}

std::vector<std::pair<http::responder, http::response>>
sandbox_core::take_ended(steady::time_point now) {
  std::vector<std::pair<http::responder, http::response>> out;
  std::erase_if(phones, [&](waiting_phone& one) {
    if (one.due > now && !world.phone_changed(one.held.view, one.held.after))
      return false;
    out.emplace_back(std::move(one.to), answer_phone(world, one.held));
    return true;
  });
  std::erase_if(late, [&](late_answer& one) {
    if (one.due > now)
      return false;
    // Dropping a responder answers 503: by then nobody waits for it.
    if (one.what)
      out.emplace_back(std::move(one.to), *std::move(one.what));
    return true;
  });
  return out;
}

void sandbox_core::drive() {
  std::unique_lock lock{mutex};
  while (!stopping) {
    woken = false;
    auto ended = take_ended(steady::now());
    std::vector<webhook_delivery> due;
    const auto url = facts.webhook_url;
    if (!url.empty() && under_way < options.webhooks_at_once)
      due = world.take_webhooks(options.webhooks_at_once - under_way);
    under_way += due.size();
    lock.unlock();
    http::send_all(std::move(ended));
    std::vector<std::pair<fetch::request, fetch::done>> calls;
    for (auto& one : due) {
      fetch::request wanted;
      wanted.url = url;
      wanted.headers = {"Content-Type: application/json",
                        "X-Hub-Signature-256: " + one.signature};
      wanted.body = std::move(one.body);
      wanted.total_timeout = one.timeout;
      calls.emplace_back(
        std::move(wanted), [this, id = one.id](outcome<fetch::response> came) {
          const std::lock_guard guard{mutex};
          --under_way;
          world.webhook_finished(id, came ? came->status : 0);
          woken = true;
          driver_wakes.notify_one();
        });
    }
    if (!calls.empty())
      client->send_all(std::move(calls));
    lock.lock();

    auto wake = steady::now() + seconds{60};
    for (const auto& one : phones)
      wake = std::min(wake, one.due);
    for (const auto& one : late)
      wake = std::min(wake, one.due);
    if (const auto next = world.next_webhook();
        next && !facts.webhook_url.empty()
        && under_way < options.webhooks_at_once)
      wake = std::min(wake, steady::now() + (*next - world.now()));
    driver_wakes.wait_until(lock, wake, [&] { return woken || stopping; });
  }
}

void sandbox_core::serve_team() {
  std::unique_lock lock{mutex};
  for (;;) {
    team_wakes.wait(lock, [&] { return stopping || !orders.empty(); });
    if (stopping)
      return;
    auto next = std::move(orders.front());
    orders.pop_front();
    lock.unlock();
    {
      const std::lock_guard use{team_use};
      std::optional<outcome<std::string>> said;
      if (auto* side = options.team) {
        const auto& which = next.order.which;
        switch (next.order.what) {
          case team_order::action::look:
            said = side->conversation(which);
            break;
          case team_order::action::take: said = side->take(which); break;
          case team_order::action::reply:
            said = side->reply(which, next.order.text);
            break;
          case team_order::action::give_back:
            said = side->give_back(which);
            break;
        }
      }
      std::move(next.to).send(answer_team(said));
    }
    lock.lock();
  }
}

void sandbox_core::set_team(team_side* side) {
  const std::lock_guard use{team_use};
  const std::lock_guard lock{mutex};
  options.team = side;
  facts.has_team = side != nullptr;
}

void sandbox_core::set_webhook_url(std::string url) {
  {
    const std::lock_guard lock{mutex};
    facts.webhook_url = std::move(url);
    woken = true;
  }
  driver_wakes.notify_one();
  shake_hands();
}

void sandbox_core::shake_hands() {
  fetch::request wanted;
  std::string challenge;
  {
    const std::lock_guard lock{mutex};
    if (facts.webhook_url.empty() || options.verify_token.empty())
      return;
    std::array<std::byte, 4> drawn{};
    random.fill(drawn);
    std::uint32_t number = 0;
    for (const auto b : drawn)
      number = number << 8 | std::to_integer<std::uint32_t>(b);
    challenge = std::to_string(number);
    facts.handshake = "pending";
    wanted.method = "GET";
    wanted.url = facts.webhook_url
                 + "?hub.mode=subscribe&hub.challenge=" + challenge
                 + "&hub.verify_token="
                 + http::url_encode(options.verify_token.reveal());
  }
  client->send(std::move(wanted),
               [this, challenge](outcome<fetch::response> came) {
                 const std::lock_guard guard{mutex};
                 facts.handshake = !came ? "unreachable"
                                   : came->status == 200
                                       && came->body == challenge
                                     ? "ok"
                                     : "refused";
               });
}

running_sandbox::running_sandbox(std::unique_ptr<sandbox_core> core)
  : core_(std::move(core)) {
}

running_sandbox::~running_sandbox() = default;

std::uint16_t running_sandbox::port() const noexcept {
  return core_->server ? core_->server->port() : std::uint16_t{0};
}

void running_sandbox::set_webhook_url(std::string url) {
  core_->set_webhook_url(std::move(url));
}

void running_sandbox::set_team(team_side* team) {
  core_->set_team(team);
}

void running_sandbox::stop() {
  core_->stop();
}

outcome<std::unique_ptr<running_sandbox>> run_sandbox(sandbox_options options) {
  if (auto wrong = check(options))
    return *std::move(wrong);
  auto core = std::make_unique<sandbox_core>(std::move(options));
  if (auto started = core->start(); !started)
    return started.error();
  return std::unique_ptr<running_sandbox>{
    new running_sandbox{std::move(core)}};
}

} // namespace assistly::sandbox
