#include "sandbox/webhook_body.hpp"

#include "protocol/json/writer.hpp"
#include "sandbox/customer_ids.hpp"
#include "sandbox/times.hpp"

namespace assistly::sandbox {

namespace {

using entry_time = webhook_body::entry_time;

/// Writes the envelope around an event: opened here, closed by `finish`.
class envelope {
public:
  envelope(std::string_view object, std::string_view entry_id, entry_time unit)
    : unit_(unit) {
    out_.open().text("object", object).key("entry").open_list().open();
    out_.text("id", entry_id);
    if (unit != entry_time::none) {
      // A marker that no text can hold, since text is escaped.
      out_.key("time").raw(marker);
    }
  }

  /// The list the event goes into: messaging or changes.
  json::json_writer& list(std::string_view name) {
    return out_.key(name).open_list();
  }

  webhook_body finish() && {
    out_.close_list().close().close_list().close();
    auto all = std::move(out_).take();
    webhook_body made;
    made.unit = unit_;
    if (unit_ == entry_time::none) {
      made.head = std::move(all);
      return made;
    }
    const auto at = all.find(marker);
    made.tail = all.substr(at + marker.size());
    all.resize(at);
    made.head = std::move(all);
    return made;
  }

private:
  static constexpr std::string_view marker{"\0time\0", 6};

