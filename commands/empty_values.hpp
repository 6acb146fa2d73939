/// Options that are given without a value.
#pragma once

#include <CLI/CLI.hpp>
#include <string>

namespace assistly::commands {

/// An empty value is what a script's unset variable leaves: "only this person"
/// must not become "everybody". Call it when all commands are added.
inline void refuse_empty_values(CLI::App& app) {
  for (auto* option : app.get_options())
    if (option->get_items_expected_max() > 0)
      option->check([](const std::string& value) {
        return value.empty() ? std::string{"the value must not be empty"}
                             : std::string{};
      });
  for (auto* sub : app.get_subcommands([](CLI::App*) { return true; }))
    refuse_empty_values(*sub);
}

} // namespace assistly::commands
