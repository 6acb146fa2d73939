#include "protocol/graph/subscription.hpp"

#include "protocol/graph/graph_address.hpp"
#include "protocol/graph/shown_json.hpp"

#include <algorithm>

namespace assistly::graph {

namespace json = boost::json;

namespace {

/// What is asked for beside what is needed: it helps, and its absence is no
/// fault.
constexpr std::string_view also_for_messages =
  "messaging_postbacks,message_deliveries,message_reads,message_reactions,"
  "message_edits,messaging_referrals,messaging_handovers,standby";

bool has_fields(const subscription_point& at, const json::object& app) {
  const auto* given = array_at(app, "subscribed_fields");
  if (!given)
    return true;
  return std::ranges::all_of(at.fields, [&](const std::string& wanted) {
    return std::ranges::any_of(*given, [&](const json::value& one) {
      // Newer versions name a field with its version.
      const auto* object = one.if_object();
      const auto* text = one.if_string();
      return (text && *text == wanted)
             || (object && text_at(*object, "name") == wanted);
    });
  });
}

} // namespace

std::optional<subscription_point>
subscription_point_of(channel_kind channel, const std::string& account_id,
                      const std::string& business_account_id,
                      const channel_login& login) {
  subscription_point at;
  at.node = account_id;
  switch (channel) {
  case channel_kind::messenger:
    at.fields = {"messages", "message_echoes"};
    break;
  case channel_kind::page_comments:
    at.fields = {"feed"};
    break;
  case channel_kind::instagram:
  case channel_kind::instagram_comments:
    at.at_instagram = is_by_instagram(channel, login);
    if (at.at_instagram)
      at.fields = {channel == channel_kind::instagram ? "messages"
                                                      : "comments"};
    else
      at.node = login.page_id;
    break;
  case channel_kind::whatsapp:
    at.node = business_account_id;
    break;
  }
  if (at.node.empty())
    return std::nullopt;
  return at;
}

outcome<http_call> build_subscription_look(const subscription_point& at,
                                           const endpoints& where,
                                           const secret_text& token,
                                           const secret_text& app_secret) {
  return get_call({at.node, "subscribed_apps", at.at_instagram}, {}, where,
                  token, app_secret);
}

outcome<http_call> build_subscribe(const subscription_point& at,
                                   const endpoints& where,
                                   const secret_text& token,
                                   const secret_text& app_secret) {
  json::object body;
  std::string fields;
  auto add = [&](std::string_view more) {
    if (!fields.empty())
      fields += ',';
    fields += more;
  };
  for (const auto& field : at.fields)
    add(field);
  if (std::ranges::find(at.fields, "message_echoes") != at.fields.end())
    add(also_for_messages);
  if (!fields.empty())
    body["subscribed_fields"] = fields;
  return post_call({at.node, "subscribed_apps", at.at_instagram},
                   std::move(body), where, token, app_secret);
}

subscription_seen read_subscription(const subscription_point& at,
                                    std::string_view app_id, int status,
                                    std::string_view body) {
  auto answer = read_answer(status, body);
  const auto* data = answer ? array_at(*answer, "data") : nullptr;
  if (!data)
    return subscription_seen::unclear;
  for (const auto& value : *data) {
    const auto* app = value.if_object();
    if (!app)
      return subscription_seen::unclear;
    const auto* whatsapp = object_at(*app, "whatsapp_business_api_data");
    const auto id = text_at(whatsapp ? *whatsapp : *app, "id");
    if ((app_id.empty() || id == app_id) && has_fields(at, *app))
      return subscription_seen::subscribed;
  }
  // More apps than one page holds are no business's own.
  const auto more = next_cursor(*answer);
  return more && more->empty() ? subscription_seen::missing
                               : subscription_seen::unclear;
}

bool read_subscribed(int status, std::string_view body) {
  auto answer = read_answer(status, body);
  const auto* success = answer ? answer->if_contains("success") : nullptr;
  if (!success)
    return false;
  const auto* flag = success->if_bool();
  const auto* text = success->if_string();
  return (flag && *flag) || (text && *text == "true");
}

} // namespace assistly::graph
