/// Commands by name, as the command line and the control socket call them.
#pragma once

#include "api/access.hpp"

#include <map>
#include <string>

namespace assistly::api {

struct command_call {
  /// "apply", "ask", "conversation-list", "conversation-show",
  /// "conversation-take", "conversation-reply", "conversation-return",
  /// "dead-letter-list", "dead-letter-replay", "export", "erase", "check",
  /// "check-deep".
  std::string name;
  std::map<std::string, std::string> arguments;

  /// Empty where not given.
  const std::string& operator[](const std::string& argument) const;
};

/// The result as one JSON object, or why not. Blocks; never to be called on an
/// I/O thread or from an actor.
outcome<std::string> run_command(access& a, const command_call& call);

} // namespace assistly::api
