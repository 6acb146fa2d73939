#include "commands/demo.hpp"

#include "api/inbox.hpp"
#include "api/tenant_commands.hpp"
#include "commands/running_server.hpp"
#include "commands/signals.hpp"
#include "config/demo.hpp"
#include "config/tenant_file.hpp"
#include "crypto/encoding.hpp"
#include "crypto/key.hpp"
#include "crypto/random.hpp"
#include "sandbox/run_sandbox.hpp"

#include <iostream>

namespace assistly::commands {

namespace {

/// The demo's team side: the functions of the inbox, named by the customer.
class demo_team final : public sandbox::team_side {
public:
  explicit demo_team(api::access& a) : access_(&a) {}

  outcome<std::string>
  conversation(const sandbox::team_address& which) override {
    return with(which, [this](tenant_id tenant, conversation_id id) {
      return api::show_conversation(*access_, tenant, id);
    });
  }

  outcome<std::string> take(const sandbox::team_address& which) override {
    return act(which, storage::member_act::take_over, {});
  }

  outcome<std::string> reply(const sandbox::team_address& which,
                             std::string_view text) override {
    return act(which, storage::member_act::reply, std::string{text});
  }

  outcome<std::string> give_back(const sandbox::team_address& which) override {
    return act(which, storage::member_act::hand_back, {});
  }

private:
  template <class F>
  outcome<std::string> with(const sandbox::team_address& which, F f) {
    tenant_id tenant;
    auto id = api::find_by_customer(*access_, which.channel, which.account_id,
                                    which.customer_id, which.post_id, tenant);
    if (!id)
      return id.error();
    return f(tenant, *id);
  }

  outcome<std::string> act(const sandbox::team_address& which,
                           storage::member_act what, std::string text) {
    return with(which, [&](tenant_id tenant, conversation_id id) {
      return api::act(*access_, tenant, id, what, text);
    });
  }