  json::json_writer out_{json::json_form::escaped};
  entry_time unit_;
};

std::string_view object_of(const business_node& account) {
  switch (account.kind) {
  case node_kind::page:
    return "page";
  case node_kind::instagram:
    return "instagram";
  default:
    return "whatsapp_business_account";
  }
}

void from_to(json::json_writer& out, std::string_view from, std::string_view to,
             timestamp at) {
  out.key("sender").open().text("id", from).close();
  out.key("recipient").open().text("id", to).close();
  out.number("timestamp", to_unix_ms(at));
}

envelope messaging(const business_node& account) {
  return {object_of(account), account.id, entry_time::in_milliseconds};
}

/// WhatsApp's `value` with its metadata; opened, closed by `end_value`.
json::json_writer& begin_value(envelope& around, const business_node& number) {
  auto& out = around.list("changes").open().key("value").open();
  out.text("messaging_product", "whatsapp").key("metadata").open();
  out.text("display_phone_number", display_number_of(number));
  return out.text("phone_number_id", number.id).close();
}

void end_value(json::json_writer& out, std::string_view field) {
  out.close().text("field", field).close();
}

} // namespace

std::string webhook_body::at(timestamp now) const {
  if (unit == entry_time::none)
    return head;
  const auto time = std::to_string(
    unit == entry_time::in_seconds ? unix_seconds(now) : to_unix_ms(now));
  std::string out;
  out.reserve(head.size() + time.size() + tail.size());
  return out.append(head).append(time).append(tail);
}

std::string display_number_of(const business_node& number) {
  return digits_from("display|" + number.id, "1555", 11);
}

webhook_body message_received(const business_node& account, const contact& from,
                              std::string_view id, std::string_view text,
                              timestamp at) {
  auto made = messaging(account);
  auto& out = made.list("messaging").open();
  from_to(out, from.external_id, account.id, at);
  out.key("message").open().text("mid", id).text("text", text).close().close();
  return std::move(made).finish();
}

webhook_body message_echo(const business_node& account, const contact& to,
                          const echo& what, timestamp at) {
  auto made = messaging(account);
  auto& out = made.list("messaging").open();
  from_to(out, account.id, to.external_id, at);
  out.key("message").open().flag("is_echo", true).text("mid", what.id);
  // Instagram documents neither app_id nor metadata (CONTRACT 6).
  if (account.kind == node_kind::page) {
    if (!what.app_id.empty())
      out.key("app_id").raw(what.app_id);
    out.text_if("metadata", what.metadata);
  }
  out.text("text", what.text).close().close();
  return std::move(made).finish();
}

webhook_body messages_delivered(const business_node& account, const contact& to,
                                std::string_view id, timestamp sent,
                                timestamp at) {
  auto made = messaging(account);
  auto& out = made.list("messaging").open();
  from_to(out, to.external_id, account.id, at);
  out.key("delivery").open().key("mids").open_list().text(id).close_list();
  out.number("watermark", to_unix_ms(sent)).close().close();
  return std::move(made).finish();
}

webhook_body messages_read(const business_node& account, const contact& by,
                           std::string_view id, timestamp sent, timestamp at) {
  auto made = messaging(account);
  auto& out = made.list("messaging").open();
  from_to(out, by.external_id, account.id, at);
  out.key("read").open();
  if (account.kind == node_kind::instagram)
    out.text("mid", id);
  else
    out.number("watermark", to_unix_ms(sent));
  out.close().close();
  return std::move(made).finish();
}

webhook_body whatsapp_received(const business_node& number, const contact& from,
                               std::string_view id, std::string_view text,
                               timestamp at) {
  envelope made{object_of(number), number.waba_id, entry_time::none};
  auto& out = begin_value(made, number);
  out.key("contacts").open_list().open().key("profile").open();
  out.text("name", from.name).close().text("wa_id", from.external_id);
  out.text_if("user_id", from.bsuid).close().close_list();
  out.key("messages").open_list().open().text("from", from.external_id);
  out.text_if("from_user_id", from.bsuid).text("id", id);
  out.text("timestamp", std::to_string(unix_seconds(at))).text("type", "text");
  out.key("text").open().text("body", text).close().close().close_list();
  end_value(out, "messages");
  return std::move(made).finish();
}

webhook_body whatsapp_status(const business_node& number, const contact& to,
                             const whatsapp_report& what, timestamp at) {
  envelope made{object_of(number), number.waba_id, entry_time::none};
  auto& out = begin_value(made, number);
  out.key("statuses").open_list().open().text("id", what.id);
  out.text("status", what.status);
  out.text("timestamp", std::to_string(unix_seconds(at)));
  out.text("recipient_id", to.external_id);
  out.text_if("recipient_user_id", to.bsuid);
  out.text_if("biz_opaque_callback_data", what.callback);
  if (what.status == "sent" || what.status == "delivered") {
    out.key("pricing").open().flag("billable", false);
    out.text("pricing_model", "PMP").text("type", "free_customer_service");
    out.text("category", "service").close();
  }
  if (what.code != 0) {
    out.key("errors").open_list().open().number("code", what.code);
    out.text("title", what.title).text("message", what.title);
    out.key("error_data").open().text("details", what.title).close();
    out.close().close_list();
  }
  out.close().close_list();
  end_value(out, "messages");
  return std::move(made).finish();
}

webhook_body whatsapp_phone_echo(const business_node& number, const contact& to,
                                 std::string_view id, std::string_view text,
                                 timestamp at) {
  envelope made{object_of(number), number.waba_id, entry_time::none};
  auto& out = begin_value(made, number);
  out.key("message_echoes").open_list().open();
  out.text("from", display_number_of(number)).text("to", to.external_id);
  out.text("id", id).text("timestamp", std::to_string(unix_seconds(at)));
  out.text("type", "text").key("text").open().text("body", text).close();
  out.close().close_list();
  end_value(out, "smb_message_echoes");
  return std::move(made).finish();
}

webhook_body page_comment_changed(const business_node& page,
                                  const comment& what, std::string_view verb,
                                  timestamp at) {
  envelope made{"page", page.id, entry_time::in_seconds};
  auto& out = made.list("changes").open();
  out.text("field", "feed").key("value").open();
  out.key("from").open().text("id", what.author_id);
  out.text("name", what.author_name).close();
  out.text("item", "comment").text("verb", verb).text("comment_id", what.id);
  out.text("post_id", what.post_id);
  out.text("parent_id", what.parent.empty() ? what.post_id : what.parent);
  out.number("created_time", unix_seconds(verb == "add" ? what.at : at));
  if (verb != "remove") {
    out.text_if("message", what.text);
    out.key("post").open().text("status_type", "added_photos");
    out.flag("is_published", true);
    out.text("permalink_url",
             "https://www.facebook.example/posts/" + what.post_id);
    out.text("promotion_status", "inactive").text("id", what.post_id).close();
  }
  out.close().close();
  return std::move(made).finish();
}

webhook_body instagram_commented(const business_node& account,
                                 const comment& what) {
  envelope made{"instagram", account.id, entry_time::in_seconds};
  auto& out = made.list("changes").open();
  out.text("field", "comments").key("value").open();
  out.text("id", what.id).key("from").open().text("id", what.author_id);
  out.text("username", what.author_name);
  if (what.customer.empty())
    out.text("self_ig_scoped_id", igsid_of("|self", account.id));
  out.close().text("text", what.text).key("media").open();
  out.text("id", what.post_id).text("media_product_type", "FEED").close();
  out.text_if("parent_id", what.parent).close().close();
  return std::move(made).finish();
}

} // namespace assistly::sandbox
