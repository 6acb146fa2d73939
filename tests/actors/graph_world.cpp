#include "tests/actors/graph_world.hpp"

#include "protocol/json/fields.hpp"
#include "protocol/webhook/parse_webhook.hpp"
#include "tests/storage/storage_node.hpp"

#include <algorithm>
#include <stdexcept>

namespace assistly::fakes {

namespace {

const secret_text app_secret{"assistly-test-app-secret"};

sandbox::world_options options() {
  sandbox::world_options o;
  o.app_secret = app_secret;
  o.require_proof = false;
  for (const auto& c : plan_of("acme").channels) {
    sandbox::account a;
    a.kind = c.kind;
    a.account_id = c.access.account_id;
    a.business_account_id = c.access.business_account_id;
    a.access_token = c.access.token;
    a.name = "Acme";
    o.accounts.push_back(std::move(a));
  }
  return o;
}

http::request request_of(const fetch::request& wanted) {
  http::request q;
  q.method = wanted.method;
  auto path = wanted.url.find('/', wanted.url.find("://") + 3);
  q.set_target(wanted.url.substr(path));
  q.body = wanted.body;
  q.add_header("Host", "meta");
  for (const auto& line : wanted.headers) {
    auto colon = line.find(": ");
    q.add_header(line.substr(0, colon), line.substr(colon + 2));
  }
  return q;
}

sandbox::written_message written(channel_kind kind, const std::string& text,
                                 const std::string& who) {
  sandbox::written_message m;
  m.channel = kind;
  m.customer = who;
  m.text = text;
  return m;
}

template <class T>
void must(const outcome<T>& result) {
  if (!result)
    throw std::runtime_error{result.error().text};
}

} // namespace

graph_world::graph_world(const clock_source& clock)
  : world(options(), clock, random_) {}

void graph_world::send(fetch::request wanted, fetch::done when_done) {
  sandbox::graph_reply reply;
  {
    std::lock_guard lock{mutex};
    calls_.emplace_back(wanted.method, wanted.url);
    if (!away)
      reply = world.graph(request_of(wanted), ++arrivals_);
  }
  if (away)
    return when_done(fault{errc::network_failed, "nobody is there"});
  if (reply.withheld)
    return when_done(fault{errc::in_doubt, "no answer came"});
  fetch::response answer;
  answer.status = reply.answer.status;
  answer.headers = reply.answer.headers;
  answer.body = reply.answer.body;
  when_done(std::move(answer));
}

void graph_world::customer(channel_kind kind, const std::string& text,
                           const std::string& who) {
  std::lock_guard lock{mutex};
  must(world.customer_writes(written(kind, text, who), ++arrivals_));
}

void graph_world::staff(channel_kind kind, const std::string& text,
                        const std::string& who) {
  std::lock_guard lock{mutex};
  must(world.business_writes(written(kind, text, who)));
}

std::vector<inbound_event> graph_world::webhooks(int status) {
  webhook::signature_verifier verifier{{app_secret}};
  std::vector<inbound_event> all;
  std::lock_guard lock{mutex};
  for (auto& one : world.take_webhooks(1000)) {
    world.webhook_finished(one.id, status);
    if (status != 200)
      continue;
    auto verified = verifier.verify(std::move(one.body), one.signature, 1);
    must(verified);
    auto parsed = webhook::parse_webhook(*verified);
    must(parsed);
    for (auto& event : parsed->events)
      all.push_back(std::move(event));
  }
  return all;
}

void graph_world::strike(const std::string& rule) {
  json::json_fields fields;
  fields.add_json(rule);
  auto read = sandbox::read_fault_rule(fields);
  must(read);
  std::lock_guard lock{mutex};
  must(world.faults().add(*read));
}

std::vector<std::string> graph_world::said_to(channel_kind kind,
                                              const std::string& who) {
  sandbox::phone_view view;
  view.channel = kind;
  view.customer = who;
  std::lock_guard lock{mutex};
  auto json = world.phone_json(view, 0);
  must(json);
  json::json_fields fields;
  fields.add_json(*json);
  std::vector<std::string> all;
  for (const auto& one : fields.objects_of("lines"))
    if (one.text("author") == "business")
      all.emplace_back(one.text("text"));
  return all;
}

std::size_t graph_world::asked(const std::string& method,
                               const std::string& part) const {
  return static_cast<std::size_t>(
    std::count_if(calls_.begin(), calls_.end(), [&](const auto& call) {
      return call.first == method
             && call.second.find(part) != std::string::npos;
    }));
}

std::unique_ptr<actors::message_sender> graph_world::way_out() {
  return actors::make_graph_sender(*this, {}, app_secret);
}

std::unique_ptr<actors::account_calls> graph_world::accounts() {
  return std::make_unique<actors::account_calls>(
    *this, graph::endpoints{},
    actors::own_apps{"1029384756101112", "1029384756101112"}, app_secret);
}

std::string graph_world::ask(const std::string& method,
                             const std::string& path) {
  fetch::request wanted;
  wanted.method = method;
  wanted.url = "https://meta" + path;
  wanted.headers = {
    "Authorization: Bearer "
    + std::string{plan_of("acme").channels.front().access.token.reveal()}};
  std::lock_guard lock{mutex};
  return world.graph(request_of(wanted), ++arrivals_).answer.body;
}

bool graph_world::subscribed(const std::string& node) {
  return ask("GET", "/" + node + "/subscribed_apps").find("1029384756101112")
         != std::string::npos;
}

void graph_world::unsubscribe(const std::string& node) {
  ask("DELETE", "/" + node + "/subscribed_apps");
}

} // namespace assistly::fakes
