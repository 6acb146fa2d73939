#include "protocol/webhook/read_messaging.hpp"

#include "crypto/digest.hpp"
#include "crypto/encoding.hpp"
#include "protocol/webhook/event_names.hpp"
#include "protocol/webhook/event_time.hpp"
#include "protocol/webhook/kept_raw.hpp"

namespace assistly::webhook {

namespace {

enum class body_kind : std::uint8_t {
  none,
  message,
  delivery,
  read,
  reaction,
  postback,
  edit,
  named,
};

/// What one item says, before it is decided what that means.
struct item_fields {
  body_kind kind = body_kind::none;
  std::string_view what = "event.none";
  std::string sender;
  std::string recipient;
  std::optional<timestamp> at;
  // message, reaction, postback, edit, read
  std::string mid;
  std::string text;
  std::string app_id;
  std::string metadata;
  std::string reply_to;
  std::string_view attachment;
  bool is_echo = false;
  bool is_deleted = false;
  bool is_self = false;
  bool is_unsupported = false;
  // delivery, read
  std::optional<timestamp> watermark;
  // reaction, postback, edit: scalars as they stand
  std::string_view action;
  std::string_view payload;
  std::string_view title;
  std::string_view edits;
};

reading required(bool readable) {
  return readable ? reading::done : reading::broken;
}

/// Name of the first attachment that says what the message is.
reading read_attachments(ondemand::value& value, item_fields& out) {
  ondemand::array list;
  const auto how = open(value, list);
  if (how != reading::done)
    return how == reading::broken ? reading::done : how;
  return each_element(list, [&](ondemand::value& attachment) {
    std::string type;
    bool sticker = false;
    const auto each =
      each_field(attachment, [&](std::string_view key, ondemand::value& field) {
        if (key == "type")
          return required(read_text(token_of(field), type));
        if (key != "payload" || token_of(field) != "{")
          return reading::done;
        return each_field(field, [&](std::string_view inner, ondemand::value&) {
          sticker |= inner == "sticker_id";
          return reading::done;
        });
      });
    // A sticker comes as an image, too, and as the thumb that older apps send.
    if (out.attachment.empty() || sticker)
      out.attachment = sticker ? "message.sticker" : attachment_name(type);
    return each;
  });
}

reading read_reply_to(ondemand::value& value, item_fields& out) {
  return each_field(value, [&](std::string_view key, ondemand::value& field) {
    // A story has an id and no mid; quoting it is no reply to a message.
    if (key == "mid" && !read_id(token_of(field), out.reply_to))
      out.reply_to.clear();
    return reading::done;
  });
}

reading read_message(ondemand::value& value, item_fields& out) {
  out.kind = body_kind::message;
  return each_field(value, [&](std::string_view key, ondemand::value& field) {
    if (key == "mid")
      return required(read_id(token_of(field), out.mid));
    if (key == "text")
      return required(read_text(token_of(field), out.text));
    if (key == "is_echo")
      out.is_echo = token_of(field) == "true";
    else if (key == "app_id")
      return required(read_id(token_of(field), out.app_id));
    else if (key == "metadata")
      return required(read_text(token_of(field), out.metadata));
    else if (key == "attachments")
      return read_attachments(field, out);
    else if (key == "reply_to")
      return read_reply_to(field, out);
    else if (key == "is_deleted")
      out.is_deleted = token_of(field) == "true";
    else if (key == "is_self")
      out.is_self = token_of(field) == "true";
    else if (key == "is_unsupported")
      out.is_unsupported = token_of(field) == "true";
    return reading::done;
  });
}

/// The other bodies are alike: a mid and a few scalars.
reading read_body(ondemand::value& value, body_kind kind, item_fields& out) {
  out.kind = kind;
  return each_field(value, [&](std::string_view key, ondemand::value& field) {
    if (key == "mid")
      return required(read_id(token_of(field), out.mid));
    if (key == "watermark")
      out.watermark = read_time(token_of(field));
    else if (key == "action")
      out.action = token_of(field);
    else if (key == "payload")
      out.payload = token_of(field);
    else if (key == "title")
      out.title = token_of(field);
    else if (key == "num_edit")
      out.edits = token_of(field);
    return reading::done;
  });
}

reading read_item(ondemand::object& item, item_fields& out) {
  return each_field(item, [&](std::string_view key, ondemand::value& field) {
    if (key == "sender")
      return read_party(field, out.sender);
    if (key == "recipient")
      return read_party(field, out.recipient);
    if (key == "timestamp") {
      out.at = read_time(token_of(field));
      return reading::done;
    }
    if (key == "message")
      return read_message(field, out);
    if (out.kind == body_kind::message)
      return reading::done;
    if (key == "delivery")
      return read_body(field, body_kind::delivery, out);
    if (key == "read")
      return read_body(field, body_kind::read, out);
    if (key == "reaction")
      return read_body(field, body_kind::reaction, out);
    if (key == "postback")
      return read_body(field, body_kind::postback, out);
    if (key == "message_edit")
      return read_body(field, body_kind::edit, out);
    if (out.kind == body_kind::none && token_of(field) == "{") {
      const auto name = messaging_name(key);
      out.what = name.empty() ? "event.unknown" : name;
      if (!name.empty())
        out.kind = body_kind::named;
    }
    return reading::done;
  });
}

std::string_view unquoted(std::string_view token) noexcept {
  return is_string(token) ? token.substr(1, token.size() - 2) : token;
}

/// Reads what the item means, for the two accounts it is between.
class messaging_item {
public:
  messaging_item(ondemand::object& item, const account_ref& account,
                 bool standby, item_fields& fields, parsed_webhook& out)
    : item_(item), account_(account), f_(fields), out_(out),
      // An Instagram echo may come without the flag; whoever the account
      // itself is, it is never a customer.
      outgoing_(fields.is_echo || fields.sender == account.id),
      party_(outgoing_ ? fields.recipient : fields.sender) {
    event_.channel = account.channel;
    event_.account_id = account.id;
    event_.standby = standby;
    set_time(fields.at);
    if (!party_.empty())
      event_.person.push_back({account.channel == channel_kind::instagram
                                 ? alias_space::igsid
                                 : alias_space::psid,
                               party_});
  }

