/// `/sandbox/…`: what tests, the load bench and the phone page do with the
/// stand-in beside Meta's own interface. Pure: no sockets, no threads.
#pragma once

#include "protocol/http/message.hpp"
#include "sandbox/team_side.hpp"
#include "sandbox/world.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace assistly::sandbox {

/// A phone waits for news: to be answered with `phone_json` as soon as
/// `phone_changed`, or when the time is over.
struct held_phone {
  phone_view view;
  std::uint64_t after = 0;
  milliseconds longest{0};
};

/// A call for the team side, to be made where blocking does no harm.
struct team_order {
  enum class action : std::uint8_t { look, take, reply, give_back };

  action what = action::look;
  team_address which;
  std::string text;
};

/// What the page is told about the whole.
struct control_facts {
  std::string webhook_url;
  /// How the handshake (CONTRACT 2) ended: none, pending, ok, refused,
  /// unreachable.
  std::string handshake = "none";
  bool has_team = false;
  std::vector<std::string> suggestions;
};

using control_result = std::variant<http::response, held_phone, team_order>;

/// Answers a request whose path starts with `/sandbox/`. Bodies are JSON and
/// must say so: a web page of somebody else's can then not send one without
/// asking first. Faults are `application/problem+json`.
control_result answer_control(sandbox_world& world, const control_facts& facts,
                              const http::request& request,
                              std::int64_t arrival_us);

/// The answer to a `held_phone`, now.
http::response answer_phone(const sandbox_world& world, const held_phone& held);

/// The answer to a `team_order`, from what the team side said. `none`: there is
/// no team side.
http::response answer_team(const std::optional<outcome<std::string>>& said);

/// `GET /sandbox/requests` and `GET /sandbox/stats`.
std::string requests_json(const recording& record, std::uint64_t after);
std::string stats_json(sandbox_world& world, const control_facts& facts);

/// A fault as the wire sees it.
http::response to_problem(const fault& why);

} // namespace assistly::sandbox
