/// The bodies of Meta's webhooks, byte by byte as they go on the wire: one
/// event each, ASCII with escaped Unicode (CONTRACT 3 to 7).
#pragma once

#include "model/clock.hpp"
#include "sandbox/directory.hpp"
#include "sandbox/talk.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace assistly::sandbox {

/// The time of the notification stands in the middle, since it is another one
/// at each attempt (CONTRACT 3.3).
struct webhook_body {
  enum class entry_time : std::uint8_t { none, in_milliseconds, in_seconds };

  std::string head;
  std::string tail;
  entry_time unit = entry_time::none;

  std::string at(timestamp now) const;
};

/// Messenger and Instagram, by the kind of `account`.
webhook_body message_received(const business_node& account, const contact& from,
                              std::string_view id, std::string_view text,
                              timestamp at);

/// What came back to us of a message the business sent.
struct echo {
  std::string_view id;
  std::string_view text;
  std::string_view app_id;   ///< Messenger only; empty: none.
  std::string_view metadata; ///< Messenger only; empty: none.
};

webhook_body message_echo(const business_node& account, const contact& to,
                          const echo& what, timestamp at);

/// Messenger's delivery report; Instagram has none.
webhook_body messages_delivered(const business_node& account, const contact& to,
                                std::string_view id, timestamp sent,
                                timestamp at);

/// Messenger: a watermark. Instagram: `read{mid}`.
webhook_body messages_read(const business_node& account, const contact& by,
                           std::string_view id, timestamp sent, timestamp at);

webhook_body whatsapp_received(const business_node& number, const contact& from,
                               std::string_view id, std::string_view text,
                               timestamp at);

struct whatsapp_report {
  std::string_view id;
  std::string_view status; ///< sent, delivered, read, failed
  std::string_view callback;
  int code = 0; ///< of a failure
  std::string_view title;
};

webhook_body whatsapp_status(const business_node& number, const contact& to,
                             const whatsapp_report& what, timestamp at);

/// Somebody typed it in the WhatsApp Business app (CONTRACT 7, coexistence).
webhook_body whatsapp_phone_echo(const business_node& number, const contact& to,
                                 std::string_view id, std::string_view text,
                                 timestamp at);

/// `verb`: add, remove, hide, unhide. From the Page itself if the comment has
/// no customer.
webhook_body page_comment_changed(const business_node& page,
                                  const comment& what, std::string_view verb,
                                  timestamp at);

/// Instagram tells of new comments only. From the account itself if the comment
/// has no customer.
webhook_body instagram_commented(const business_node& account,
                                 const comment& what);

/// The display number of a WhatsApp account, made up from its id.
std::string display_number_of(const business_node& number);

} // namespace assistly::sandbox
