#include "protocol/webhook/read_whatsapp.hpp"

#include "protocol/webhook/event_names.hpp"
#include "protocol/webhook/event_time.hpp"
#include "protocol/webhook/kept_raw.hpp"

#include <charconv>

namespace assistly::webhook {

namespace {

reading required(bool readable) {
  return readable ? reading::done : reading::broken;
}

struct contact {
  std::string phone;
  std::string bsuid;
  std::string name;
};

/// What the messages and statuses of one value have in common.
struct surroundings {
  account_ref account{channel_kind::whatsapp, {}};
  std::vector<contact> contacts;
};

reading read_contact(ondemand::value& value, contact& out) {
  return each_field(value, [&](std::string_view key, ondemand::value& field) {
    if (key == "wa_id")
      return required(read_id(token_of(field), out.phone));
    if (key == "user_id")
      return required(read_id(token_of(field), out.bsuid));
    if (key == "profile")
      return each_field(
        field, [&](std::string_view inner, ondemand::value& name) {
          if (inner == "name" && !read_text(token_of(name), out.name))
            out.name.clear();
          return reading::done;
        });
    return reading::done;
  });
}

reading read_contacts(ondemand::value& value, std::vector<contact>& out) {
  ondemand::array list;
  const auto how = open(value, list);
  if (how != reading::done)
    return how == reading::broken ? reading::done : how;
  return each_element(list, [&](ondemand::value& element) {
    contact c;
    const auto each = read_contact(element, c);
    if (each == reading::done)
      out.push_back(std::move(c));
    return each;
  });
}

/// The person behind a phone number, a BSUID or both, the phone first: it is
/// the one that other channels of the business know, too. A contact beside the
/// message adds the other id and the name.
void set_person(const surroundings& around, std::string phone,
                std::string bsuid, inbound_event& event) {
  const contact* known = nullptr;
  for (const auto& c : around.contacts)
    if ((!phone.empty() && c.phone == phone)
        || (!bsuid.empty() && c.bsuid == bsuid))
      known = &c;
  if (known != nullptr) {
    if (phone.empty())
      phone = known->phone;
    if (bsuid.empty())
      bsuid = known->bsuid;
    event.person_name = known->name;
  }
  if (!phone.empty())
    event.person.push_back({alias_space::wa_phone, std::move(phone)});
  if (!bsuid.empty())
    event.person.push_back({alias_space::bsuid, std::move(bsuid)});
}

struct message_fields {
  std::string from;
  std::string from_user;
  std::string to;
  std::string to_user;
  std::string id;
  std::string type;
  std::string text;
  std::string quoted;
  std::string revoked;
  std::optional<timestamp> at;
  bool in_group = false;
};

/// One string field of an object, the rest ignored.
reading read_inner(ondemand::value& value, std::string_view wanted,
                   std::string& out,
                   bool (*read)(std::string_view, std::string&)) {
  return each_field(value, [&](std::string_view key, ondemand::value& field) {
    return key == wanted ? required(read(token_of(field), out)) : reading::done;
  });
}

reading read_message_fields(ondemand::object& message, message_fields& out) {
  return each_field(message, [&](std::string_view key, ondemand::value& field) {
    if (key == "from")
      return required(read_id(token_of(field), out.from));
    if (key == "from_user_id")
      return required(read_id(token_of(field), out.from_user));
    if (key == "to")
      return required(read_id(token_of(field), out.to));
    if (key == "to_user_id")
      return required(read_id(token_of(field), out.to_user));
    if (key == "id")
      return required(read_id(token_of(field), out.id));
    if (key == "type")
      return required(read_text(token_of(field), out.type));
    if (key == "text")
      return read_inner(field, "body", out.text, read_text);
    if (key == "context")
      return read_inner(field, "id", out.quoted, read_id);
    if (key == "revoke")
      return read_inner(field, "original_message_id", out.revoked, read_id);
    if (key == "timestamp")
      out.at = read_time(token_of(field));
    else if (key == "group_id")
      out.in_group = !is_null(token_of(field));
    return reading::done;
  });
}

inbound_event begin_event(const surroundings& around,
                          std::optional<timestamp> at) {
  inbound_event event;
  event.channel = around.account.channel;
  event.account_id = around.account.id;
  event.has_time = at.has_value();
  event.at = at.value_or(timestamp{});
  return event;
}

reading read_message(ondemand::object& message, const surroundings& around,
                     parsed_webhook& out) {
  message_fields f;
  const auto how = read_message_fields(message, f);
  if (how != reading::done)
    return how;
  if (f.id.empty() || f.type.empty())
    return reading::broken;

  auto event = begin_event(around, f.at);
  event.dedupe_key = message_key(around.account, f.id);
  event.external_id = std::move(f.id);
  event.reply_to = std::move(f.quoted);
  // A group is not the member's own conversation: nobody is named.
  if (f.in_group)
    return keep_raw(message, around.account, "message.group", std::move(event),
                    out);
  set_person(around, std::move(f.from), std::move(f.from_user), event);
  if (f.type == "revoke" && !f.revoked.empty() && !event.person.empty()) {
    event.kind = event_kind::withdrawn;
    event.external_id = std::move(f.revoked);
    out.events.push_back(std::move(event));
    return reading::done;
  }
  if (f.type != "text")
    return keep_raw(message, around.account, whatsapp_message_name(f.type),
                    std::move(event), out);
  if (f.text.empty())
    return keep_raw(message, around.account, "message.empty", std::move(event),
                    out);
  if (event.person.empty())
    return reading::broken;
  event.kind = event_kind::customer_text;
  event.text = std::move(f.text);
  out.events.push_back(std::move(event));
  return reading::done;
}

/// What a person typed in the WhatsApp Business app: whatever it is, the AI is
/// silent from then on.
reading read_phone_echo(ondemand::object& message, const surroundings& around,
                        parsed_webhook& out) {
  message_fields f;
  const auto how = read_message_fields(message, f);
  if (how != reading::done)
    return how;
  if (f.id.empty() || f.type.empty())
    return reading::broken;

  auto event = begin_event(around, f.at);
  event.dedupe_key = message_key(around.account, f.id);
  event.external_id = std::move(f.id);
  event.reply_to = std::move(f.quoted);
  event.from_phone = true;
  if (f.in_group)
    return keep_raw(message, around.account, "message.group", std::move(event),
                    out);
  set_person(around, std::move(f.to), std::move(f.to_user), event);
  const auto act = phone_app_name(f.type);
  if (!act.empty())
    return keep_raw(message, around.account, act, std::move(event), out);
  if (event.person.empty())
    return reading::broken;
  event.kind = event_kind::echo;
  event.text = std::move(f.text);
  out.events.push_back(std::move(event));
  return reading::done;
}

struct status_fields {
  std::string id;
  std::string status;
  std::string phone;
  std::string bsuid;
  std::string participant;
  std::string callback;
  std::string recipient_type;
  std::optional<timestamp> at;
  std::int32_t failure_code = 0;
};

reading read_errors(ondemand::value& value, std::int32_t& code) {
  ondemand::array list;
  const auto how = open(value, list);
  if (how != reading::done)
    return how == reading::broken ? reading::done : how;
  return each_element(list, [&](ondemand::value& error) {
    return each_field(error, [&](std::string_view key, ondemand::value& field) {
      if (key == "code" && code == 0) {
        const auto token = token_of(field);
        std::from_chars(token.data(), token.data() + token.size(), code);
      }
      return reading::done;
    });
  });
}

reading read_status_fields(ondemand::object& status, status_fields& out) {
  return each_field(status, [&](std::string_view key, ondemand::value& field) {
    if (key == "id")
      return required(read_id(token_of(field), out.id));
    if (key == "status")
      return required(read_text(token_of(field), out.status));
    if (key == "recipient_id")
      return required(read_id(token_of(field), out.phone));
    if (key == "recipient_user_id")
      return required(read_id(token_of(field), out.bsuid));
    if (key == "recipient_participant_id")
      return required(read_id(token_of(field), out.participant));
    if (key == "recipient_type")
      return required(read_text(token_of(field), out.recipient_type));
    if (key == "biz_opaque_callback_data")
      return required(read_text(token_of(field), out.callback));
    if (key == "errors")
      return read_errors(field, out.failure_code);
    if (key == "timestamp")
      out.at = read_time(token_of(field));
    return reading::done;
  });
}

/// `played` says that a voice message was heard: more than read, and the model
/// knows nothing above read.
delivery_state state_of(std::string_view status) noexcept {
  if (status == "sent")
    return delivery_state::sent;
  if (status == "delivered")
    return delivery_state::delivered;
  if (status == "read" || status == "played")
    return delivery_state::read;
  if (status == "failed")
    return delivery_state::failed;
  return delivery_state::none;
}

reading read_status(ondemand::object& status, const surroundings& around,
                    parsed_webhook& out) {
  status_fields f;
  const auto how = read_status_fields(status, f);
  if (how != reading::done)
    return how;
  if (f.id.empty() || f.status.empty())
    return reading::broken;

  auto event = begin_event(around, f.at);
  event.dedupe_key = status_key(around.account, f.id, f.status, f.participant);
  event.external_id = std::move(f.id);
  event.callback = std::move(f.callback);
  if (!f.participant.empty() || f.recipient_type == "group")
    return keep_raw(status, around.account, "status.group", std::move(event),
                    out);
  set_person(around, std::move(f.phone), std::move(f.bsuid), event);
  event.state = state_of(f.status);
  if (event.state == delivery_state::none)
    return keep_raw(status, around.account, "status.unknown", std::move(event),
                    out);
  if (event.state == delivery_state::failed)
    event.failure_code = f.failure_code;
  event.kind = event_kind::status;
  out.events.push_back(std::move(event));
  return reading::done;
}

using element_reader = reading (*)(ondemand::object&, const surroundings&,
                                   parsed_webhook&);

/// First look: the account and the contacts, which may stand behind the
/// messages.
reading read_surroundings(ondemand::object& value, std::string& number,
                          bool& has_errors, surroundings& out) {
  return each_field(value, [&](std::string_view key, ondemand::value& field) {
    if (key == "metadata")
      return read_inner(field, "phone_number_id", number, read_id);
    if (key == "contacts")
      return read_contacts(field, out.contacts);
    has_errors |= key == "errors";
    return reading::done;
  });
}

/// What reads the list of that name under that field. Only two fields speak of
/// what happens now; `history` carries messages under the same keys and must
/// never start a turn.
element_reader reader_of(std::string_view field,
                         std::string_view key) noexcept {
  if (field == "messages" && key == "messages")
    return read_message;
  if (field == "messages" && key == "statuses")
    return read_status;
  if (field == "smb_message_echoes" && key == "message_echoes")
    return read_phone_echo;
  return nullptr;
}

} // namespace

reading read_whatsapp(ondemand::object& value, ondemand::object& whole,
                      std::string_view waba_id, std::string_view field,
                      parsed_webhook& out) {
  std::string number;
  bool has_errors = false;
  surroundings around;
  auto how = read_surroundings(value, number, has_errors, around);
  if (how != reading::done)
    return how;
  around.account.id = number.empty() ? waba_id : std::string_view{number};
  if (around.account.id.empty())
    return reading::broken;

  if (rewind(value) == reading::dead)
    return reading::dead;
  bool listed = false;
  how = each_field(value, [&](std::string_view key, ondemand::value& list) {
    const auto read = reader_of(field, key);
    if (read == nullptr)
      return reading::done;
    // A message belongs to a number, not to the whole WABA.
    if (number.empty())
      return reading::broken;
    listed = true;
    return read_batch(list, out, [&](ondemand::object& element) {
      return read(element, around, out);
    });
  });
  if (how != reading::done || listed)
    return how;
  return keep_raw(whole, around.account,
                  has_errors ? "whatsapp.errors" : whatsapp_field_name(field),
                  {}, out);
}

} // namespace assistly::webhook