  api::access* access_;
};

std::vector<sandbox::account> accounts_of(const tenant_plan& plan) {
  std::vector<sandbox::account> all;
  for (const auto& c : plan.channels)
    all.push_back({c.kind, c.access.account_id, c.access.page_id,
                   c.access.business_account_id, c.access.token,
                   plan.settings.name});
  return all;
}

/// The first phrasings of some entries: what a newcomer may ask.
std::vector<std::string> suggestions_of(const tenant_plan& plan) {
  std::vector<std::string> all;
  for (const auto& k : plan.knowledge)
    if (!k.questions.empty() && all.size() < 6
        && (k.language.empty()
            || k.language == plan.settings.languages.front()))
      all.push_back(k.questions.front());
  return all;
}

/// Starts on the address, or on a free port beside it if that is taken.
outcome<std::unique_ptr<sandbox::running_sandbox>>
start_sandbox(sandbox::sandbox_options o, config::listen_address listen,
              bool any_port) {
  o.listen = config::to_string(listen);
  auto started = sandbox::run_sandbox(o);
  if (started || !any_port || started.error().code != errc::conflict)
    return started;
  listen.port = 0;
  o.listen = config::to_string(listen);
  return sandbox::run_sandbox(std::move(o));
}

outcome<std::unique_ptr<running_server>>
start_server(config::settings& settings) {
  auto started = running_server::start(settings);
  if (started || started.error().code != errc::conflict
      || started.error().text.find("database") != std::string::npos)
    return started;
  settings.http.listen.port = 0;
  settings.operations.listen.port = 0;
  return running_server::start(settings);
}

std::string address(const config::listen_address& listen, std::uint16_t port) {
  auto at = listen;
  at.port = port;
  return "http://" + config::to_string(at);
}

secret_text made_up_secret() {
  crypto::system_random random;
  auto key = crypto::make_key(random);
  return secret_text{crypto::to_hex(key.bytes)};
}

} // namespace

int run_demo(const context& c) {
  hold_stop_signals();
  auto loaded = settings_of(c);
  if (!loaded)
    return exit_configuration;
  auto& settings = *loaded;
  // Meta is played here, so its secrets are made up for this run.
  if (settings.meta.app_secret.empty())
    settings.meta.app_secret = made_up_secret();
  if (settings.meta.verify_token.empty())
    settings.meta.verify_token = made_up_secret();
  auto business =
    config::parse_tenant(config::demo_business_toml(), ".", settings.retention);
  if (!business)
    return fail(
      {errc::internal, "the demo business does not fit the operator's "
                       "bounds: "
                         + config::to_string(business.faults.front())});
  sandbox::sandbox_options o;
  o.app_secret = settings.meta.app_secret;
  o.verify_token = settings.meta.verify_token;
  if (!settings.meta.app_id.empty())
    o.app_id = settings.meta.app_id;
  o.accounts = accounts_of(*business.value);
  o.suggestions = suggestions_of(*business.value);
  auto meta = start_sandbox(std::move(o), settings.sandbox.listen, true);
  if (!meta)
    return fail(meta.error());
  auto meta_url = address(settings.sandbox.listen, (*meta)->port());
  settings.meta.graph_url = meta_url;
  settings.meta.instagram_url = meta_url;
  auto server = start_server(settings);
  if (!server)
    return fail(server.error());
  auto applied = api::apply(
    (*server)->access(),
    {"apply",
     {{"text", std::string{config::demo_business_toml()}}, {"folder", "."}}});
  if (!applied)
    return fail(applied.error());
  demo_team team{(*server)->access()};
  (*meta)->set_team(&team);
  auto server_url = address(settings.http.listen, (*server)->port());
  (*meta)->set_webhook_url(server_url + "/webhooks/meta");
  std::cout << "\n  Open this, and write as a customer:\n\n    " << meta_url
            << "/\n\n  Webhooks    " << server_url << "/webhooks/meta\n"
            << "  Metrics     "
            << address(settings.operations.listen, (*server)->operations_port())
            << "/metrics\n  Business    " << business.value->settings.name
            << " (tenant " << business.value->settings.slug << ")\n"
            << "  Data        " << storage::place_of(settings).name()
            << "\n\n  Ctrl-C ends all of it.\n"
            << std::endl;
  wait_for_stop();
  (*meta)->stop();
  server->reset();
  return exit_done;
}

int run_sandbox_alone(const context& c, const std::string& business_file,
                      const std::string& webhook_url, bool record) {
  hold_stop_signals();
  auto settings = settings_of(c);
  if (!settings)
    return exit_configuration;
  auto business = business_file.empty()
                    ? config::parse_tenant(config::demo_business_toml(), ".",
                                           settings->retention)
                    : config::load_tenant(business_file, settings->retention);
  if (!business) {
    for (const auto& f : business.faults)
      std::cerr << business_file << ": " << config::to_string(f) << "\n";
    return exit_failed;
  }
  if (settings->meta.app_secret.empty())
    return fail({errc::invalid,
                 "meta.app_secret is not set; the stand-in signs its webhooks "
                 "with the secret the server checks them by"});
  sandbox::sandbox_options o;
  o.app_secret = settings->meta.app_secret;
  o.verify_token = settings->meta.verify_token;
  if (!settings->meta.app_id.empty())
    o.app_id = settings->meta.app_id;
  o.accounts = accounts_of(*business.value);
  o.suggestions = suggestions_of(*business.value);
  o.webhook_url = webhook_url.empty()
                    ? settings->http.public_url + "/webhooks/meta"
                    : webhook_url;
  o.record = record;
  // Webhooks made by hand or by a load name customers that the stand-in has
  // never met; their answers are taken all the same.
  o.settings.strict = false;
  o.settings.echoes = record;
  o.settings.statuses = record;
  auto meta = start_sandbox(std::move(o), settings->sandbox.listen, false);
  if (!meta)
    return fail(meta.error());
  std::cout << "The stand-in for Meta: "
            << address(settings->sandbox.listen, (*meta)->port()) << "/\n"
            << std::flush;
  wait_for_stop();
  (*meta)->stop();
  return exit_done;
}

} // namespace assistly::commands
