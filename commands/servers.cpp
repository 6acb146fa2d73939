#include "api/inbox.hpp"
#include "commands/context.hpp"
#include "commands/demo.hpp"
#include "commands/running_server.hpp"
#include "commands/signals.hpp"
#include "telemetry/log.hpp"

#include <iostream>

namespace assistly::commands {

namespace {

int serve(const context& c) {
  hold_stop_signals();
  auto settings = settings_of(c);
  if (!settings)
    return exit_configuration;
  auto server = running_server::start(*settings);
  if (!server)
    return fail(server.error());
  wait_for_stop();
  server->reset();
  return exit_done;
}

} // namespace

void add_servers(CLI::App& app, context& c) {
  app.add_subcommand("serve", "run a node until SIGTERM")->callback([&c] {
    c.chosen = [&c] { return serve(c); };
  });
  app
    .add_subcommand("demo",
                    "server, stand-in for Meta and a demo business, all "
                    "on this machine")
    ->callback([&c] { c.chosen = [&c] { return run_demo(c); }; });
  auto* sub = app.add_subcommand("sandbox", "the stand-in for Meta alone");
  auto file = std::make_shared<std::string>();
  auto webhook = std::make_shared<std::string>();
  auto record = std::make_shared<bool>(true);
  sub->add_option("--business", *file,
                  "tenant file whose accounts it plays (default: the demo's)");
  sub->add_option("--webhooks", *webhook,
                  "where webhooks go (default: http.public_url)");
  sub->add_flag("--record,!--no-record", *record,
                "keep what is sent to it (off for load)");
  sub->callback([&c, file, webhook, record] {
    c.chosen = [&c, file, webhook, record] {
      return run_sandbox_alone(c, *file, *webhook, *record);
    };
  });
}

} // namespace assistly::commands
