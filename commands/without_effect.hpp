/// Options that the configuration knows and this version does nothing with. An
/// operator who sets one is told, and not left to believe in it.
#pragma once

#include "config/settings.hpp"

#include <string>
#include <vector>

namespace assistly::commands {

struct ineffective_option {
  std::string key;
  std::string instead; ///< What happens in its place.
};

std::vector<ineffective_option>
options_without_effect(const config::settings& settings);

} // namespace assistly::commands
