/// What was typed where a command should stand.
#pragma once

#include <CLI/CLI.hpp>
#include <string>

namespace assistly::commands {

/// Empty unless a command is missing and something else stands in its place:
/// the parser then says only that one is required.
inline std::string unknown_command(const CLI::App& app) {
  const auto* chosen = &app;
  while (!chosen->get_subcommands().empty())
    chosen = chosen->get_subcommands().front();
  auto rest = app.remaining(true);
  if (chosen->get_require_subcommand_min() == 0 || rest.empty())
    return {};
  return rest.front();
}

} // namespace assistly::commands
