#include "protocol/graph/send_request.hpp"

#include "crypto/encoding.hpp"
#include "crypto/hmac.hpp"

#include <boost/json.hpp>

#include <algorithm>

namespace assistly::graph {

namespace json = boost::json;

namespace {

/// What differs between the channels.
struct call_parts {
  std::string node;
  std::string_view edge;
  bool at_instagram = false;
  json::object body;
};

fault wrong(const char* why) {
  return {errc::invalid, why};
}

bool is_alnum(char c) noexcept {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z')
         || (c >= 'A' && c <= 'Z');
}

bool is_version(std::string_view text) noexcept {
  return text.size() >= 2 && text.size() <= 16
         && std::ranges::all_of(text,
                                [](char c) { return is_alnum(c) || c == '.'; })
         && text.find("..") == std::string_view::npos;
}

/// Visible ASCII: nothing that ends a header line.
bool is_token(std::string_view text) noexcept {
  return !text.empty() && std::ranges::all_of(text, [](char c) {
    return c > ' ' && c < 0x7F;
  });
}

bool recipient_fits(const outgoing& m) noexcept {
  if (m.recipient_external_id.empty())
    return false;
  switch (m.channel) {
  case channel_kind::messenger:
    return m.recipient_space == alias_space::psid;
  case channel_kind::instagram:
    return m.recipient_space == alias_space::igsid;
  case channel_kind::whatsapp:
    return m.recipient_space == alias_space::wa_phone
           || m.recipient_space == alias_space::bsuid;
  default:
    return false;
  }
}

bool by_instagram(const outgoing& m, const channel_login& login) noexcept {
  return login.how == channel_login::by::instagram
         && (m.channel == channel_kind::instagram
             || m.channel == channel_kind::instagram_comments);
}

/// The account whose `messages` edge takes the message.
std::string sender_node(const outgoing& m, const channel_login& login) {
  const bool instagram = m.channel == channel_kind::instagram
                         || m.channel == channel_kind::instagram_comments;
  return instagram && !by_instagram(m, login) ? login.page_id : m.account_id;
}

json::object message_of(const outgoing& m) {
  json::object message{{"text", m.text}};
  // Instagram documents no metadata.
  const bool page = m.channel == channel_kind::messenger
                    || m.channel == channel_kind::page_comments;
  if (page && !m.callback.empty())
    message["metadata"] = m.callback;
  return message;
}

call_parts direct_message(const outgoing& m, const channel_login& login) {
  call_parts parts{
    sender_node(m, login), "messages", by_instagram(m, login), {}};
  parts.body["recipient"] = {{"id", m.recipient_external_id}};
  if (!parts.at_instagram && m.human_agent_tag) {
    parts.body["messaging_type"] = "MESSAGE_TAG";
    parts.body["tag"] = "HUMAN_AGENT";
  } else if (!parts.at_instagram) {
    parts.body["messaging_type"] = "RESPONSE";
  }
  parts.body["message"] = message_of(m);
  return parts;
}

call_parts private_reply(const outgoing& m, const channel_login& login) {
  call_parts parts{
    sender_node(m, login), "messages", by_instagram(m, login), {}};
  parts.body["recipient"] = {{"comment_id", m.comment_id}};
  parts.body["message"] = message_of(m);
  return parts;
}

call_parts public_reply(const outgoing& m, const channel_login& login) {
  call_parts parts{m.comment_id, "comments", by_instagram(m, login), {}};
  if (m.channel == channel_kind::instagram_comments) {
    parts.edge = "replies";
    if (!m.comment_parent_id.empty())
      parts.node = m.comment_parent_id;
  }
  parts.body["message"] = m.text;
  return parts;
}

call_parts whatsapp_message(const outgoing& m) {
  call_parts parts{m.account_id, "messages", false, {}};
  parts.body["messaging_product"] = "whatsapp";
  parts.body["recipient_type"] = "individual";
  parts.body[m.recipient_space == alias_space::bsuid ? "recipient" : "to"] =
    m.recipient_external_id;
  parts.body["type"] = "text";
  parts.body["text"] = {{"body", m.text}};
  if (!m.callback.empty())
    parts.body["biz_opaque_callback_data"] = m.callback;
  return parts;
}

std::string url_of(const call_parts& parts, const endpoints& where) {
  std::string url = parts.at_instagram ? where.instagram_url : where.graph_url;
  while (url.ends_with('/'))
    url.pop_back();
  url += '/';
  url += where.api_version;
  url += '/';
  url += parts.node;
  url += '/';
  url += parts.edge;
  return url;
}

} // namespace

bool is_path_id(std::string_view id) noexcept {
  return !id.empty() && id.size() <= 128 && std::ranges::all_of(id, [](char c) {
    return is_alnum(c) || c == '_' || c == '-';
  });
}

std::string appsecret_proof(const secret_text& token,
                            const secret_text& app_secret) {
  crypto::hmac_sha256 key{std::string_view{app_secret.reveal()}};
  return crypto::to_hex(key.sign(std::string_view{token.reveal()}));
}

outcome<http_call> build_send(const outgoing& message, const endpoints& where,
                              const channel_login& login,
                              const secret_text& token,
                              const secret_text& app_secret) {
  if (message.text.empty())
    return wrong("there is no text to send");
  if (!is_token(token.reveal()))
    return wrong("the access token is empty or malformed");
  if (!is_version(where.api_version))
    return wrong("the API version is malformed");

  call_parts parts;
  if (is_comment_channel(message.channel)) {
    if (!is_path_id(message.comment_id))
      return wrong("the comment's id is malformed");
    parts = message.private_reply ? private_reply(message, login)
                                  : public_reply(message, login);
  } else {
    if (!recipient_fits(message))
      return wrong("the recipient's id is not one of this channel");
    parts = message.channel == channel_kind::whatsapp
              ? whatsapp_message(message)
              : direct_message(message, login);
  }
  if (!is_path_id(parts.node))
    return wrong("an id in the address is malformed");
  if (!parts.at_instagram && !app_secret.empty())
    parts.body["appsecret_proof"] = appsecret_proof(token, app_secret);

  return http_call{"POST",
                   url_of(parts, where),
                   {"Authorization: Bearer " + token.reveal(),
                    "Content-Type: application/json"},
                   json::serialize(parts.body)};
}

} // namespace assistly::graph
