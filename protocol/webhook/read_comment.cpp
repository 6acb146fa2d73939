#include "protocol/webhook/read_comment.hpp"

#include "protocol/webhook/event_names.hpp"
#include "protocol/webhook/event_time.hpp"
#include "protocol/webhook/kept_raw.hpp"

namespace assistly::webhook {

namespace {

reading required(bool readable) {
  return readable ? reading::done : reading::broken;
}

struct feed_fields {
  std::string item;
  std::string verb;
  std::string author;
  std::string author_name;
  std::string comment_id;
  std::string post_id;
  std::string parent_id;
  std::string message;
  std::optional<timestamp> created;
  std::optional<timestamp> edited;
};

reading read_feed_fields(ondemand::object& value, feed_fields& out) {
  return each_field(value, [&](std::string_view key, ondemand::value& field) {
    if (key == "from")
      return read_party(field, out.author, &out.author_name, "name");
    // API 2.x wrote these two in its place, the id as a number.
    if (key == "sender_id")
      return required(read_id(token_of(field), out.author));
    if (key == "sender_name")
      return required(read_text(token_of(field), out.author_name));
    if (key == "item")
      return required(read_text(token_of(field), out.item));
    if (key == "verb")
      return required(read_text(token_of(field), out.verb));
    if (key == "comment_id")
      return required(read_id(token_of(field), out.comment_id));
    if (key == "post_id")
      return required(read_id(token_of(field), out.post_id));
    if (key == "parent_id")
      return required(read_id(token_of(field), out.parent_id));
    if (key == "message")
      return required(read_text(token_of(field), out.message));
    if (key == "created_time")
      out.created = read_time(token_of(field));
    else if (key == "edited_time")
      out.edited = read_time(token_of(field));
    return reading::done;
  });
}

/// Meta lists two spellings of two verbs (CONTRACT 5); one act, one key.
std::string_view one_spelling(std::string_view verb) noexcept {
  if (verb == "edited")
    return "edit";
  if (verb == "delete")
    return "remove";
  return verb;
}

bool is_post_of(std::string_view page_id, std::string_view id) noexcept {
  return id.size() > page_id.size() && id.starts_with(page_id)
         && id[page_id.size()] == '_';
}

std::string_view verb_name(std::string_view verb) noexcept {
  if (verb == "hide")
    return "comment.hide";
  if (verb == "unhide")
    return "comment.unhide";
  return "comment.unknown";
}

} // namespace

reading read_feed(ondemand::object& value, ondemand::object& whole,
                  std::string_view page_id, parsed_webhook& out) {
  feed_fields f;
  const auto how = read_feed_fields(value, f);
  if (how != reading::done)
    return how;

  const account_ref account{channel_kind::page_comments, page_id};
  const auto verb = one_spelling(f.verb);
  const auto at = f.edited ? f.edited : f.created;
  inbound_event event;
  event.channel = account.channel;
  event.account_id = page_id;
  event.has_time = at.has_value();
  event.at = at.value_or(timestamp{});
  event.thread_id = f.post_id;
  const bool own = f.author == page_id;
  if (!f.author.empty() && !own) {
    event.person.push_back({alias_space::page_user, f.author});
    event.person_name = std::move(f.author_name);
  }
  if (f.item != "comment")
    return keep_raw(whole, account, feed_name(f.item), std::move(event), out);

  if (f.comment_id.empty())
    return reading::broken;
  event.external_id = f.comment_id;
  // A comment's id starts with its post's, a post's with its page's.
  if (event.thread_id.empty() && is_post_of(page_id, f.parent_id))
    event.thread_id = f.parent_id;
  if (f.parent_id != event.thread_id)
    event.parent_id = std::move(f.parent_id);
  event.dedupe_key = page_comment_key(account, f.comment_id, verb, at);
  event.edit = verb == "edit";
  if (verb == "remove") {
    event.kind = event_kind::withdrawn;
    out.events.push_back(std::move(event));
    return reading::done;
  }
  if (verb != "add" && verb != "edit")
    return keep_raw(whole, account, verb_name(verb), std::move(event), out);
  if (!own && f.message.empty())
    return keep_raw(whole, account, "comment.empty", std::move(event), out);
  event.kind = own ? event_kind::echo : event_kind::customer_text;
  event.text = std::move(f.message);
  out.events.push_back(std::move(event));
  return reading::done;
}

namespace {

struct instagram_fields {
  std::string id;
  std::string author;
  std::string author_name;
  std::string media;
  std::string parent;
  std::string text;
  bool self = false;
};

reading read_author(ondemand::value& value, instagram_fields& out) {
  return each_field(value, [&](std::string_view key, ondemand::value& field) {
    if (key == "id")
      return required(read_id(token_of(field), out.author));
    if (key == "username")
      return required(read_text(token_of(field), out.author_name));
    if (key == "self_ig_scoped_id")
      out.self = !is_null(token_of(field));
    return reading::done;
  });
}

reading read_instagram_fields(ondemand::object& value, instagram_fields& out) {
  return each_field(value, [&](std::string_view key, ondemand::value& field) {
    if (key == "id" || key == "comment_id")
      return required(read_id(token_of(field), out.id));
    if (key == "from")
      return read_author(field, out);
    if (key == "text")
      return required(read_text(token_of(field), out.text));
    if (key == "media")
      return read_party(field, out.media);
    if (key == "parent_id")
      return required(read_id(token_of(field), out.parent));
    return reading::done;
  });
}

} // namespace

reading read_instagram_comment(ondemand::object& value, ondemand::object& whole,
                               std::string_view account_id,
                               std::string_view field, parsed_webhook& out) {
  instagram_fields f;
  const auto how = read_instagram_fields(value, f);
  if (how != reading::done)
    return how;
  if (f.id.empty())
    return reading::broken;

  const account_ref account{channel_kind::instagram_comments, account_id};
  inbound_event event;
  event.channel = account.channel;
  event.account_id = account_id;
  event.dedupe_key = instagram_comment_key(account, f.id, field);
  event.external_id = std::move(f.id);
  event.thread_id = std::move(f.media);
  event.parent_id = std::move(f.parent);
  const bool own = f.self || f.author == account_id;
  if (!f.author.empty() && !own) {
    event.person.push_back({alias_space::igsid, std::move(f.author)});
    event.person_name = std::move(f.author_name);
  }
  if (field == "live_comments")
    return keep_raw(whole, account, "live_comment", std::move(event), out);
  if (!own && f.text.empty())
    return keep_raw(whole, account, "comment.empty", std::move(event), out);
  event.kind = own ? event_kind::echo : event_kind::customer_text;
  event.text = std::move(f.text);
  out.events.push_back(std::move(event));
  return reading::done;
}

} // namespace assistly::webhook
