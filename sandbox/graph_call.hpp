/// One call of the Graph API on its way through the stand-in. Private to this
/// room.
#pragma once

#include "protocol/json/fields.hpp"
#include "sandbox/graph_error.hpp"
#include "sandbox/world_state.hpp"

#include <variant>

namespace assistly::sandbox {

struct graph_call {
  std::string method;
  /// Path without version: `id` alone, or `id/edge`.
  std::string id;
  std::string edge;
  std::string host;
  /// Query and body together; the body's fields stand first.
  json::json_fields fields;
  std::string token;
  const token_entry* owner = nullptr; ///< Set by `authorise`.
  std::int64_t arrival_us = 0;
  /// Not 0: report WhatsApp's message as failed with that code.
  int failed_status = 0;
  observed_call seen;
};

/// The JSON of a 200, or the refusal.
using graph_result = std::variant<std::string, graph_error>;

/// Takes a request apart; a refusal if the body cannot be read.
std::optional<graph_error> read_call(const http::request& request,
                                     graph_call& call);

/// Which channel a call concerns; nothing if none.
std::optional<channel_kind> channel_of(world_state& world,
                                       const graph_call& call);

/// Checks token and appsecret_proof (CONTRACT 14) and sets `owner`.
std::optional<graph_error> authorise(world_state& world, graph_call& call);

// Each carries out the calls of one part of the Graph API.
graph_result send_message(world_state& world, graph_call& call,
                          business_node& node);
graph_result send_whatsapp(world_state& world, graph_call& call,
                           business_node& node);
graph_result send_private_reply(world_state& world, graph_call& call,
                                business_node& node);
graph_result reply_to_comment(world_state& world, graph_call& call);
graph_result change_comment(world_state& world, graph_call& call);
graph_result look_up(world_state& world, graph_call& call);
graph_result debug_token(world_state& world, graph_call& call);
graph_result subscribed_apps(world_state& world, graph_call& call,
                             business_node& node);

/// A message that the checks let through: the line on the phone, the echo and
/// the reports. Without a contact it only exists for the counters.
struct outgoing_message {
  std::string id;
  std::string text;
  std::string callback;
  std::string recipient; ///< External id, for an unknown contact.
};

void accept_message(world_state& world, graph_call& call,
                    const business_node& node, contact* to,
                    const outgoing_message& what);

/// The text of a message within its limit, or the refusal: code 100 for
/// Messenger and Instagram, 131009 for WhatsApp. CONTRACT 9 to 11: 2000
/// characters, 1000 bytes on Instagram, 4096 characters on WhatsApp.
std::optional<graph_error> check_text(channel_kind channel,
                                      std::string_view text);

} // namespace assistly::sandbox
