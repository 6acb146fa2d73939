/// POST /{id}/messages: Messenger, Instagram and WhatsApp (CONTRACT 9 and 11).
#include "protocol/json/utf8.hpp"
#include "protocol/json/writer.hpp"
#include "sandbox/graph_call.hpp"

namespace assistly::sandbox {

namespace {

constexpr milliseconds until_delivered{300};
constexpr milliseconds until_read{1200};
constexpr auto typing_lasts = seconds{25};

/// CONTRACT 9: a day, or a week for what a human writes.
bool window_is_open(const world_state& world, const contact& to, bool human) {
  const milliseconds open = human ? milliseconds{days{7}} : hours{24};
  return to.last_written && world.now() - *to.last_written <= open;
}

/// Echo and reports of a message of Messenger or Instagram.
void report_message(world_state& world, const business_node& node,
                    const contact& to, const outgoing_message& what) {
  const auto now = world.now();
  if (world.settings.echoes)
    notify(world, node, webhook_kind::messaging,
           message_echo(node, to,
                        {what.id, what.text, world.app_id, what.callback}, now),
           now);
  if (!world.settings.statuses)
    return;
  if (node.kind == node_kind::page)
    notify(world, node, webhook_kind::messaging,
           messages_delivered(node, to, what.id, now, now + until_delivered),
           now + until_delivered);
  notify(world, node, webhook_kind::messaging,
         messages_read(node, to, what.id, now, now + until_read),
         now + until_read);
}

void report_whatsapp(world_state& world, const graph_call& call,
                     const business_node& node, const contact& to,
                     const outgoing_message& what) {
  const auto now = world.now();
  const auto report = [&](std::string_view status, milliseconds after,
                          int code = 0, std::string_view title = {}) {
    notify(world, node, webhook_kind::whatsapp,
           whatsapp_status(node, to,
                           {what.id, status, what.callback, code, title},
                           now + after),
           now + after);
  };
  if (call.failed_status != 0) {
    const auto why = error_of(call.failed_status);
    report("failed", milliseconds{0}, why.code, why.message);
    return;
  }
  if (!world.settings.statuses)
    return;
  report("sent", milliseconds{0});
  report("delivered", until_delivered);
  report("read", until_read);
}

std::string text_of_attachment(const json::json_fields& fields,
                               std::string_view path) {
  return "[" + std::string{fields.text(path)} + "]";
}

/// What Messenger and Instagram show for a request's `message`.
std::string shown_text(const json::json_fields& fields) {
  if (const auto* text = fields.find("message.text"))
    return text->value;
  if (fields.has("message.attachment.type"))
    return text_of_attachment(fields, "message.attachment.type");
  return {};
}

graph_result take_sender_action(world_state& world, graph_call& call,
                                contact* to, std::string_view recipient) {
  const auto action = call.fields.text("sender_action");
  if (to && action == "mark_seen")
    world.said.mark_read(to->thread, to->key);
  else if (to && action == "typing_on")
    world.said.set_typing(*to, world.now() + typing_lasts);
  else if (to && action == "typing_off")
    world.said.set_typing(*to, {});
  json::json_writer out{json::json_form::escaped};
  out.open().text("recipient_id", recipient).close();
  return std::move(out).take();
}

/// Checks on `tag` and `metadata`.
std::optional<graph_error> check_extras(const json::json_fields& fields) {
  const auto tag = fields.text("tag");
  if (!tag.empty() && tag != "HUMAN_AGENT")
    return invalid_parameter("Message tag is no longer supported");
  if (json::count_code_points(fields.text("message.metadata")) > 1000)
    return invalid_parameter(
      "Length of param message[metadata] must be less than or equal to 1000");
  return std::nullopt;
}

} // namespace

void accept_message(world_state& world, graph_call& call,
                    const business_node& node, contact* to,
                    const outgoing_message& what) {
  call.seen.accepted = true;
  call.seen.id = what.id;
  contact unknown;
  if (to) {
    line shown;
    shown.id = what.id;
    shown.from_business = true;
    shown.customer = to->key;
    shown.name = node.name;
    shown.text = what.text;
    shown.callback = what.callback;
    shown.state = line_state::delivered;
    shown.at = world.now();
    world.said.mark_read(to->thread, to->key);
    if (to->typing_until)
      world.said.set_typing(*to, {});
    world.said.add(to->thread, std::move(shown));
    if (to->waits_since_us) {
      world.record.answered_after(call.arrival_us - *to->waits_since_us);
      to->waits_since_us.reset();
    }
  } else {
    unknown.external_id = what.recipient;
    to = &unknown;
  }
  if (node.kind == node_kind::phone)
    report_whatsapp(world, call, node, *to, what);
  else
    report_message(world, node, *to, what);
}

graph_result send_message(world_state& world, graph_call& call,
                          business_node& page) {
  const auto channel = call.seen.channel.value_or(channel_kind::messenger);
  const bool instagram = channel == channel_kind::instagram;
  const auto* node = &page;
  if (instagram && page.kind == node_kind::page)
    node = world.accounts.instagram_of(page.id);
  const auto recipient = std::string{call.fields.text("recipient.id")};
  if (recipient.empty())
    return invalid_parameter("The parameter recipient is required");
  auto* to = world.said.find_contact(node->id, recipient);
  const bool is_action = call.fields.has("sender_action");
  outgoing_message what;
  if (!is_action) {
    call.seen.is_send = true;
    what.text = shown_text(call.fields);
    what.callback = call.fields.text("message.metadata");
    what.recipient = recipient;
    call.seen.text = what.text;
    call.seen.metadata = what.callback;
  }
  if (!to && world.settings.strict)
    return instagram ? error_of(100, 2534014) : error_of(100, 2018001);
  if (is_action)
    return take_sender_action(world, call, to, recipient);
  if (auto wrong = check_extras(call.fields))
    return *std::move(wrong);
  if (auto wrong = check_text(channel, what.text))
    return *std::move(wrong);
  const bool human = call.fields.text("tag") == "HUMAN_AGENT";
  if (world.settings.strict && !window_is_open(world, *to, human))
    return instagram ? error_of(10, 2534022) : error_of(10, 2018278);

  what.id = instagram ? world.ids.instagram() : world.ids.messenger();
  accept_message(world, call, *node, to, what);
  json::json_writer out{json::json_form::escaped};
  out.open()
    .text("recipient_id", recipient)
    .text("message_id", what.id)
    .close();
  return std::move(out).take();
}

namespace {

/// The digits of a number written in any common way.
std::string digits_of(std::string_view number) {
  std::string out;
  for (const char c : number)
    if (c >= '0' && c <= '9')
      out += c;
  return out;
}

/// `status: read`, with or without a typing indicator.
graph_result take_read_mark(world_state& world, const graph_call& call,
                            const business_node& node) {
  const auto id = call.fields.text("message_id");
  for (const auto* one : world.said.contacts_of(node.id)) {
    const auto* found = world.said.find(one->thread, id);
    if (!found || found->from_business)
      continue;
    world.said.mark_read(one->thread, one->key);
    if (call.fields.has("typing_indicator"))
      world.said.set_typing(*world.said.find_contact(node.id, one->external_id),
                            world.now() + typing_lasts);
    return std::string{R"({"success":true})"};
  }
  auto wrong = error_of(131009);
  wrong.details = "message_id is no message that was received";
  return wrong;
}

} // namespace

graph_result send_whatsapp(world_state& world, graph_call& call,
                           business_node& node) {
  const auto& fields = call.fields;
  if (fields.text("messaging_product") != "whatsapp")
    return invalid_parameter("The parameter messaging_product is required.");
  if (fields.text("status") == "read")
    return take_read_mark(world, call, node);

  call.seen.is_send = true;
  const auto typed = fields.text("to");
  const auto bsuid = fields.text("recipient");
  call.seen.recipient = typed.empty() ? bsuid : typed;
  if (typed.empty() && bsuid.empty())
    return error_of(131008);
  contact* to = nullptr;
  if (!typed.empty()) {
    to = world.said.find_contact(node.id, digits_of(typed));
  } else {
    for (const auto* one : world.said.contacts_of(node.id))
      if (one->bsuid == bsuid)
        to = world.said.find_contact(node.id, one->external_id);
  }

  outgoing_message what;
  const auto type = fields.text("type");
  const bool is_template = type == "template";
  if (type.empty() || type == "text")
    what.text = fields.text("text.body");
  else
    what.text = text_of_attachment(fields, "type");
  what.callback = fields.text("biz_opaque_callback_data");
  what.recipient = typed.empty() ? std::string{bsuid} : digits_of(typed);
  call.seen.text = what.text;
  call.seen.metadata = what.callback;
  if (auto wrong = check_text(channel_kind::whatsapp, what.text))
    return *std::move(wrong);
  if (!to && world.settings.strict)
    return error_of(131026);
  if (world.settings.strict && !is_template
      && !window_is_open(world, *to, false))
    return error_of(131047);

  what.id = world.ids.whatsapp();
  accept_message(world, call, node, to, what);
  json::json_writer out{json::json_form::escaped};
  out.open().text("messaging_product", "whatsapp");
  out.key("contacts").open_list().open().text("input", call.seen.recipient);
  if (!typed.empty())
    out.text("wa_id", what.recipient);
  if (to)
    out.text_if("user_id", to->bsuid);
  out.close().close_list().key("messages").open_list().open();
  out.text("id", what.id).close().close_list().close();
  return std::move(out).take();
}

} // namespace assistly::sandbox
