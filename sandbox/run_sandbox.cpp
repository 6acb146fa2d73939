#include "sandbox/run_sandbox.hpp"

#include "sandbox/phone_page.hpp"
#include "sandbox/sandbox_core.hpp"

namespace assistly::sandbox {

namespace {

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

} // namespace

sandbox_core::sandbox_core(sandbox_options given)
  : options(std::move(given)), world(world_of(options), clock, random) {
  world.settings() = options.settings;
  world.record().set_keep(options.record);
  facts.suggestions = options.suggestions;
  facts.has_team = options.team != nullptr;
}

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
      late.push_back(
        {std::move(to),
         reply.withheld ? std::nullopt : std::optional{std::move(reply.answer)},
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
      orders.push_back(
        {std::move(to), std::get<team_order>(std::move(result))});
      team_wakes.notify_one();
    }
    woken = true;
  }
  driver_wakes.notify_one();
  if (now)
    std::move(to).send(*std::move(now));
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

running_sandbox::running_sandbox(std::unique_ptr<sandbox_core> core)
  : core_(std::move(core)) {}

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
  return std::unique_ptr<running_sandbox>{new running_sandbox{std::move(core)}};
}

} // namespace assistly::sandbox
