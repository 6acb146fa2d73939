#include "commands/running_server.hpp"

#include "actors/account_calls.hpp"
#include "actors/graph_sender.hpp"
#include "api/control.hpp"
#include "api/operations_endpoint.hpp"
#include "api/webhook_endpoint.hpp"
#include "commands/context.hpp"
#include "commands/without_effect.hpp"
#include "crypto/random.hpp"
#include "protocol/http/listen_address.hpp"
#include "protocol/http/server.hpp"
#include "storage/ledger_mark.hpp"
#include "telemetry/log.hpp"

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <limits>
#include <thread>

namespace assistly::commands {

namespace {

// Together below the 20 s that a stop may take.
constexpr seconds longest_drain{12};
constexpr seconds longest_wait_for_sends{6};

/// Asked before anything is made in the folder.
outcome<void> check_folder(const config::settings& s) {
  auto folder = storage::place_of(s).folder();
  const auto length = api::control_socket_in(folder).string().size();
  if (length <= http::longest_socket_path)
    return {};
  const char* option = s.storage.engine == config::storage_engine::sqlite
                         ? "storage.url"
                         : "keys.file";
  return fault{
    errc::invalid,
    "the data folder's path is too long: commands reach the server by the "
    "socket control.sock in it, whose whole path may have "
      + std::to_string(http::longest_socket_path) + " bytes and would have "
      + std::to_string(length) + "; name a shorter folder in " + option + " ("
      + folder.string() + ")"};
}

storage::writer_options options_of(telemetry::assistly_metrics& metrics,
                                   actors::commit_pressure& pressure,
                                   clock_source& clock) {
  storage::writer_options o;
  o.begin = [&pressure, &clock] { pressure.begin(clock.now()); };
  o.observe = [&](std::chrono::nanoseconds took, std::size_t units) {
    pressure.end(std::chrono::duration_cast<milliseconds>(took), clock.now());
    metrics.commit_seconds.observe(std::chrono::duration<double>(took).count());
    metrics.commit_batch.observe(static_cast<double>(units));
  };
  // The kill test's negative control: a server that says 200 too early must be
  // seen to lose events.
  o.acknowledge_before_commit =
    std::getenv("ASSISTLY_FAULT_ACKNOWLEDGE_BEFORE_COMMIT") != nullptr;
  return o;
}

/// What the crash tests need: a message that no version is known to die of, and
/// the limit that is to end its deaths.
void set_faults(actors::node_services& services) {
  if (const char* text = std::getenv("ASSISTLY_FAULT_ABORT_ON"))
    services.faults.in_unit =
      [text = std::string{text}](const inbound_event& event) {
        if (event.text == text)
          std::abort();
      };
  if (const char* text = std::getenv("ASSISTLY_FAULT_ABORT_ON_ANSWER"))
    services.faults.in_answer =
      [text = std::string{text}](const std::vector<std::string>& lines) {
        if (lines.back() == text)
          std::abort();
      };
  if (std::getenv("ASSISTLY_FAULT_TRY_FOR_EVER")) {
    services.limits.most_reply_attempts =
      std::numeric_limits<std::int32_t>::max();
    services.limits.most_event_tries = std::numeric_limits<std::int32_t>::max();
  }
}

} // namespace

struct running_server::parts {
  config::settings settings;
  system_clock_source clock;
  crypto::system_random random;
  telemetry::registry registry;
  telemetry::assistly_metrics metrics{registry};
  actors::commit_pressure pressure;
  std::unique_ptr<storage::database> db;
  std::optional<storage::ledger> ledger;
  std::unique_ptr<storage::writer> writer;
  std::unique_ptr<storage::reader> reader;
  actors::wake_queue wakes{clock};
  actors::background builder;
  std::unique_ptr<fetch::client> client;
  std::unique_ptr<actors::message_sender> sender;
  std::unique_ptr<actors::account_calls> accounts;
  actors::sends_under_way sends;
  actors::node_services services;
  std::unique_ptr<api::webhook_endpoint> webhooks;
  std::unique_ptr<actors::node> node;
  std::optional<api::access> access;
  std::unique_ptr<api::control_desk> desk;
  std::unique_ptr<api::operations_endpoint> health;
  std::unique_ptr<http::server> server;
  std::unique_ptr<http::server> operations;
  std::unique_ptr<http::server> control;

