/// What a webhook said, in our words, the same for every channel.
#pragma once

#include "model/channel.hpp"
#include "model/clock.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace assistly {

/// Where an external id of a person is valid (CONTRACT section 1).
enum class alias_space : std::uint8_t {
  psid = 1,      ///< Messenger, per Page.
  page_user = 2, ///< Author of a Page comment; not the PSID.
  igsid = 3,     ///< Instagram, per account; messages and comments alike.
  wa_phone = 4,  ///< WhatsApp phone digits, global.
  bsuid = 5,     ///< WhatsApp business-scoped user id.
};

std::string_view to_string(alias_space space) noexcept;

/// One id of a person, exactly as Meta wrote it. Kept as text: ids do not fit a
/// double (CONTRACT 1.2).
struct alias {
  alias_space space = alias_space::psid;
  std::string external_id;

  bool operator==(const alias&) const = default;
};

enum class event_kind : std::uint8_t {
  /// A customer wrote a text message, or a comment with text.
  customer_text = 1,
  /// Something left the business's account: our own send coming back, or a
  /// person
  /// who answered from the Page inbox, the phone app or another app. Which of
  /// the
  /// two is decided when it is taken in. Own comments are echoes, too.
  echo = 2,
  /// The state of one outgoing message, named by its external id.
  status = 3,
  /// Everything sent up to a time was delivered or read.
  watermark = 4,
  /// The customer took a message or comment back.
  withdrawn = 5,
  /// Known or unknown, but not acted on: kept raw and counted.
  other = 6,
};

std::string_view to_string(event_kind kind) noexcept;

/// How far an outgoing message got. Order matters: a state never goes back
/// (CONTRACT 7, statuses).
enum class delivery_state : std::uint8_t {
  none = 0,
  sent = 1,
  delivered = 2,
  read = 3,
  failed = 4,
};

/// One thing that happened. Strings are owned: nothing points into the body.
struct inbound_event {
  event_kind kind = event_kind::other;
  channel_kind channel = channel_kind::messenger;
  /// Page id, Instagram user_id or WhatsApp phone_number_id.
  std::string account_id;
  /// mid, comment id or wamid; empty where Meta gives none.
  std::string external_id;
  /// CONTRACT 3.3's key as text, without tenant; never empty for what is kept.
  std::string dedupe_key;
  /// The event's own time, stable over redeliveries. `has_time` is false where
  /// Meta gives none; then the day of arrival stands in for it.
  timestamp at{};
  bool has_time = false;
  /// The customer's ids, the first one leading: it decides the conversation.
  /// Empty for a comment without `from` and for events about nobody.
  std::vector<alias> person;
  std::string person_name;
  std::string text;
  /// Comments: the post (Page) or media (Instagram) id the comment stands
  /// under.
  std::string thread_id;
  /// Comments: the parent comment's id when it is a reply, else empty.
  std::string parent_id;
  /// Messages: the external id quoted.
  std::string reply_to;
  /// Echoes: who sent it, and what we attached to our own sends (`metadata`, or
  /// WhatsApp's `biz_opaque_callback_data` on a status).
  std::string app_id;
  std::string callback;
  /// True for echoes typed in the WhatsApp Business app (coexistence).
  bool from_phone = false;
  /// The event came under `standby`: another app owns the thread. Never
  /// answered.
  bool standby = false;
  /// A comment event for an edit of a comment: updates, never a second answer.
  bool edit = false;
  delivery_state state = delivery_state::none;
  /// Meta's error code when `state` is failed, else 0.
  std::int32_t failure_code = 0;
  /// For `other`: a short name of what it was ("message.image",
  /// "feed.reaction"), from a closed list, fit for a metric.
  std::string_view what;
  /// For `other`: the JSON of the one event, as received.
  std::string raw;
};

} // namespace assistly
