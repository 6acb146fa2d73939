/// A table of contents: what the program can be asked to do.
#include "commands/context.hpp"
#include "commands/empty_values.hpp"
#include "commands/signals.hpp"
#include "commands/unknown_command.hpp"
#include "telemetry/log.hpp"

#include <iostream>

int main(int argc, char** argv) {
  using namespace assistly::commands;
  survive_failed_writes();

  CLI::App app{"Assistly answers a business's customers on Messenger, "
               "Instagram, WhatsApp and in comments.",
               "assistly"};
  context c;
  app.add_option("--config", c.config_file,
                 "configuration file (default: assistly.toml here, if there is "
                 "one)");
  app.add_flag("--json", c.json, "machine-readable output");
  app.require_subcommand(1);
  // Options may stand before or after the command.
  app.fallthrough();

  add_servers(app, c); // serve, demo, sandbox
  // apply, ask, conversation, dead-letter, export, erase
  add_data_commands(app, c);
  add_backup_commands(app, c);
  add_tools(app, c); // verify-receipt, check, version, load

  refuse_empty_values(app);

  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& e) {
    if (auto unknown = unknown_command(app); !unknown.empty()) {
      std::cerr << "assistly: there is no \"" << unknown
                << "\"; assistly --help lists what there is\n";
      return exit_usage;
    }
    return app.exit(e) == 0 ? exit_done : exit_usage;
  }
  int code = c.chosen ? c.chosen() : exit_usage;
  assistly::telemetry::stop_log();
  return code;
}
