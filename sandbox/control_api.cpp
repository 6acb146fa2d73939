#include "sandbox/control_api.hpp"

#include "protocol/json/fields.hpp"
#include "protocol/json/writer.hpp"
#include "sandbox/times.hpp"

#include <algorithm>

namespace assistly::sandbox {

namespace {

constexpr seconds longest_wait{25};

/// One request with its path taken apart: `/sandbox/a/b/c` is a, b, c.
struct control_call {
  const http::request& request;
  std::vector<std::string> parts;
  json::json_fields query;
  json::json_fields body;

  bool is(std::string_view method, std::string_view first,
          std::size_t size = 1) const {
    return request.method == method && parts.size() == size
           && parts.front() == first;
  }
};

std::vector<std::string> parts_of(std::string_view path) {
  std::vector<std::string> out;
  path.remove_prefix(std::string_view{"/sandbox/"}.size());
  while (!path.empty()) {
    const auto part = path.substr(0, path.find('/'));
    path.remove_prefix(std::min(part.size() + 1, path.size()));
    // A '+' in a path is a plus; in a form it is a space.
    std::string kept;
    for (const char c : part)
      kept += c == '+' ? std::string{"%2B"} : std::string(1, c);
    out.push_back(http::url_decode(kept).value_or(std::string{part}));
  }
  if (out.empty())
    out.emplace_back();
  return out;
}

http::response ok(std::string json) {
  auto made = http::response::json(200, std::move(json));
  made.headers.emplace_back("Cache-Control", "no-store");
  return made;
}

http::response not_here() {
  return http::response::problem(404, "Not found",
                                 "The sandbox's README lists what there is.");
}

std::optional<http::response> read_body(control_call& call) {
  if (call.request.method != "POST" || call.request.body.empty())
    return std::nullopt;
  if (!call.request.header("content-type").starts_with("application/json"))
    return http::response::problem(
      415, "Unsupported media type",
      "Send JSON with Content-Type: application/json.");
  if (!call.body.add_json(call.request.body))
    return http::response::problem(400, "Bad request",
                                   "The body is not one JSON object.");
  return std::nullopt;
}

std::uint64_t count_in(const json::json_fields& fields, std::string_view name) {
  const auto value = fields.number(name);
  return value && *value > 0 ? static_cast<std::uint64_t>(*value) : 0;
}

outcome<channel_kind> channel_named(std::string_view name) {
  if (const auto kind = parse_channel_kind(name))
    return *kind;
  return fault{errc::invalid, "channel must be messenger, instagram, whatsapp, "
                              "page_comments or instagram_comments."};
}

http::response write_as(sandbox_world& world, const control_call& call,
                        bool customer, std::int64_t arrival_us) {
  const auto kind = channel_named(call.body.text("channel"));
  if (!kind)
    return to_problem(kind.error());
  written_message what;
  what.channel = *kind;
  what.account_id = call.body.text("account");
  what.customer = call.parts[1];
  what.text = call.body.text("text");
  what.post_id = call.body.text("post");
  what.reply_to = call.body.text("reply_to_comment");
  const auto made = customer ? world.customer_writes(what, arrival_us)
                             : world.business_writes(what);
  if (!made)
    return to_problem(made.error());
  json::json_writer out{json::json_form::utf8};
  out.open().text("id", made->id).text("customer_id", made->customer_id);
  out.text("account_id", made->account_id);
  out.number("revision", static_cast<std::int64_t>(made->revision)).close();
  auto answer = ok(std::move(out).take());
  answer.status = 201;
  return answer;
}

outcome<phone_view> view_of(const control_call& call) {
  const auto kind = channel_named(call.parts[1]);
  if (!kind)
    return kind.error();
  return phone_view{*kind, std::string{call.query.text("account")},
                    call.parts[2], std::string{call.query.text("post")}};
}

control_result look_at_phone(sandbox_world& world, const control_call& call) {
  const auto view = view_of(call);
  if (!view)
    return to_problem(view.error());
  held_phone held{*view, count_in(call.query, "after"), longest_wait};
  if (const auto wait = call.query.number("wait"))
    held.longest =
      std::clamp<milliseconds>(seconds{*wait}, milliseconds{0}, longest_wait);
  if (!call.query.has("after") || world.phone_changed(held.view, held.after))
    return answer_phone(world, held);
  return held;
}

control_result order_team(const sandbox_world& world,
                          const control_call& call) {
  auto view = view_of(call);
  if (!view)
    return to_problem(view.error());
  if (call.request.method == "POST") {
    view->account_id = call.body.text("account");
    view->post_id = call.body.text("post");
  }
  const auto place = world.place_of(*view);
  if (!place)
    return to_problem(place.error());
  team_order order;
  order.which = {view->channel, place->account_id, place->customer_id,
                 place->post_id};
  if (call.request.method == "GET" && call.parts.size() == 3)
    return order;
  if (call.request.method != "POST" || call.parts.size() != 4)
    return not_here();
  const auto& action = call.parts[3];
  if (action == "take") {
    order.what = team_order::action::take;
  } else if (action == "return") {
    order.what = team_order::action::give_back;
  } else if (action == "reply") {
    order.what = team_order::action::reply;
    order.text = call.body.text("text");
    if (order.text.find_first_not_of(" \t\r\n") == std::string::npos)
      return to_problem({errc::invalid, "Write something first."});
  } else {
    return not_here();
  }
  return order;
}

http::response add_fault(sandbox_world& world, const control_call& call) {
  auto rule = read_fault_rule(call.body);
  if (!rule)
    return to_problem(rule.error());
  const auto id = world.faults().add(*std::move(rule));
  if (!id)
    return to_problem(id.error());
  auto made = ok("{\"id\":" + std::to_string(*id) + "}");
  made.status = 201;
  return made;
}

std::string faults_json(const fault_rules& faults) {
  json::json_writer out{json::json_form::utf8};
  out.open().key("faults").open_list();
  for (const auto& one : faults.all()) {
    out.open().number("id", static_cast<std::int64_t>(one.id));
    out.text("kind", to_string(one.kind)).key("match").open();
    out.text_if("path_contains", one.path_contains);
    if (one.channel)
      out.text("channel", to_string(*one.channel));
    out.close().number("code", one.code).number("subcode", one.subcode);
    out.number("times", static_cast<std::int64_t>(one.times));
    out.number("delay_ms", one.delay.count());
    out.number("struck", static_cast<std::int64_t>(one.struck)).close();
  }
  out.close_list().close();
  return std::move(out).take();
}

std::string clock_json(const sandbox_world& world) {
  json::json_writer out{json::json_form::utf8};
  out.open().text("now", rfc3339(world.now()));
  out.number("advanced_seconds", world.advanced().count() / 1000).close();
  return std::move(out).take();
}

http::response advance_clock(sandbox_world& world, const control_call& call) {
  constexpr std::int64_t a_year = 366 * 24 * 3600;
  const auto by = call.body.number("advance_seconds");
  if (!by || *by < 0 || *by > a_year)
    return to_problem({errc::invalid,
                       "advance_seconds must be a whole number from 0 to "
                       "31622400."});
  world.advance(seconds{*by});
  return ok(clock_json(world));
}

http::response change_settings(sandbox_world& world, const control_call& call) {
  auto& settings = world.settings();
  if (const auto value = call.body.flag("strict"))
    settings.strict = *value;
  if (const auto value = call.body.flag("echoes"))
    settings.echoes = *value;
  if (const auto value = call.body.flag("statuses"))
    settings.statuses = *value;
  if (const auto value = call.body.flag("record"))
    world.record().set_keep(*value);
  json::json_writer out{json::json_form::utf8};
  out.open().flag("strict", settings.strict).flag("echoes", settings.echoes);
  out.flag("statuses", settings.statuses);
  out.flag("record", world.record().keeps()).close();
  return ok(std::move(out).take());
}

std::string facts_json(sandbox_world& world, const control_facts& facts) {
  json::json_writer out{json::json_form::utf8};
  out.open().key("channels").raw(world.channels_json());
  out.flag("team", facts.has_team).text("webhook_url", facts.webhook_url);
  out.text("handshake", facts.handshake).key("suggestions").open_list();
  for (const auto& one : facts.suggestions)
    out.text(one);
  out.close_list().key("clock").raw(clock_json(world)).close();
  return std::move(out).take();
}

} // namespace

http::response to_problem(const fault& why) {
  switch (why.code) {
  case errc::not_found:
    return http::response::problem(404, "Not found", why.text);
  case errc::invalid:
    return http::response::problem(400, "Bad request", why.text);
  case errc::not_permitted:
  case errc::conflict:
  case errc::window_closed:
    return http::response::problem(409, "Conflict", why.text);
  case errc::busy:
    return http::response::problem(503, "Busy", why.text);
  default:
    return http::response::problem(500, "Failed", why.text);
  }
}

http::response answer_phone(const sandbox_world& world,
                            const held_phone& held) {
  auto json = world.phone_json(held.view, held.after);
  return json ? ok(*std::move(json)) : to_problem(json.error());
}

http::response answer_team(const std::optional<outcome<std::string>>& said) {
  if (!said)
    return ok(R"({"available":false})");
  if (*said)
    return ok(R"({"available":true,"conversation":)" + **said + "}");
  if (said->error().code == errc::not_found)
    return ok(R"({"available":true,"conversation":null})");
  return to_problem(said->error());
}

control_result answer_control(sandbox_world& world, const control_facts& facts,
                              const http::request& request,
                              std::int64_t arrival_us) {
  control_call call{request, parts_of(request.path), {}, {}};
  if (!call.query.add_form(request.query))
    return http::response::problem(400, "Bad request",
                                   "The query is badly encoded.");
  if (auto wrong = read_body(call))
    return *std::move(wrong);
  const auto& parts = call.parts;
  if (call.is("POST", "customers", 3) && parts[2] == "messages")
    return write_as(world, call, true, arrival_us);
  if (call.is("POST", "staff", 3) && parts[2] == "messages")
    return write_as(world, call, false, arrival_us);
  if (call.is("DELETE", "customers", 4) && parts[2] == "comments") {
    const auto gone = world.customer_removes(parts[1], parts[3]);
    return gone ? http::response::empty(204) : to_problem(gone.error());
  }
  if (call.is("GET", "threads", 3))
    return look_at_phone(world, call);
  if (parts.front() == "team" && parts.size() >= 3)
    return order_team(world, call);
  if (call.is("GET", "channels"))
    return ok(facts_json(world, facts));
  if (call.is("POST", "faults"))
    return add_fault(world, call);
  if (call.is("GET", "faults"))
    return ok(faults_json(world.faults()));
  if (call.is("DELETE", "faults")) {
    world.faults().clear();
    return http::response::empty(204);
  }
  if (call.is("GET", "clock"))
    return ok(clock_json(world));
  if (call.is("POST", "clock"))
    return advance_clock(world, call);
  if (call.is("POST", "settings"))
    return change_settings(world, call);
  if (call.is("GET", "requests"))
    return ok(requests_json(world.record(), count_in(call.query, "after")));
  if (call.is("GET", "stats"))
    return ok(stats_json(world, facts));
  if (call.is("POST", "reset")) {
    world.reset();
    return http::response::empty(204);
  }
  return not_here();
}

} // namespace assistly::sandbox
