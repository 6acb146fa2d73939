/// What every sub-command starts from: settings, and a way to run a command
/// here or in the server that holds the data.
#pragma once

#include "api/run_command.hpp"
#include "config/settings.hpp"

#include <CLI/CLI.hpp>
#include <functional>
#include <optional>
#include <string>

namespace assistly::commands {

inline constexpr int exit_done = 0;
inline constexpr int exit_failed = 1;
inline constexpr int exit_usage = 2;
inline constexpr int exit_configuration = 3;

struct context {
  std::string config_file;
  bool json = false;
  /// Set by the sub-command that was chosen; returns the exit code.
  std::function<int()> chosen;
};

/// Reads the settings and starts the log; prints every fault at once. Nothing
/// if they are invalid: the exit code is then `exit_configuration`.
std::optional<config::settings> settings_of(const context& c);

/// Runs the command with the data folder's lock, or in the server that holds
/// it.
outcome<std::string> run_anywhere(const config::settings& settings,
                                  const api::command_call& call);

/// The database's part of `check`, without changing anything: neither makes a
/// database nor migrates one.
outcome<std::string> check_anywhere(const config::settings& settings,
                                    bool deep);

/// One line on standard error; the exit code that belongs to it.
int fail(const fault& why);

/// `serve`, `demo`, `sandbox`.
void add_servers(CLI::App& app, context& c);
/// `apply`, `ask`, `conversation`, `dead-letter`, `export`, `erase`.
void add_data_commands(CLI::App& app, context& c);
/// `backup`, `restore`.
void add_backup_commands(CLI::App& app, context& c);
/// `verify-receipt`, `check`, `version`, `load`.
void add_tools(CLI::App& app, context& c);

} // namespace assistly::commands
