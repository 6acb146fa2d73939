/// The closed list of short names for events that are kept but not acted on.
/// Fit for a metric's label: nothing Meta sends can add to it.
#pragma once

#include <string_view>

namespace assistly::webhook {

/// Type of the first attachment of a Messenger or Instagram message:
/// "message.image" …, "message.attachment" for an unknown one.
std::string_view attachment_name(std::string_view type) noexcept;

/// Event key of a messaging item: "referral", "handover.take" …; empty if
/// unknown.
std::string_view messaging_name(std::string_view key) noexcept;

/// `value.item` of the Page's feed: "feed.post" …, "feed.unknown".
std::string_view feed_name(std::string_view item) noexcept;

/// Field of a Page or Instagram change that is neither feed, nor comments, nor
/// messaging: "mentions", "leadgen" …, "change.unknown".
std::string_view change_name(std::string_view field) noexcept;

/// `type` of a WhatsApp message without plain text: "message.image" …,
/// "message.unknown".
std::string_view whatsapp_message_name(std::string_view type) noexcept;

/// The same for what was typed in the WhatsApp Business app and is no message
/// of its own: "phone.revoke" …; empty for what is a message.
std::string_view phone_app_name(std::string_view type) noexcept;

/// Field of a WhatsApp change other than messages: "whatsapp.history" …,
/// "whatsapp.unknown".
std::string_view whatsapp_field_name(std::string_view field) noexcept;

} // namespace assistly::webhook
