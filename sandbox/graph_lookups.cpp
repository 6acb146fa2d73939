/// GET: what was said, who somebody is, what a token opens.
#include "protocol/json/writer.hpp"
#include "sandbox/customer_ids.hpp"
#include "sandbox/graph_call.hpp"
#include "sandbox/times.hpp"

#include <algorithm>
#include <charconv>
#include <functional>

namespace assistly::sandbox {

namespace {

/// A conversation's id: account and customer, so that it needs no table.
std::string conversation_id(std::string_view account_id, const contact& with) {
  std::string id = "t_";
  id += account_id;
  id += '_';
  id += with.external_id;
  return id;
}

std::size_t number_in(std::string_view digits, std::size_t fallback) {
  std::size_t value = 0;
  const auto [end, error] =
    std::from_chars(digits.data(), digits.data() + digits.size(), value);
  return error == std::errc{} && end != digits.data() && value > 0
           ? std::min<std::size_t>(value, 100)
           : fallback;
}

/// How much of a list is asked for, and from where.
struct part {
  std::size_t from = 0;
  std::size_t limit = 25;
};

part asked_part(const json::json_fields& fields) {
  return {static_cast<std::size_t>(
            std::max<std::int64_t>(fields.number("after").value_or(0), 0)),
          number_in(fields.text("limit"), 25)};
}

/// Of the messages within a conversation: `messages.limit(50)` in `fields`.
part inner_part(const json::json_fields& fields) {
  constexpr std::string_view mark = "messages.limit(";
  const auto wanted = fields.text("fields");
  const auto at = wanted.find(mark);
  return {0, at == std::string_view::npos
               ? 25
               : number_in(wanted.substr(at + mark.size()), 25)};
}

/// `data` and `paging` of a list. `next` stands there if and only if there is
/// more: who looks for a message must be able to tell that it saw all.
void write_list(json::json_writer& out, const graph_call& call,
                std::string_view path, std::size_t size, part asked,
                const std::function<void(std::size_t)>& write_one) {
  const auto from = std::min(asked.from, size);
  const auto end = std::min(from + asked.limit, size);
  out.key("data").open_list();
  for (auto i = from; i < end; ++i)
    write_one(i);
  out.close_list();
  if (from == end)
    return;
  out.key("paging").open().key("cursors").open();
  out.text("before", std::to_string(from)).text("after", std::to_string(end));
  out.close();
  if (end < size)
    out.text("next", "http://" + call.host + "/v25.0/" + std::string{path}
                       + "?limit=" + std::to_string(asked.limit)
                       + "&after=" + std::to_string(end));
  out.close();
}

void write_message(json::json_writer& out, const line& one,
                   const business_node& node, const contact& with) {
  const auto person = [&](bool business) {
    out.open();
    out.text("id", business ? node.id : with.external_id);
    out.text("name", business ? node.name : with.name);
    out.close();
  };
  out.open().text("id", one.id).text("created_time", graph_time(one.at));
  out.key("from");
  person(one.from_business);
  out.key("to").open().key("data").open_list();
  person(!one.from_business);
  out.close_list().close().text("message", one.text).close();
}

/// The messages of one conversation, newest first.
void write_messages(json::json_writer& out, const world_state& world,
                    const graph_call& call, const business_node& node,
                    const contact& with, part asked) {
  const auto lines = world.said.since(with.thread, 0);
  write_list(out, call, conversation_id(node.id, with) + "/messages",
             lines.size(), asked, [&](std::size_t i) {
               write_message(out, *lines[lines.size() - 1 - i], node, with);
             });
}

graph_result conversations(world_state& world, const graph_call& call,
                           const business_node& asked) {
  const auto* node = &asked;
  if (call.fields.text("platform") == "instagram"
      && asked.kind == node_kind::page)
    node = world.accounts.instagram_of(asked.id);
  if (!node || node->kind == node_kind::phone)
    return no_such_object("GET", asked.id);
  const auto user = call.fields.text("user_id");
  const bool with_messages =
    call.fields.text("fields").find("messages") != std::string_view::npos;
  auto found = world.said.contacts_of(node->id);
  std::erase_if(found, [&](const contact* one) {
    return (!user.empty() && one->external_id != user)
           || world.said.since(one->thread, 0).empty();
  });
  const auto updated = [&](const contact* one) {
    return world.said.since(one->thread, 0).back()->at;
  };
  // Newest first, as Meta lists them; a table has no order of its own, and
  // pages must not overlap.
  std::sort(found.begin(), found.end(), [&](auto* a, auto* b) {
    return std::make_pair(updated(b), a->external_id)
           < std::make_pair(updated(a), b->external_id);
  });
  json::json_writer out{json::json_form::escaped};
  out.open();
  write_list(
    out, call, asked.id + "/conversations", found.size(),
    asked_part(call.fields), [&](std::size_t i) {
      const auto* one = found[i];
      out.open().text("id", conversation_id(node->id, *one));
      out.text("updated_time", graph_time(updated(one)));
      out.key("participants").open().key("data").open_list();
      out.open().text("name", one->name).text("id", one->external_id).close();
      out.open().text("name", node->name).text("id", node->id).close();
      out.close_list().close();
      if (with_messages) {
        out.key("messages").open();
        write_messages(out, world, call, *node, *one, inner_part(call.fields));
        out.close();
      }
      out.close();
    });
  out.close();
  return std::move(out).take();
}

/// GET /{conversation-id}/messages; nothing if the id is none of ours.
std::optional<graph_result> conversation_messages(world_state& world,
                                                  const graph_call& call) {
  if (!call.id.starts_with("t_"))
    return std::nullopt;
  const auto rest = std::string_view{call.id}.substr(2);
  const auto mark = rest.find('_');
  if (mark == std::string_view::npos)
    return std::nullopt;
  const auto account = rest.substr(0, mark);
  const auto* node = world.accounts.node(account);
  const auto* with = world.said.find_contact(account, rest.substr(mark + 1));
  if (!node || !with || !call.owner->opens(account))
    return std::nullopt;
  json::json_writer out{json::json_form::escaped};
  out.open();
  write_messages(out, world, call, *node, *with, asked_part(call.fields));
  out.close();
  return std::move(out).take();
}

void write_comment(json::json_writer& out, const comment& one) {
  const bool page = one.channel == channel_kind::page_comments;
  out.open().text("id", one.id);
  out.text(page ? "message" : "text", one.text);
  out.text(page ? "created_time" : "timestamp", graph_time(one.at));
  out.key("from").open().text("id", one.author_id);
  out.text(page ? "name" : "username", one.author_name).close();
  if (!page)
    out.text("username", one.author_name);
  out.flag(page ? "is_hidden" : "hidden", one.hidden).close();
}

graph_result comments_below(world_state& world, const graph_call& call) {
  const auto found = world.said.comments_under(call.id);
  json::json_writer out{json::json_form::escaped};
  out.open();
  write_list(out, call, call.id + "/" + call.edge, found.size(),
             asked_part(call.fields),
             [&](std::size_t i) { write_comment(out, *found[i]); });
  out.close();
  return std::move(out).take();
}

std::string business_json(const business_node& node) {
  json::json_writer out{json::json_form::escaped};
  out.open();
  switch (node.kind) {
  case node_kind::page:
  case node_kind::waba:
    out.text("name", node.name).text("id", node.id);
    break;
  case node_kind::instagram:
    out.text("user_id", node.id).text("name", node.name);
    out.text("username", username_of(customer_key(node.name)));
    out.text("account_type", "BUSINESS");
    out.text("id", digits_from("app scoped " + node.id, "25", 17));
    break;
  case node_kind::phone:
    out.text("verified_name", node.name);
    out.text("code_verification_status", "VERIFIED");
    out.text("display_phone_number", "+" + display_number_of(node));
    out.text("quality_rating", "GREEN").text("platform_type", "CLOUD_API");
    out.text("id", node.id);
    break;
  }
  out.close();
  return std::move(out).take();
}

std::string profile_json(const business_node& node, const contact& who) {
  json::json_writer out{json::json_form::escaped};
  out.open();
  if (node.kind == node_kind::instagram) {
    out.text("name", who.name).text("username", username_of(who.key));
  } else {
    const auto space = who.name.find(' ');
    out.text("first_name", who.name.substr(0, space));
    if (space != std::string::npos)
      out.text("last_name", who.name.substr(space + 1));
  }
  out.text("id", who.external_id).close();
  return std::move(out).take();
}

/// A person by id, among the contacts of what the token opens.
std::optional<std::string> profile_of(world_state& world,
                                      const graph_call& call) {
  for (const auto& id : call.owner->nodes)
    if (const auto* who = world.said.find_contact(id, call.id))
      return profile_json(*world.accounts.node(id), *who);
  return std::nullopt;
}

std::string phone_numbers(const world_state& world, std::string_view waba) {
  std::string out = R"({"data":[)";
  for (const auto& one : world.accounts.accounts())
    if (one.kind == channel_kind::whatsapp && one.business_account_id == waba) {
      if (out.back() != '[')
        out += ',';
      out += business_json(*world.accounts.node(one.account_id));
    }
  return out + "]}";
}

} // namespace

graph_result look_up(world_state& world, graph_call& call) {
  if (const auto* node = world.accounts.node(call.id)) {
    if (!call.owner->opens(call.id))
      return no_such_object("GET", call.id);
    if (call.edge.empty())
      return business_json(*node);
    if (call.edge == "conversations")
      return conversations(world, call, *node);
    if (call.edge == "phone_numbers" && node->kind == node_kind::waba)
      return phone_numbers(world, node->id);
    return no_such_object("GET", call.id + "/" + call.edge);
  }
  if (call.edge == "messages")
    if (auto found = conversation_messages(world, call))
      return *std::move(found);
  if (const auto* about = world.said.find_comment(call.id);
      about && call.owner->opens(about->account_id)) {
    if (call.edge == "comments" || call.edge == "replies")
      return comments_below(world, call);
    if (call.edge.empty()) {
      json::json_writer out{json::json_form::escaped};
      write_comment(out, *about);
      return std::move(out).take();
    }
  }
  for (const auto& one : world.accounts.posts())
    if (one.id == call.id && call.edge == "comments"
        && call.owner->opens(one.account_id))
      return comments_below(world, call);
  if (call.edge.empty())
    if (auto found = profile_of(world, call))
      return *std::move(found);
  return no_such_object("GET", call.id);
}

graph_result debug_token(world_state& world, graph_call& call) {
  const auto asked = call.fields.text("input_token");
  const auto* found = world.accounts.token(asked);
  json::json_writer out{json::json_form::escaped};
  out.open().key("data").open().text("app_id", world.app_id);
  if (!found) {
    out.key("error").open().number("code", 190);
    out.text("message", "Invalid OAuth access token.").close();
    out.flag("is_valid", false).key("scopes").open_list().close_list();
    out.close().close();
    return std::move(out).take();
  }
  const auto* node = world.accounts.node(found->primary);
  constexpr std::array page_scopes{
    "pages_messaging",           "pages_manage_metadata",
    "pages_manage_engagement",   "instagram_basic",
    "instagram_manage_messages", "instagram_manage_comments"};
  constexpr std::array instagram_scopes{"instagram_business_basic",
                                        "instagram_business_manage_messages",
                                        "instagram_business_manage_comments"};
  constexpr std::array whatsapp_scopes{"whatsapp_business_messaging",
                                       "whatsapp_business_management"};
  const auto scopes = node->kind == node_kind::page
                        ? std::span<const char* const>{page_scopes}
                      : node->kind == node_kind::instagram
                        ? std::span<const char* const>{instagram_scopes}
                        : std::span<const char* const>{whatsapp_scopes};
  out.text("type", node->kind == node_kind::page ? "PAGE" : "USER");
  out.text("application", world.app_name).number("expires_at", 0);
  out.number("data_access_expires_at", unix_seconds(world.now() + days{90}));
  out.flag("is_valid", true).text("profile_id", found->primary);
  out.key("scopes").open_list();
  for (const auto* one : scopes)
    out.text(one);
  out.close_list().key("granular_scopes").open_list();
  for (const auto* one : scopes) {
    out.open().text("scope", one).key("target_ids").open_list();
    for (const auto& id : found->nodes)
      out.text(id);
    out.close_list().close();
  }
  out.close_list().close().close();
  return std::move(out).take();
}

graph_result subscribed_apps(world_state& world, graph_call& call,
                             business_node& node) {
  if (call.method == "POST" || call.method == "DELETE") {
    node.subscribed = call.method == "POST";
    world.failing_since.erase(node.id);
    return std::string{R"({"success":true})"};
  }
  json::json_writer out{json::json_form::escaped};
  out.open().key("data").open_list();
  if (node.subscribed) {
    out.open();
    if (node.kind == node_kind::waba)
      out.key("whatsapp_business_api_data").open();
    out.text("category", "Business").text("name", world.app_name);
    out.text("id", world.app_id);
    if (node.kind == node_kind::waba) {
      out.close();
    } else {
      out.key("subscribed_fields").open_list();
      for (const auto* field :
           {"messages", "messaging_postbacks", "message_echoes",
            "message_deliveries", "message_reads", "feed", "comments"})
        out.text(field);
      out.close_list();
    }
    out.close();
  }
  out.close_list().close();
  return std::move(out).take();
}

} // namespace assistly::sandbox
