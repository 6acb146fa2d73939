/// Comments: public and private replies, hiding, deleting (CONTRACT 10).
#include "protocol/json/writer.hpp"
#include "sandbox/customer_ids.hpp"
#include "sandbox/graph_call.hpp"

namespace assistly::sandbox {

namespace {

constexpr auto private_reply_open = days{7};

/// The comment a call names in its path, if the token may work on it.
comment* comment_of(world_state& world, const graph_call& call) {
  auto* found = world.said.find_comment(call.id);
  return found && call.owner->opens(found->account_id) ? found : nullptr;
}

std::string post_thread(const comment& what) {
  return thread_of(what.channel, what.account_id, what.post_id);
}

std::string one_field(std::string_view name, std::string_view value) {
  json::json_writer out{json::json_form::escaped};
  out.open().text(name, value).close();
  return std::move(out).take();
}

void answered(world_state& world, const graph_call& call, comment& what) {
  if (!what.waits_since_us)
    return;
  world.record.answered_after(call.arrival_us - *what.waits_since_us);
  what.waits_since_us.reset();
}

/// Who wrote the comment, as a contact of the direct messages beside it; null
/// if there is no room for one.
contact* contact_behind(world_state& world, const comment& what,
                        std::string_view name) {
  const bool page = what.channel == channel_kind::page_comments;
  contact made;
  made.key = what.customer;
  made.name = name;
  made.external_id = page ? psid_of(what.customer, what.account_id)
                          : igsid_of(what.customer, what.account_id);
  made.thread =
    thread_of(page ? channel_kind::messenger : channel_kind::instagram,
              what.account_id, what.customer);
  return world.said.ensure_contact(what.account_id, std::move(made));
}

} // namespace

graph_result send_private_reply(world_state& world, graph_call& call,
                                business_node& node) {
  call.seen.is_send = true;
  call.seen.comment_id = call.fields.text("recipient.comment_id");
  outgoing_message what;
  what.text = call.fields.text("message.text");
  what.callback = call.fields.text("message.metadata");
  call.seen.text = what.text;
  call.seen.metadata = what.callback;

  auto* about = world.said.find_comment(call.seen.comment_id);
  const auto* account = &node;
  if (about && about->account_id != node.id)
    account = world.accounts.node(about->account_id);
  const bool mine = about
                    && (about->account_id == node.id
                        || (account && account->page_id == node.id));
  if (!about && !world.settings.strict) {
    // A load writes its own comments: their authors exist only by number.
    what.id = world.ids.messenger();
    what.recipient = digits_from(call.seen.comment_id, "70", 16);
    accept_message(world, call, node, nullptr, what);
    json::json_writer out{json::json_form::escaped};
    out.open().text("recipient_id", what.recipient);
    out.text("message_id", what.id).close();
    return std::move(out).take();
  }
  if (!mine)
    return no_such_object("POST", call.seen.comment_id);
  const bool page = about->channel == channel_kind::page_comments;
  if (auto wrong = check_text(
        page ? channel_kind::messenger : channel_kind::instagram, what.text))
    return *std::move(wrong);
  // Spent, too old, or the business's own: one answer for all of them.
  if (about->private_reply_spent || about->customer.empty()
      || world.now() - about->at > private_reply_open)
    return error_of(100, 2534025);
  const auto* first = world.said.find(post_thread(*about), about->id);
  auto* to =
    contact_behind(world, *about, first ? first->name : about->author_name);
  if (!to)
    return error_of(2);

  about->private_reply_spent = true;
  what.id = page ? world.ids.messenger() : world.ids.instagram();
  what.recipient = to->external_id;
  accept_message(world, call, *account, to, what);
  answered(world, call, *about);
  line shown;
  shown.id = what.id;
  shown.from_business = true;
  shown.kind = line_kind::private_reply;
  shown.customer = about->customer;
  shown.name = account->name;
  shown.text = what.text;
  shown.parent = about->id;
  shown.callback = what.callback;
  shown.state = line_state::delivered;
  shown.at = world.now();
  world.said.mark_read(post_thread(*about), about->customer);
  world.said.add(post_thread(*about), std::move(shown));
  json::json_writer out{json::json_form::escaped};
  out.open().text("recipient_id", what.recipient);
  out.text("message_id", what.id).close();
  return std::move(out).take();
}

graph_result reply_to_comment(world_state& world, graph_call& call) {
  call.seen.is_send = true;
  call.seen.comment_id = call.id;
  call.seen.text = call.fields.text("message");
  auto* about = comment_of(world, call);
  const auto edge_channel = call.edge == "comments"
                              ? channel_kind::page_comments
                              : channel_kind::instagram_comments;
  if (!about && !world.settings.strict) {
    call.seen.accepted = true;
    call.seen.channel = edge_channel;
    call.seen.id = call.edge == "comments" ? world.ids.page_comment(call.id)
                                           : world.ids.instagram_comment();
    return one_field("id", call.seen.id);
  }
  // An Instagram reply goes to a top-level comment only.
  if (!about || about->channel != edge_channel
      || (edge_channel == channel_kind::instagram_comments
          && !about->parent.empty()))
    return no_such_object("POST", call.id);
  if (auto wrong = check_text(about->channel, call.seen.text))
    return *std::move(wrong);

  const auto* node = world.accounts.node(about->account_id);
  comment made;
  made.id = edge_channel == channel_kind::page_comments
              ? world.ids.page_comment(about->post_id)
              : world.ids.instagram_comment();
  made.channel = about->channel;
  made.account_id = about->account_id;
  made.post_id = about->post_id;
  made.parent = about->parent.empty() ? about->id : about->parent;
  made.author_id = node->id;
  made.author_name = edge_channel == channel_kind::page_comments
                       ? node->name
                       : username_of(customer_key(node->name));
  made.text = call.seen.text;
  made.at = world.now();

  line shown;
  shown.id = made.id;
  shown.from_business = true;
  shown.kind = line_kind::comment;
  shown.customer = about->customer;
  shown.name = node->name;
  shown.text = made.text;
  shown.parent = made.parent;
  shown.state = line_state::delivered;
  shown.at = made.at;
  world.said.mark_read(post_thread(*about), about->customer);
  world.said.add(post_thread(*about), std::move(shown));
  answered(world, call, *about);
  call.seen.accepted = true;
  call.seen.id = made.id;
  if (world.settings.echoes)
    notify(world, *node, webhook_kind::graph,
           edge_channel == channel_kind::page_comments
             ? page_comment_changed(*node, made, "add", made.at)
             : instagram_commented(*node, made),
           made.at);
  // Adding may move `about`, which is not touched from here on.
  world.said.add_comment(made);
  return one_field("id", made.id);
}

graph_result change_comment(world_state& world, graph_call& call) {
  auto* about = comment_of(world, call);
  if (!about)
    return no_such_object(call.method, call.id);
  const auto* node = world.accounts.node(about->account_id);
  const bool page = about->channel == channel_kind::page_comments;
  const auto tell = [&](std::string_view verb) {
    // Instagram reports neither changes nor deletions (CONTRACT 6).
    if (page)
      notify(world, *node, webhook_kind::graph,
             page_comment_changed(*node, *about, verb, world.now()),
             world.now());
  };
  if (call.method == "DELETE") {
    tell("remove");
    world.said.remove(post_thread(*about), about->id);
    world.said.remove_comment(about->id);
  } else {
    const auto hide = call.fields.flag(page ? "is_hidden" : "hide");
    if (!hide)
      return invalid_parameter(page ? "The parameter is_hidden is required"
                                    : "The parameter hide is required");
    about->hidden = *hide;
    tell(*hide ? "hide" : "unhide");
  }
  return std::string{R"({"success":true})"};
}

} // namespace assistly::sandbox