  reading emit() {
    const auto& ours = outgoing_ ? f_.sender : f_.recipient;
    if (!ours.empty() && ours != account_.id) {
      ++out_.mismatched;
      return reading::done;
    }
    switch (f_.kind) {
    case body_kind::message:
      return message();
    case body_kind::delivery:
      return receipt(delivery_state::delivered, "delivered");
    case body_kind::read:
      return receipt(delivery_state::read, "read");
    case body_kind::reaction:
      return reaction();
    case body_kind::postback:
      return postback();
    case body_kind::edit:
      return message_edit();
    case body_kind::none:
    case body_kind::named:
      break;
    }
    return keep(f_.what);
  }

private:
  void set_time(std::optional<timestamp> at) {
    event_.has_time = at.has_value();
    event_.at = at.value_or(timestamp{});
  }

  reading keep(std::string_view what) {
    return keep_raw(item_, account_, what, std::move(event_), out_);
  }

  reading add(event_kind kind) {
    event_.kind = kind;
    out_.events.push_back(std::move(event_));
    return reading::done;
  }

  reading message() {
    if (f_.mid.empty() || party_.empty())
      return reading::broken;
    event_.external_id = f_.mid;
    if (f_.is_deleted) {
      event_.dedupe_key = key_of(account_, {f_.mid, "deleted"});
      return outgoing_ ? keep("message.unsent_by_business")
                       : add(event_kind::withdrawn);
    }
    event_.dedupe_key = message_key(account_, f_.mid);
    event_.reply_to = std::move(f_.reply_to);
    if (outgoing_) {
      event_.text = std::move(f_.text);
      event_.app_id = std::move(f_.app_id);
      event_.callback = std::move(f_.metadata);
      return add(event_kind::echo);
    }
    if (f_.is_self)
      return keep("message.self");
    if (f_.is_unsupported)
      return keep("message.unsupported");
    if (!f_.text.empty()) {
      event_.text = std::move(f_.text);
      return add(event_kind::customer_text);
    }
    return keep(f_.attachment.empty() ? "message.empty" : f_.attachment);
  }

  reading receipt(delivery_state state, std::string_view name) {
    if (f_.watermark && !party_.empty()) {
      set_time(f_.watermark);
      event_.state = state;
      event_.dedupe_key = watermark_key(account_, name, party_, *f_.watermark);
      return add(event_kind::watermark);
    }
    // Instagram names the message that was seen instead.
    if (!f_.mid.empty()) {
      event_.external_id = f_.mid;
      event_.state = state;
      event_.dedupe_key = status_key(account_, f_.mid, name, {});
      return add(event_kind::status);
    }
    return keep("event.receipt");
  }

  reading reaction() {
    event_.reply_to = f_.mid;
    if (!f_.mid.empty())
      event_.dedupe_key = key_of(account_, {f_.mid, "reaction", f_.sender,
                                            unquoted(f_.action), time_text()});
    return keep("reaction");
  }

  reading postback() {
    event_.external_id = f_.mid;
    if (!f_.mid.empty()) {
      event_.dedupe_key = message_key(account_, f_.mid);
    } else {
      std::string said{f_.title};
      said += '\n';
      said += f_.payload;
      event_.dedupe_key =
        key_of(account_, {"postback", f_.sender, time_text(),
                          crypto::to_hex(crypto::sha256(said))});
    }
    return keep("postback");
  }

  reading message_edit() {
    event_.external_id = f_.mid;
    if (!f_.mid.empty())
      event_.dedupe_key =
        key_of(account_, {f_.mid, "edit", unquoted(f_.edits)});
    return keep("message.edit");
  }

  std::string time_text() const {
    return std::to_string(to_unix_ms(event_.at));
  }

  ondemand::object& item_;
  const account_ref& account_;
  item_fields& f_;
  parsed_webhook& out_;
  bool outgoing_;
  const std::string& party_;
  inbound_event event_;
};

} // namespace

reading read_messaging(ondemand::object& item, const account_ref& account,
                       bool standby, parsed_webhook& out) {
  item_fields fields;
  const auto how = read_item(item, fields);
  if (how != reading::done)
    return how;
  return messaging_item{item, account, standby, fields, out}.emit();
}

} // namespace assistly::webhook
