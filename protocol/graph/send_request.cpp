#include "protocol/graph/send_request.hpp"

#include "protocol/graph/graph_address.hpp"

namespace assistly::graph {

namespace json = boost::json;

namespace {

/// What differs between the channels.
struct call_parts {
  graph_address to;
  json::object body;
};

fault wrong(const char* why) {
  return {errc::invalid, why};
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

/// The account whose `messages` edge takes the message.
call_parts to_account(const outgoing& m, const channel_login& login) {
  return {{account_node(m.channel, m.account_id, login), "messages",
           is_by_instagram(m.channel, login)},
          {}};
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
  auto parts = to_account(m, login);
  parts.body["recipient"] = {{"id", m.recipient_external_id}};
  if (!parts.to.at_instagram && m.human_agent_tag) {
    parts.body["messaging_type"] = "MESSAGE_TAG";
    parts.body["tag"] = "HUMAN_AGENT";
  } else if (!parts.to.at_instagram) {
    parts.body["messaging_type"] = "RESPONSE";
  }
  parts.body["message"] = message_of(m);
  return parts;
}

call_parts private_reply(const outgoing& m, const channel_login& login) {
  auto parts = to_account(m, login);
  parts.body["recipient"] = {{"comment_id", m.comment_id}};
  parts.body["message"] = message_of(m);
  return parts;
}

call_parts public_reply(const outgoing& m, const channel_login& login) {
  call_parts parts{replies_of(m, login), {}};
  parts.body["message"] = m.text;
  return parts;
}

call_parts whatsapp_message(const outgoing& m) {
  call_parts parts{{m.account_id, "messages", false}, {}};
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

} // namespace

outcome<http_call> build_send(const outgoing& message, const endpoints& where,
                              const channel_login& login,
                              const secret_text& token,
                              const secret_text& app_secret) {
  if (message.text.empty())
    return wrong("there is no text to send");
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
  return post_call(parts.to, std::move(parts.body), where, token, app_secret);
}

} // namespace assistly::graph
