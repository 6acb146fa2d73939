#include "commands/without_effect.hpp"

namespace assistly::commands {

std::vector<ineffective_option>
options_without_effect(const config::settings& settings) {
  std::vector<ineffective_option> found;
  if (settings.answers.provider != config::answer_provider::embedded)
    found.push_back({"answers.provider",
                     "this version answers from the business's entries alone"});
  if (!settings.mail.url.empty())
    found.push_back({"mail.url", "this version sends no mail"});
  return found;
}

} // namespace assistly::commands
