/// The order of things for every call: read, authorise, strike faults, carry
/// out, record.
#include "sandbox/graph_call.hpp"

#include <utility>

namespace assistly::sandbox {

namespace {

constexpr std::string_view gateway_page =
  "<!DOCTYPE html><html><head><title>Sorry, something went wrong.</title>"
  "</head><body><h1>Sorry, something went wrong.</h1></body></html>";

http::response html_answer(int status) {
  http::response made;
  made.status = status;
  made.content_type = "text/html; charset=utf-8";
  made.body = gateway_page;
  return made;
}

/// The limit that each channel's calls run into (CONTRACT 12 and 13).
graph_error limit_error(const fault_rule& rule,
                        std::optional<channel_kind> channel) {
  if (rule.code != 0)
    return error_of(rule.code, rule.subcode, channel);
  switch (channel.value_or(channel_kind::messenger)) {
  case channel_kind::messenger:
    return error_of(613);
  case channel_kind::instagram:
    return error_of(613, 2534040);
  case channel_kind::whatsapp:
    return error_of(130429);
  case channel_kind::page_comments:
    return error_of(80001);
  case channel_kind::instagram_comments:
    return error_of(80002);
  }
  return error_of(4);
}

std::string_view usage_type(std::optional<channel_kind> channel) {
  switch (channel.value_or(channel_kind::messenger)) {
  case channel_kind::messenger:
    return "messenger";
  case channel_kind::page_comments:
    return "pages";
  case channel_kind::whatsapp:
    return "whatsapp";
  default:
    return "instagram";
  }
}

void add_usage(http::response& answer, const graph_call& call) {
  const auto code = call.seen.code;
  const std::string percent =
    R"("call_count":100,"total_cputime":25,"total_time":25)";
  if (code == 4)
    answer.headers.emplace_back("X-App-Usage", "{" + percent + "}");
  else if (code == 32)
    answer.headers.emplace_back("X-Page-Usage", "{" + percent + "}");
  else if (code >= 80000 && code <= 80099)
    answer.headers.emplace_back(
      "X-Business-Use-Case-Usage",
      "{\"" + call.seen.account_id + "\":[{\"type\":\""
        + std::string{usage_type(call.seen.channel)} + "\"," + percent
        + ",\"estimated_time_to_regain_access\":1}]}");
}

graph_result carry_out(world_state& world, graph_call& call) {
  if (call.id == "debug_token" && call.method == "GET")
    return debug_token(world, call);
  if (call.id == "me")
    call.id = call.owner->primary;
  auto* node = world.accounts.node(call.id);
  if (node && !call.owner->opens(node->id))
    return no_such_object(call.method, call.id);
  if (node && call.edge == "subscribed_apps")
    return subscribed_apps(world, call, *node);
  if (call.method == "GET")
    return look_up(world, call);
  if (call.method == "POST" && node && call.edge == "messages") {
    if (node->kind == node_kind::phone)
      return send_whatsapp(world, call, *node);
    if (node->kind == node_kind::waba)
      return no_such_object(call.method, call.id);
    if (call.fields.has("recipient.comment_id"))
      return send_private_reply(world, call, *node);
    return send_message(world, call, *node);
  }
  if (call.method == "POST" && !node
      && (call.edge == "comments" || call.edge == "replies"))
    return reply_to_comment(world, call);
  if (!node && call.edge.empty()
      && (call.method == "POST" || call.method == "DELETE"))
    return change_comment(world, call);
  return no_such_object(call.method, call.id);
}

http::response written(world_state& world, graph_call& call,
                       graph_result result) {
  if (auto* json = std::get_if<std::string>(&result))
    return graph_response(200, std::move(*json));
  const auto& error = std::get<graph_error>(result);
  call.seen.code = error.code;
  call.seen.subcode = error.subcode;
  auto answer = to_response(error, world.ids.trace());
  add_usage(answer, call);
  return answer;
}

/// A fault that strikes instead of the call, or replaces its answer.
std::optional<http::response> struck(world_state& world, graph_call& call,
                                     const fault_rule& rule) {
  switch (rule.kind) {
  case fault_kind::status:
    return html_answer(rule.code);
  case fault_kind::reset_before:
  case fault_kind::reset_after_accept:
    return html_answer(502);
  case fault_kind::error:
    return written(world, call,
                   error_of(rule.code, rule.subcode, call.seen.channel));
  case fault_kind::rate_limit:
    return written(world, call, limit_error(rule, call.seen.channel));
  case fault_kind::token_dead:
    return written(
      world, call,
      error_of(190, rule.subcode == 0 ? 460 : rule.subcode, call.seen.channel));
  default:
    return std::nullopt;
  }
}

void note_target(world_state& world, graph_call& call) {
  call.seen.channel = channel_of(world, call);
  call.seen.account_id = call.id;
  if (call.id == "me" && call.owner)
    call.seen.account_id = call.owner->primary;
  if (const auto* about = world.said.find_comment(call.id))
    call.seen.account_id = about->account_id;
  call.seen.recipient = call.fields.text("recipient.id");
}

} // namespace

graph_reply sandbox_world::graph(const http::request& request,
                                 std::int64_t arrival_us, observed_call* seen) {
  auto& world = *state_;
  unsubscribe_failing(world);
  graph_call call;
  call.arrival_us = arrival_us;
  call.seen.at_us = arrival_us;
  auto refusal = read_call(request, call);
  if (auto wrong = authorise(world, call); wrong && !refusal)
    refusal = std::move(wrong);
  note_target(world, call);

  const auto rule = world.faults.strike(request.path, call.seen.channel,
                                        request.method != "GET");
  graph_reply reply;
  if (rule) {
    call.seen.fault = to_string(rule->kind);
    reply.delay = rule->delay;
    reply.withheld = rule->kind == fault_kind::timeout
                     || rule->kind == fault_kind::timeout_after_accept;
    if (rule->kind == fault_kind::failed_status)
      call.failed_status = rule->code == 0 ? 131026 : rule->code;
  }
  if (rule && !rule->is_after_accept()) {
    if (auto answer = struck(world, call, *rule))
      reply.answer = *std::move(answer);
  } else {
    auto result =
      refusal ? graph_result{*std::move(refusal)} : carry_out(world, call);
    reply.answer = written(world, call, std::move(result));
    // Only an accepted message can be lost on its way back.
    if (rule && reply.answer.status == 200)
      if (auto answer = struck(world, call, *rule))
        reply.answer = *std::move(answer);
  }
  call.seen.status = reply.withheld ? 0 : reply.answer.status;
  if (seen)
    *seen = call.seen;
  world.record.add(std::move(call.seen));
  return reply;
}

} // namespace assistly::sandbox
