#include "protocol/graph/history.hpp"

#include "protocol/graph/graph_address.hpp"
#include "protocol/graph/shown_json.hpp"

namespace assistly::graph {

namespace json = boost::json;

namespace {

constexpr std::string_view message_fields = "id,created_time,from,to,message";

bool is_account(const history_account& of, std::string_view id) noexcept {
  return id == of.account_id
         || (!of.login.page_id.empty() && id == of.login.page_id);
}

/// The one who is not the account, in a list of people.
std::string customer_in(const history_account& of, const json::object& from,
                        std::string_view key) {
  const auto* list = object_at(from, key);
  const auto* people = list ? array_at(*list, "data") : nullptr;
  if (!people)
    return {};
  for (const auto& value : *people)
    if (const auto* one = value.if_object())
      if (auto id = text_at(*one, "id"); !id.empty() && !is_account(of, id))
        return id;
  return {};
}

std::string id_of_sender(const json::object& message) {
  const auto* from = object_at(message, "from");
  return from ? text_at(*from, "id") : std::string{};
}

std::string customer_of(const history_account& of,
                        const json::object& message) {
  auto sender = id_of_sender(message);
  return !sender.empty() && !is_account(of, sender)
           ? sender
           : customer_in(of, message, "to");
}

std::optional<told_messages> messages_of(const history_account& of,
                                         const std::string& customer,
                                         const json::object& list) {
  const auto* data = array_at(list, "data");
  auto next = next_cursor(list);
  if (!data || !next)
    return std::nullopt;
  told_messages out;
  out.next = *std::move(next);
  for (const auto& value : *data) {
    const auto* one = value.if_object();
    auto at =
      one ? parse_graph_time(text_at(*one, "created_time")) : std::nullopt;
    if (!at)
      return std::nullopt;
    shown_message m;
    m.external_id = text_at(*one, "id");
    m.text = text_at(*one, "message");
    m.callback = text_at(*one, "metadata");
    m.at = *at;
    auto sender = id_of_sender(*one);
    m.from = is_account(of, sender)                  ? shown_side::business
             : !sender.empty() && sender == customer ? shown_side::customer
                                                     : shown_side::unsaid;
    out.messages.push_back(std::move(m));
  }
  return out;
}

} // namespace

outcome<http_call> build_conversations(const history_account& of,
                                       std::string_view after,
                                       const endpoints& where,
                                       const secret_text& token,
                                       const secret_text& app_secret) {
  if (!has_history(of.channel))
    return fault{errc::invalid, "the channel cannot be read again"};
  std::string fields{"id,updated_time,participants,messages.limit(20){"};
  fields += message_fields;
  fields += '}';
  return get_call(
    {account_node(of.channel, of.account_id, of.login), "conversations",
     is_by_instagram(of.channel, of.login)},
    {{"platform",
      of.channel == channel_kind::messenger ? "messenger" : "instagram"},
     {"fields", fields},
     {"limit", "25"},
     {"after", after}},
    where, token, app_secret);
}

outcome<http_call>
build_messages(const history_account& of, const std::string& conversation,
               std::string_view after, const endpoints& where,
               const secret_text& token, const secret_text& app_secret) {
  return get_call(
    {conversation, "messages", is_by_instagram(of.channel, of.login)},
    {{"fields", message_fields}, {"limit", "20"}, {"after", after}}, where,
    token, app_secret);
}

std::optional<told_conversations> read_conversations(const history_account& of,
                                                     int status,
                                                     std::string_view body) {
  auto answer = read_answer(status, body);
  const auto* data = answer ? array_at(*answer, "data") : nullptr;
  auto next = answer ? next_cursor(*answer) : std::nullopt;
  if (!data || !next)
    return std::nullopt;
  told_conversations out;
  out.next = *std::move(next);
  for (const auto& value : *data) {
    const auto* one = value.if_object();
    const auto* messages = one ? object_at(*one, "messages") : nullptr;
    // A conversation without messages has nothing to tell.
    if (!messages)
      continue;
    auto updated = parse_graph_time(text_at(*one, "updated_time"));
    if (!updated)
      return std::nullopt;
    told_conversation c;
    c.id = text_at(*one, "id");
    c.updated_at = *updated;
    c.customer = customer_in(of, *one, "participants");
    if (const auto* said = array_at(*messages, "data"))
      for (const auto& m : *said)
        if (c.customer.empty() && m.is_object())
          c.customer = customer_of(of, m.get_object());
    auto newest = messages_of(of, c.customer, *messages);
    if (!newest)
      return std::nullopt;
    c.newest = *std::move(newest);
    out.conversations.push_back(std::move(c));
  }
  return out;
}

std::optional<told_messages> read_messages(const history_account& of,
                                           const std::string& customer,
                                           int status, std::string_view body) {
  auto answer = read_answer(status, body);
  return answer ? messages_of(of, customer, *answer) : std::nullopt;
}

} // namespace assistly::graph