  outcome<void> open_storage();
  outcome<void> start_node();
  outcome<void> listen();
  void route(http::request request, http::responder responder);
};

outcome<void> running_server::parts::open_storage() {
  auto opened = storage::database::open(storage::place_of(settings), random);
  if (!opened)
    return opened.error();
  db = std::move(*opened);
  auto book = storage::open_ledger(*db, settings.ledger.file);
  if (!book)
    return book.error();
  ledger.emplace(std::move(*book));
  try {
    writer = std::make_unique<storage::writer>(
      *db, clock, random, options_of(metrics, pressure, clock));
    reader = std::make_unique<storage::reader>(*db, 2);
    for (const auto& each : db->engine().warnings())
      telemetry::log(telemetry::level::warning, "storage_warning",
                     {{"means", each.what}, {"mend", each.mend}});
  } catch (const sql::failure& e) {
    return fault{e.code(), e.what()};
  }
  return {};
}

outcome<void> running_server::parts::start_node() {
  fetch::client_options out;
  out.allow_plain_http = settings.meta.graph_url.starts_with("http://")
                         || settings.meta.instagram_url.starts_with("http://");
  client = fetch::make_curl_client(out);
  graph::endpoints where;
  where.graph_url = settings.meta.graph_url;
  where.instagram_url = settings.meta.instagram_url;
  where.api_version = settings.meta.api_version;
  sender = actors::make_graph_sender(*client, where, settings.meta.app_secret);
  accounts = std::make_unique<actors::account_calls>(
    *client, where,
    actors::own_apps{settings.meta.app_id, settings.meta.instagram_app_id},
    settings.meta.app_secret);
  services.accounts = accounts.get();
  services.db = db.get();
  services.writer = writer.get();
  services.reader = reader.get();
  services.ledger = &*ledger;
  services.clock = &clock;
  services.random = &random;
  services.sender = sender.get();
  services.sends = &sends;
  services.metrics = &metrics;
  services.wakes = &wakes;
  services.pressure = &pressure;
  services.builder = &builder;
  services.limits.quiet = settings.answers.quiet;
  set_faults(services);
  webhooks = std::make_unique<api::webhook_endpoint>(services, settings.meta);
  wakes.start();
  auto started = actors::node::start(services);
  if (!started)
    return started.error();
  node = std::move(*started);
  webhooks->set_node(node.get());
  access.emplace(api::access{settings, *db, *writer, *reader, *ledger, clock,
                             random, node.get(), &services});
  desk = std::make_unique<api::control_desk>(*access);
  health = std::make_unique<api::operations_endpoint>(*writer, *reader,
                                                      registry, metrics);
  return {};
}

void running_server::parts::route(http::request request,
                                  http::responder responder) {
  if (request.path == api::webhook_endpoint::path) {
    if (request.method == "POST")
      return webhooks->post(std::move(request), std::move(responder));
    if (request.method == "GET")
      return webhooks->get(request, std::move(responder));
    auto answer = http::response::problem(405, "Only GET and POST are known");
    answer.headers.emplace_back("Allow", "GET, POST");
    return std::move(responder).send(std::move(answer));
  }
  std::move(responder).send(
    http::response::problem(404, "There is nothing at this address",
                            "Meta's webhooks go to /webhooks/meta."));
}

outcome<void> running_server::parts::listen() {
  auto begin = [](http::server_options o,
                  std::unique_ptr<http::server>& into) -> outcome<void> {
    auto started = http::server::start(std::move(o));
    if (!started)
      return started.error();
    into = std::move(*started);
    return {};
  };
  http::server_options o;
  o.listen = "unix:" + api::control_socket_in(db->folder()).string();
  o.limits.body = http::largest_body;
  o.handler = [this](http::request q, http::responder r) {
    desk->take(std::move(q), std::move(r));
  };
  if (auto done = begin(std::move(o), control); !done)
    return done;
  o = {};
  o.listen = config::to_string(settings.operations.listen);
  o.handler = [this](const http::request& q, http::responder r) {
    health->take(q, std::move(r));
  };
  if (auto done = begin(std::move(o), operations); !done)
    return done;
  o = {};
  o.listen = config::to_string(settings.http.listen);
  o.tls_certificate_file = settings.http.tls_certificate_file.string();
  o.tls_key_file = settings.http.tls_key_file.string();
  o.limits.body = settings.http.body_limit_bytes;
  o.limits.connections = settings.http.max_connections;
  o.limits.connections_per_address = settings.http.max_connections_per_address;
  o.threads =
    static_cast<int>(std::max(1u, std::thread::hardware_concurrency()));
  o.handler = [this](http::request q, http::responder r) {
    route(std::move(q), std::move(r));
  };
  o.accepting = [this](const http::request&) { return webhooks->accepting(); };
  o.refused = [this](const http::refusal& r) { webhooks->refused(r); };
  return begin(std::move(o), server);
}

running_server::running_server(std::unique_ptr<parts> made)
  : parts_(std::move(made)) {}

outcome<std::unique_ptr<running_server>>
running_server::start(const config::settings& settings) {
  std::unique_ptr<running_server> result{
    new running_server{std::make_unique<parts>()}};
  auto& p = *result->parts_;
  p.settings = settings;
  for (const auto& option : options_without_effect(settings))
    telemetry::log(telemetry::level::warning, "option_without_effect",
                   {{"key", option.key}, {"instead", option.instead}});
  if (config::signing_secrets(settings.meta).empty())
    telemetry::log(
      telemetry::level::warning, "no_app_secret",
      {{"means", "every webhook is refused"}, {"mend", "set meta.app_secret"}});
  if (auto done = check_folder(settings); !done)
    return done.error();
  if (auto done = p.open_storage(); !done)
    return done.error();
  if (auto done = p.start_node(); !done)
    return done.error();
  if (auto done = p.listen(); !done)
    return done.error();
  p.health->set_serving(true);
  telemetry::log(
    telemetry::level::info, "serving",
    {{"port", std::int64_t{result->port()}},
     {"operations_port", std::int64_t{result->operations_port()}}});
  return result;
}

running_server::~running_server() {
  auto& p = *parts_;
  bool served = p.health && p.health->set_serving(false);
  for (auto* server : {p.server.get(), p.control.get()})
    if (server)
      server->drain();
  if (p.server)
    p.server->wait_drained(longest_drain);
  // What Meta is answering just now must be written down, or it is in doubt.
  p.sends.forbid();
  if (!p.sends.wait_for_none(longest_wait_for_sends))
    telemetry::log(telemetry::level::warning, "sends_left_in_doubt");
  p.control.reset();
  p.desk.reset();
  // From here on nothing new comes in; what is owed stays in storage. Whoever
  // could still call an actor goes before the actors do.
  p.wakes.stop();
  p.builder.stop();
  p.client.reset();
  if (p.writer)
    p.writer->stop();
  if (p.reader)
    p.reader->stop();
  if (p.webhooks)
    p.webhooks->set_node(nullptr);
  p.node.reset();
  p.server.reset();
  p.operations.reset();
  if (served)
    telemetry::log(telemetry::level::info, "stopped");
}

std::uint16_t running_server::port() const noexcept {
  return parts_->server ? parts_->server->port() : std::uint16_t{0};
}

std::uint16_t running_server::operations_port() const noexcept {
  return parts_->operations ? parts_->operations->port() : std::uint16_t{0};
}

api::access& running_server::access() noexcept {
  return *parts_->access;
}

} // namespace assistly::commands
