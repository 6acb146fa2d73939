#include "protocol/graph/look_up.hpp"

#include "protocol/graph/graph_address.hpp"
#include "protocol/graph/shown_json.hpp"

namespace assistly::graph {

namespace json = boost::json;

namespace {

bool in_messages(const outgoing& m) noexcept {
  return !is_comment_channel(m.channel) || m.private_reply;
}

/// Who is meant by `from.id`. A conversation has two sides only; whoever is
/// neither is one of them under another id, and nobody can say which.
shown_side side_of(const outgoing& sent, const channel_login& login,
                   const json::object& one) {
  const auto* from = object_at(one, "from");
  const auto id = from ? text_at(*from, "id") : std::string{};
  if (id.empty())
    return shown_side::unsaid;
  if (id == sent.account_id || id == login.page_id)
    return shown_side::business;
  if (in_messages(sent) && id != sent.recipient_external_id)
    return shown_side::unsaid;
  return shown_side::customer;
}

/// A list of messages or comments, as the page it is; nothing if an entry of it
/// cannot be read, since that may be the one.
std::optional<shown_page> page_of(const outgoing& sent,
                                  const channel_login& login,
                                  const json::object& list) {
  const auto* data = array_at(list, "data");
  if (!data)
    return std::nullopt;
  shown_page page;
  auto more = next_cursor(list);
  page.whole = more && more->empty();
  for (const auto& value : *data) {
    const auto* one = value.if_object();
    if (!one)
      return std::nullopt;
    // Instagram's comments have other names for the same.
    const bool other = one->contains("timestamp");
    auto at =
      parse_graph_time(text_at(*one, other ? "timestamp" : "created_time"));
    if (!at)
      return std::nullopt;
    shown_message m;
    m.external_id = text_at(*one, "id");
    m.text = text_at(*one, one->contains("text") ? "text" : "message");
    m.callback = text_at(*one, "metadata");
    m.at = *at;
    m.from = side_of(sent, login, *one);
    page.messages.push_back(std::move(m));
  }
  return page;
}

} // namespace

outcome<http_call> build_look_up(const outgoing& sent, const endpoints& where,
                                 const channel_login& login,
                                 const secret_text& token,
                                 const secret_text& app_secret) {
  if (!can_look_up(sent.channel, sent.private_reply ? turn_kind::private_reply
                                                    : turn_kind::public_reply))
    return fault{errc::invalid, "the channel keeps no record to look into"};
  if (!in_messages(sent)) {
    if (!is_path_id(sent.comment_id))
      return fault{errc::invalid, "the comment's id is malformed"};
    const bool page = sent.channel == channel_kind::page_comments;
    return get_call(replies_of(sent, login),
                    {{"fields", page ? "id,message,created_time,from"
                                     : "id,text,timestamp,from"},
                     {"order", page ? "reverse_chronological" : ""},
                     {"limit", "100"}},
                    where, token, app_secret);
  }
  if (sent.recipient_external_id.empty())
    return fault{errc::invalid, "nobody is named to look for"};
  // Meta tells the details of a conversation's twenty newest messages.
  return get_call(
    {account_node(sent.channel, sent.account_id, login), "conversations",
     is_by_instagram(sent.channel, login)},
    {{"platform",
      sent.channel == channel_kind::messenger ? "messenger" : "instagram"},
     {"user_id", sent.recipient_external_id},
     {"fields", "messages.limit(20){id,created_time,from,"
                "message}"}},
    where, token, app_secret);
}

std::optional<shown_page> read_look_up(const outgoing& sent,
                                       const channel_login& login, int status,
                                       std::string_view body) {
  auto answer = read_answer(status, body);
  if (!answer)
    return std::nullopt;
  if (!in_messages(sent))
    return page_of(sent, login, *answer);
  const auto* data = array_at(*answer, "data");
  const auto* first =
    data && data->size() == 1 ? data->front().if_object() : nullptr;
  const auto* messages = first ? object_at(*first, "messages") : nullptr;
  return messages ? page_of(sent, login, *messages) : std::nullopt;
}

} // namespace assistly::graph
