#include "protocol/webhook/parse_webhook.hpp"

#include "protocol/webhook/event_names.hpp"
#include "protocol/webhook/json_reading.hpp"
#include "protocol/webhook/json_text.hpp"
#include "protocol/webhook/kept_raw.hpp"
#include "protocol/webhook/read_comment.hpp"
#include "protocol/webhook/read_messaging.hpp"
#include "protocol/webhook/read_whatsapp.hpp"

#include <utility>

namespace assistly::webhook {

static_assert(body_padding >= simdjson::SIMDJSON_PADDING);

namespace {

enum class product : std::uint8_t {
  page,
  instagram,
  whatsapp,
  permissions,
  unknown,
};

product product_of(std::string_view object) noexcept {
  if (object == "page")
    return product::page;
  if (object == "instagram")
    return product::instagram;
  if (object == "whatsapp_business_account")
    return product::whatsapp;
  if (object == "permissions")
    return product::permissions;
  return product::unknown;
}

/// Instagram writes messages under `changes`, too, and so does the test button
/// of the App Dashboard for all products.
bool is_messaging(std::string_view field) noexcept {
  return field.starts_with("messag") || field == "standby";
}

/// Reads the entries of one body.
class entry_reader {
public:
  entry_reader(product about, parsed_webhook& out) : about_(about), out_(out) {}

  reading read(ondemand::object& entry) {
    account_.clear();
    auto how =
      each_field(entry, [&](std::string_view key, ondemand::value& field) {
        if (key != "id")
          return reading::done;
        return read_id(token_of(field), account_) ? reading::enough
                                                  : reading::broken;
      });
    if (how != reading::done)
      return how;
    // WhatsApp names its account further down.
    if (account_.empty() && about_ != product::whatsapp)
      return reading::broken;
    if (rewind(entry) == reading::dead)
      return reading::dead;
    return parts(entry);
  }

private:
  reading parts(ondemand::object& entry) {
    bool known = false;
    bool flat_value = false;
    bool values_off = false;
    std::string flat_field;
    std::string rest;
    const auto how =
      each_field(entry, [&](std::string_view key, ondemand::value& field) {
        if (key == "id" || key == "time" || key == "uid")
          return reading::done;
        if (has_messaging() && (key == "messaging" || key == "standby")) {
          known = true;
          return messaging(field, key == "standby");
        }
        if (key == "changes") {
          known = true;
          return read_batch(field, out_, [&](ondemand::object& change) {
            return read_change(change);
          });
        }
        if (key == "field")
          return read_text(token_of(field), flat_field) ? reading::done
                                                        : reading::broken;
        if (key == "value") {
          flat_value = true;
          return reading::done;
        }
        values_off |= key == "changed_fields";
        const auto source = source_of(field);
        if (!source)
          return reading::dead;
        rest += key;
        rest += *source;
        return reading::done;
      });
    if (how != reading::done)
      return how;
    if (flat_value && !flat_field.empty())
      return flat(entry, flat_field);
    if (known)
      return reading::done;
    // Meta sends `changed_fields` alone when "Include Values" is off.
    inbound_event event;
    event.dedupe_key = content_key(account(default_channel()), rest);
    return keep_raw(entry, account(default_channel()),
                    values_off ? "entry.changed_fields" : "entry.unknown",
                    std::move(event), out_);
  }

  reading messaging(ondemand::value& list, bool standby) {
    return read_batch(list, out_, [&](ondemand::object& item) {
      return read_messaging(item, account(message_channel()), standby, out_);
    });
  }

  /// `field` and `value` on the entry itself.
  reading flat(ondemand::object& entry, std::string_view field) {
    if (rewind(entry) == reading::dead)
      return reading::dead;
    return each_field(entry, [&](std::string_view key, ondemand::value& value) {
      if (key != "value")
        return reading::done;
      ondemand::object inside;
      const auto how = open(value, inside);
      return how == reading::done ? ended(dispatch(field, inside, inside))
                                  : how;
    });
  }

  reading read_change(ondemand::object& change) {
    std::string field;
    auto how =
      each_field(change, [&](std::string_view key, ondemand::value& value) {
        if (key != "field")
          return reading::done;
        return read_text(token_of(value), field) ? reading::enough
                                                 : reading::broken;
      });
    if (how != reading::done)
      return how;
    if (rewind(change) == reading::dead)
      return reading::dead;
    bool found = false;
    how = each_field(change, [&](std::string_view key, ondemand::value& value) {
      if (key != "value")
        return reading::done;
      found = true;
      ondemand::object inside;
      const auto opened = open(value, inside);
      return opened == reading::done ? ended(dispatch(field, inside, change))
                                     : opened;
    });
    return how == reading::done && !found ? reading::broken : how;
  }

  /// What was dispatched may have moved the iterator out of the object that is
  /// being walked: the walk must end there.
  static reading ended(reading how) noexcept {
    return how == reading::done ? reading::enough : how;
  }

  reading dispatch(std::string_view field, ondemand::object& value,
                   ondemand::object& whole) {
    if (about_ == product::whatsapp)
      return read_whatsapp(value, whole, account_, field, out_);
    if (about_ == product::permissions)
      return read_permission(field, value, whole);
    if (is_messaging(field))
      return read_messaging(value, account(message_channel()),
                            field == "standby", out_);
    if (about_ == product::page && field == "feed")
      return read_feed(value, whole, account_, out_);
    if (about_ == product::instagram
        && (field == "comments" || field == "live_comments"))
      return read_instagram_comment(value, whole, account_, field, out_);
    return keep_raw(
      whole,
      account(field == "inbox_labels" ? message_channel() : default_channel()),
      change_name(field), {}, out_);
  }

