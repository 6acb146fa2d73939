/// What people do: customers on their phones, the business in Meta's own apps.
#include "protocol/json/utf8.hpp"
#include "protocol/json/writer.hpp"
#include "sandbox/customer_ids.hpp"
#include "sandbox/times.hpp"
#include "sandbox/world_state.hpp"

namespace assistly::sandbox {

namespace {

constexpr std::size_t longest_text = 8000;
/// The Page inbox, as Meta names it in echoes (CONTRACT 4).
constexpr std::string_view page_inbox_app = "26390203743090";

fault missing(std::string text) {
  return {errc::not_found, std::move(text)};
}

/// Account, customer and thread that a written message or a phone means.
struct place {
  const account* channel = nullptr;
  business_node* node = nullptr;
  const post* under = nullptr;
  std::string name;
  std::string key;
  std::string customer_id;
  std::string thread;
};

outcome<place> find_place(world_state& world, channel_kind kind,
                          std::string_view account_id,
                          std::string_view customer, std::string_view post_id) {
  place found;
  found.channel = world.accounts.find(kind, account_id);
  if (!found.channel)
    return missing("There is no such channel here.");
  const auto name = customer_name(customer);
  if (!name)
    return fault{errc::invalid,
                 "The name must have 1 to 60 characters and no line breaks."};
  found.name = *name;
  found.key = customer_key(*name);
  const auto& id = found.channel->account_id;
  found.node = world.accounts.node(id);
  switch (kind) {
  case channel_kind::messenger:
    found.customer_id = psid_of(found.key, id);
    break;
  case channel_kind::page_comments:
    found.customer_id = page_user_of(found.key, id);
    break;
  case channel_kind::instagram:
  case channel_kind::instagram_comments:
    found.customer_id = igsid_of(found.key, id);
    break;
  case channel_kind::whatsapp:
    found.customer_id = phone_of(found.key);
    break;
  }
  if (!is_comment_channel(kind)) {
    found.thread = thread_of(kind, id, found.key);
    return found;
  }
  found.under = world.accounts.find_post(id, post_id);
  if (!found.under)
    return missing("There is no such post here.");
  found.thread = thread_of(kind, id, found.under->id);
  return found;
}

std::optional<fault> check_written(std::string_view text) {
  if (text.find_first_not_of(" \t\r\n") == std::string_view::npos)
    return fault{errc::invalid, "Write something first."};
  if (!json::is_utf8(text))
    return fault{errc::invalid, "The text is not UTF-8."};
  if (json::count_code_points(text) > longest_text)
    return fault{errc::invalid, "The text is longer than 8000 characters."};
  return std::nullopt;
}

std::string new_id(world_state& world, channel_kind kind, const place& at) {
  switch (kind) {
  case channel_kind::messenger:
    return world.ids.messenger();
  case channel_kind::instagram:
    return world.ids.instagram();
  case channel_kind::whatsapp:
    return world.ids.whatsapp();
  case channel_kind::page_comments:
    return world.ids.page_comment(at.under->id);
  case channel_kind::instagram_comments:
    return world.ids.instagram_comment();
  }
  return {};
}

contact* contact_at(world_state& world, channel_kind kind, const place& at) {
  contact fresh;
  fresh.key = at.key;
  fresh.name = at.name;
  fresh.external_id = at.customer_id;
  fresh.thread = at.thread;
  if (kind == channel_kind::whatsapp)
    fresh.bsuid = bsuid_of(at.key, at.node->waba_id);
  return world.said.ensure_contact(at.node->id, std::move(fresh));
}

line fresh_line(const place& at, std::string id, std::string_view text,
                timestamp now) {
  line made;
  made.id = std::move(id);
  made.customer = at.key;
  made.name = at.name;
  made.text = text;
  made.at = now;
  return made;
}

/// The comment itself, by the customer or, without one, by the business.
outcome<comment> fresh_comment(world_state& world, const written_message& what,
                               const place& at, bool by_customer,
                               std::string id) {
  comment made;
  made.id = std::move(id);
  made.channel = what.channel;
  made.account_id = at.node->id;
  made.post_id = at.under->id;
  made.text = what.text;
  made.at = world.now();
  const bool page = what.channel == channel_kind::page_comments;
  if (by_customer) {
    made.customer = at.key;
    made.author_id = at.customer_id;
    made.author_name = page ? at.name : username_of(at.key);
  } else {
    made.author_id = at.node->id;
    made.author_name =
      page ? at.node->name : username_of(customer_key(at.node->name));
  }
  if (!what.reply_to.empty()) {
    const auto* parent = world.said.find_comment(what.reply_to);
    if (!parent || parent->post_id != made.post_id)
      return missing("There is no such comment here.");
    // Meta nests one level deep.
    made.parent = parent->parent.empty() ? parent->id : parent->parent;
  }
  return made;
}

webhook_body comment_body(const business_node& node, const comment& what) {
  return what.channel == channel_kind::page_comments
           ? page_comment_changed(node, what, "add", what.at)
           : instagram_commented(node, what);
}

void write_line(json::json_writer& out, const line& one) {
  out.open().text("id", one.id);
  out.number("revision", static_cast<std::int64_t>(one.revision));
  out.text("author", one.from_business ? "business" : "customer");
  out.text("kind", to_string(one.kind)).text("customer", one.customer);
  out.text("name", one.name).text("text", one.text);
  out.text_if("parent", one.parent).text_if("metadata", one.callback);
  out.text("state", to_string(one.state)).text_if("note", one.note);
  if (one.removed)
    out.flag("removed", true);
  out.text("at", rfc3339(one.at)).close();
}

/// Everybody sees comments; a private reply is seen by its addressee.
bool is_shown(const line& one, std::string_view key) {
  return one.kind != line_kind::private_reply || one.customer == key;
}

} // namespace

outcome<written_line>
sandbox_world::customer_writes(const written_message& what,
                               std::int64_t arrival_us) {
  auto& world = *state_;
  auto at = find_place(world, what.channel, what.account_id, what.customer,
                       what.post_id);
  if (!at)
    return at.error();
  if (auto wrong = check_written(what.text))
    return *std::move(wrong);
  const auto now = world.now();
  auto shown =
    fresh_line(*at, new_id(world, what.channel, *at), what.text, now);
  const auto id = shown.id;
  webhook_body body;
  auto kind = webhook_kind::messaging;
  if (is_comment_channel(what.channel)) {
    auto made = fresh_comment(world, what, *at, true, id);
    if (!made)
      return made.error();
    made->waits_since_us = arrival_us;
    shown.kind = line_kind::comment;
    shown.parent = made->parent;
    body = comment_body(*at->node, *made);
    kind = webhook_kind::graph;
    world.said.add_comment(*std::move(made));
  } else {
    auto* from = contact_at(world, what.channel, *at);
    if (!from)
      return fault{errc::busy, "There are too many customers; reset first."};
    from->last_written = now;
    if (!from->waits_since_us)
      from->waits_since_us = arrival_us;
    if (what.channel == channel_kind::whatsapp) {
      kind = webhook_kind::whatsapp;
      body = whatsapp_received(*at->node, *from, id, what.text, now);
    } else {
      body = message_received(*at->node, *from, id, what.text, now);
    }
  }
  if (!at->node->subscribed)
    shown.note = "The app is not subscribed to this account.";
  const auto revision = world.said.add(at->thread, std::move(shown));
  if (!revision)
    return fault{errc::busy, "There are too many customers; reset first."};
  notify(world, *at->node, kind, std::move(body), now,
         line_reference{at->thread, id});
  return written_line{id, at->customer_id, at->node->id, *revision};
}

outcome<written_line>
sandbox_world::business_writes(const written_message& what) {
  auto& world = *state_;
  auto at = find_place(world, what.channel, what.account_id, what.customer,
                       what.post_id);
  if (!at)
    return at.error();
  if (auto wrong = check_written(what.text))
    return *std::move(wrong);
  const auto now = world.now();
  auto shown =
    fresh_line(*at, new_id(world, what.channel, *at), what.text, now);
  const auto id = shown.id;
  shown.from_business = true;
  shown.name = at->node->name;
  shown.state = line_state::delivered;
  if (is_comment_channel(what.channel)) {
    auto made = fresh_comment(world, what, *at, false, id);
    if (!made)
      return made.error();
    shown.kind = line_kind::comment;
    shown.parent = made->parent;
    notify(world, *at->node, webhook_kind::graph,
           comment_body(*at->node, *made), now);
    world.said.add_comment(*std::move(made));
  } else {
    auto* to = world.said.find_contact(at->node->id, at->customer_id);
    if (!to)
      return missing("This customer has not written here yet.");
    if (what.channel == channel_kind::whatsapp)
      notify(world, *at->node, webhook_kind::whatsapp,
             whatsapp_phone_echo(*at->node, *to, id, what.text, now), now);
    else
      notify(
        world, *at->node, webhook_kind::messaging,
        message_echo(*at->node, *to, {id, what.text, page_inbox_app, {}}, now),
        now);
  }
  world.said.mark_read(at->thread, at->key);
  const auto revision = world.said.add(at->thread, std::move(shown));
  return written_line{id, at->customer_id, at->node->id, revision.value_or(0)};
}

outcome<void> sandbox_world::customer_removes(std::string_view customer,
                                              std::string_view comment_id) {
  auto& world = *state_;
  auto* found = world.said.find_comment(comment_id);
  if (!found)
    return missing("There is no such comment.");
  if (found->customer != customer_key(customer))
    return fault{errc::not_permitted, "It is somebody else's comment."};
  if (found->channel == channel_kind::page_comments) {
    const auto* node = world.accounts.node(found->account_id);
    notify(world, *node, webhook_kind::graph,
           page_comment_changed(*node, *found, "remove", world.now()),
           world.now());
  }
  world.said.remove(
    thread_of(found->channel, found->account_id, found->post_id), found->id);
  world.said.remove_comment(found->id);
  return {};
}

outcome<phone_place> sandbox_world::place_of(const phone_view& view) const {
  auto at = find_place(*state_, view.channel, view.account_id, view.customer,
                       view.post_id);
  if (!at)
    return at.error();
  return phone_place{at->node->id, at->under ? at->under->id : std::string{},
                     at->customer_id};
}

bool sandbox_world::phone_changed(const phone_view& view,
                                  std::uint64_t after) const {
  auto at = find_place(*state_, view.channel, view.account_id, view.customer,
                       view.post_id);
  if (!at)
    return true; // The answer says what is wrong.
  for (const auto* one : state_->said.since(at->thread, after))
    if (is_shown(*one, at->key))
      return true;
  const auto* who = state_->said.find_contact(at->node->id, at->customer_id);
  // A revision from before a reset or of another run.
  return (who && who->typing_revision > after)
         || after > state_->said.revision();
}

outcome<std::string> sandbox_world::phone_json(const phone_view& view,
                                               std::uint64_t after) const {
  auto at = find_place(*state_, view.channel, view.account_id, view.customer,
                       view.post_id);
  if (!at)
    return at.error();
  const auto now = state_->now();
  if (after > state_->said.revision())
    after = 0;
  json::json_writer out{json::json_form::utf8};
  out.open().text("channel", to_string(view.channel));
  out.text("account_id", at->node->id).text("business", at->node->name);
  out.text("customer", at->key).text("customer_id", at->customer_id);
  if (at->under)
    out.text("post", at->under->id);
  out.flag("complete", after == 0);
  out.key("lines").open_list();
  for (const auto* one : state_->said.since(at->thread, after))
    if (is_shown(*one, at->key))
      write_line(out, *one);
  out.close_list();
  const auto* who = state_->said.find_contact(at->node->id, at->customer_id);
  out.flag("typing", who && who->typing_until && *who->typing_until > now);
  out.number("next", static_cast<std::int64_t>(state_->said.revision()));
  out.text("now", rfc3339(now)).close();
  return std::move(out).take();
}

std::string sandbox_world::channels_json() const {
  json::json_writer out{json::json_form::utf8};
  out.open_list();
  for (const auto& one : state_->accounts.accounts()) {
    out.open().text("kind", to_string(one.kind));
    out.text("account_id", one.account_id).text("name", one.name);
    if (is_comment_channel(one.kind)) {
      out.key("posts").open_list();
      for (const auto& p : state_->accounts.posts())
        if (p.account_id == one.account_id)
          out.open().text("id", p.id).text("text", p.text).close();
      out.close_list();
    }
    out.close();
  }
  out.close_list();
  return std::move(out).take();
}

} // namespace assistly::sandbox
