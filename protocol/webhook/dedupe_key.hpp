/// CONTRACT 3.3's keys as text. All start with `<channel>|<account id>|`, so
/// that the same id on two accounts is two events; the time of the notification
/// is in none of them. Meta's ids hold no '|'.
#pragma once

#include "model/channel.hpp"
#include "model/clock.hpp"

#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>

namespace assistly::webhook {

/// The account every key starts with.
struct account_ref {
  channel_kind channel = channel_kind::messenger;
  std::string_view id;
};

/// `<channel>|<account>|<part>|<part>…`
std::string key_of(const account_ref& account,
                   std::initializer_list<std::string_view> parts);

/// Message, echo, postback, WhatsApp message: `…|<mid>`. Also what our own send
/// is filed under once Meta has named it: its echo is then a known event.
std::string message_key(const account_ref& account, std::string_view mid);

/// Instagram comment: `…|<comment id>|<field>`. Our own replies, too.
std::string instagram_comment_key(const account_ref& account,
                                  std::string_view comment_id,
                                  std::string_view field);

/// Page comment: `…|<comment id>|<add, edit, remove, …>|<edited or created
/// ms>`.
std::string page_comment_key(const account_ref& account,
                             std::string_view comment_id, std::string_view verb,
                             std::optional<timestamp> at);

/// WhatsApp status: `…|<wamid>|<status>`; in groups `…|<participant>`. The
/// Instagram receipt of one message is filed the same way, as `read`.
std::string status_key(const account_ref& account, std::string_view id,
                       std::string_view status, std::string_view participant);

/// Delivery and read have no key at Meta; the watermark only rises. This one
/// keeps repetitions out: `…|watermark|<state>|<person>|<ms>`.
std::string watermark_key(const account_ref& account, std::string_view state,
                          std::string_view person, timestamp at);

/// What has no key of its own: `…|sha256|<64 hex digits of its JSON>`.
std::string content_key(const account_ref& account, std::string_view json);

} // namespace assistly::webhook