  /// A hint that an app user gave or took a permission (CONTRACT 8): one event
  /// for each account it is about.
  reading read_permission(std::string_view field, ondemand::object& value,
                          ondemand::object& whole) {
    std::vector<std::string> targets;
    std::string verb;
    const auto how =
      each_field(value, [&](std::string_view key, ondemand::value& inner) {
        if (key == "verb")
          return read_text(token_of(inner), verb) ? reading::done
                                                  : reading::broken;
        ondemand::array list;
        if (key != "target_ids" || token_of(inner) != "[")
          return reading::done;
        if (open(inner, list) != reading::done)
          return reading::dead;
        return each_element(list, [&](ondemand::value& target) {
          std::string id;
          if (read_id(token_of(target), id) && !id.empty())
            targets.push_back(std::move(id));
          return reading::done;
        });
      });
    if (how != reading::done)
      return how;
    if (targets.empty())
      targets.emplace_back();
    const std::string_view what = verb == "granted"   ? "permissions.granted"
                                  : verb == "revoked" ? "permissions.revoked"
                                                      : "permissions.unknown";
    auto channel = channel_kind::messenger;
    if (field.starts_with("instagram"))
      channel = channel_kind::instagram;
    else if (field.starts_with("whatsapp"))
      channel = channel_kind::whatsapp;
    for (const auto& target : targets) {
      const auto kept = keep_raw(whole, {channel, target}, what, {}, out_);
      if (kept != reading::done)
        return kept;
    }
    return reading::done;
  }

  bool has_messaging() const noexcept {
    return about_ == product::page || about_ == product::instagram;
  }

  channel_kind message_channel() const noexcept {
    return about_ == product::instagram ? channel_kind::instagram
                                        : channel_kind::messenger;
  }

  channel_kind default_channel() const noexcept {
    switch (about_) {
    case product::instagram:
      return channel_kind::instagram_comments;
    case product::whatsapp:
      return channel_kind::whatsapp;
    default:
      return channel_kind::page_comments;
    }
  }

  account_ref account(channel_kind channel) const noexcept {
    return {channel, account_};
  }

  product about_;
  parsed_webhook& out_;
  std::string account_;
};

reading read_entries(ondemand::value& entries, product about,
                     parsed_webhook& out) {
  if (about == product::unknown)
    return reading::done;
  ondemand::array list;
  const auto how = open(entries, list);
  if (how != reading::done)
    return how;
  entry_reader reader{about, out};
  return each_element(list, [&](ondemand::value& entry) {
    return read_or_set_aside(entry, out, [&](ondemand::object& object) {
      return reader.read(object);
    });
  });
}

reading read_root(ondemand::object& root, parsed_webhook& out) {
  std::string object;
  bool has_entry = false;
  bool has_read = false;
  auto how =
    each_field(root, [&](std::string_view key, ondemand::value& value) {
      if (key == "object")
        return read_text(token_of(value), object) ? reading::done
                                                  : reading::broken;
      if (key != "entry")
        return reading::done;
      has_entry = true;
      if (object.empty())
        return reading::done;
      has_read = true;
      return read_entries(value, product_of(object), out);
    });
  if (how != reading::done)
    return how;
  if (object.empty() || !has_entry)
    return reading::broken;
  out.unknown_objects = product_of(object) == product::unknown ? 1 : 0;
  if (has_read)
    return reading::done;
  // `entry` stood before `object`.
  if (rewind(root) == reading::dead)
    return reading::dead;
  return each_field(root, [&](std::string_view key, ondemand::value& value) {
    return key == "entry" ? read_entries(value, product_of(object), out)
                          : reading::done;
  });
}

/// Nothing if it could be read, else why not.
simdjson::error_code parse(std::string_view body, ondemand::parser& parser,
                           parsed_webhook& out) {
  ondemand::document document;
  auto error =
    parser.iterate(body.data(), body.size(), body.size() + body_padding)
      .get(document);
  if (error)
    return error;
  ondemand::object root;
  error = document.get_object().get(root);
  if (error)
    return error;
  if (read_root(root, out) != reading::done)
    return simdjson::INCORRECT_TYPE;
  return document.current_location().error() == simdjson::OUT_OF_BOUNDS
           ? simdjson::SUCCESS
           : simdjson::TRAILING_CONTENT;
}

simdjson::error_code parse(std::string_view body, parsed_webhook& out) {
  // A parser keeps five times the largest body it has seen: fine for what comes
  // each second, not for the rare large batch.
  constexpr std::size_t large = 256UL * 1024;
  if (body.size() > large) {
    ondemand::parser once;
    return parse(body, once, out);
  }
  thread_local ondemand::parser parser;
  return parse(body, parser, out);
}

} // namespace

outcome<parsed_webhook> parse_webhook(const verified_webhook& webhook) {
  parsed_webhook out;
  auto error = parse(webhook.body(), out);
  if (error == simdjson::UTF8_ERROR) {
    // Never seen from Meta, who sends ASCII; but one event must not block
    // others.
    auto repaired = with_valid_utf8(webhook.body());
    repaired.reserve(repaired.size() + body_padding);
    out = {};
    error = parse(repaired, out);
  }
  if (error)
    return fault{errc::unreadable, "the body is not JSON that we can read"};
  return out;
}

} // namespace assistly::webhook
