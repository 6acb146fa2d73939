#include "sandbox/graph_call.hpp"

#include "crypto/constant_time.hpp"
#include "crypto/encoding.hpp"
#include "protocol/json/utf8.hpp"

#include <algorithm>

namespace assistly::sandbox {

namespace {

bool is_version(std::string_view part) noexcept {
  return part.size() > 1 && part.front() == 'v'
         && part.find_first_not_of("0123456789.", 1) == std::string_view::npos;
}

/// Splits off the first part of a path.
std::string_view next_part(std::string_view& path) noexcept {
  while (path.starts_with('/'))
    path.remove_prefix(1);
  const auto part = path.substr(0, path.find('/'));
  path.remove_prefix(part.size());
  return part;
}

std::string decoded(std::string_view part) {
  return http::url_decode(part).value_or(std::string{part});
}

bool is_form(const http::request& request) noexcept {
  return request.header("content-type")
    .starts_with("application/x-www-form-urlencoded");
}

/// Clients put the token into the header, the query or the body; Graph takes
/// all three.
void find_token(const http::request& request, graph_call& call) {
  auto held = request.header("authorization");
  for (const std::string_view scheme : {"Bearer ", "OAuth "})
    if (held.size() > scheme.size()
        && http::equals_ignoring_case(held.substr(0, scheme.size()), scheme)) {
      call.token = held.substr(scheme.size());
      call.seen.token_in = "header";
      return;
    }
  call.token = call.fields.text("access_token");
  if (call.token.empty())
    call.seen.token_in = "none";
  else
    call.seen.token_in =
      http::query_parameter(request.query, "access_token") ? "query" : "body";
}

} // namespace

std::optional<graph_error> read_call(const http::request& request,
                                     graph_call& call) {
  call.method = request.method;
  call.host = request.header("host");
  std::string_view path = request.path;
  auto part = next_part(path);
  if (is_version(part))
    part = next_part(path);
  call.id = decoded(part);
  call.edge = decoded(next_part(path));
  if (!next_part(path).empty())
    call.edge += "/…";
  call.seen.method = request.method;
  call.seen.path = request.path;

  bool readable = true;
  if (!request.body.empty())
    readable = is_form(request) ? call.fields.add_form(request.body)
                                : call.fields.add_json(request.body);
  readable = call.fields.add_form(request.query) && readable;
  find_token(request, call);
  call.seen.proof = call.fields.has("appsecret_proof");
  if (!readable)
    return invalid_parameter("The body is neither a form nor JSON in UTF-8");
  return std::nullopt;
}

std::optional<channel_kind> channel_of(world_state& world,
                                       const graph_call& call) {
  const auto of_comment = [&](std::string_view id) {
    const auto* found = world.said.find_comment(id);
    return found ? std::optional{found->channel} : std::nullopt;
  };
  auto id = std::string_view{call.id};
  if (id == "me" && call.owner)
    id = call.owner->primary;
  const auto* node = world.accounts.node(id);
  if (!node)
    return of_comment(id);
  if (const auto comment = call.fields.text("recipient.comment_id");
      call.edge == "messages" && !comment.empty())
    return of_comment(comment).value_or(node->comment_channel());
  // One Page's address serves Messenger and the Instagram account behind it;
  // only the recipient tells them apart.
  const auto recipient = call.fields.text("recipient.id");
  if (node->kind == node_kind::page)
    if (const auto* instagram = world.accounts.instagram_of(node->id);
        instagram
        && (world.said.find_contact(instagram->id, recipient)
            || !node->messages))
      return channel_kind::instagram;
  return node->message_channel();
}

std::optional<graph_error> authorise(world_state& world, graph_call& call) {
  if (call.token.empty()) {
    graph_error made = error_of(104);
    made.type = "OAuthException";
    made.message = "An access token is required to request this resource.";
    return made;
  }
  call.owner = world.accounts.token(call.token);
  if (!call.owner)
    return error_of(190, 0, channel_of(world, call));
  const auto proof = call.fields.text("appsecret_proof");
  if (proof.empty() && !call.seen.proof) {
    if (world.require_proof)
      return error_of(104);
    return std::nullopt;
  }
  const auto right = crypto::to_hex(world.proof_signer.sign(call.token));
  if (!crypto::equal(std::string_view{right}, proof)) {
    auto made = invalid_parameter({});
    made.type = "GraphMethodException";
    made.message = "Invalid appsecret_proof provided in the API argument";
    return made;
  }
  return std::nullopt;
}

std::optional<graph_error> check_text(channel_kind channel,
                                      std::string_view text) {
  std::size_t most = 2000;
  auto size = json::count_code_points(text);
  switch (channel) {
  case channel_kind::messenger:
    break;
  case channel_kind::instagram:
    most = 1000;
    size = text.size(); // bytes, alone among Meta's limits
    break;
  case channel_kind::whatsapp:
    most = 4096;
    break;
  case channel_kind::page_comments:
    most = 8000;
    break;
  case channel_kind::instagram_comments:
    most = 300;
    break;
  }
  const bool whatsapp = channel == channel_kind::whatsapp;
  if (text.empty())
    return whatsapp ? error_of(131008)
                    : invalid_parameter("The text must not be empty");
  if (size <= most)
    return std::nullopt;
  if (!whatsapp)
    return invalid_parameter(
      "Length of param message[text] must be less than or equal to "
      + std::to_string(most));
  auto made = error_of(131009);
  made.details = "text.body is longer than 4096 characters";
  return made;
}

} // namespace assistly::sandbox
