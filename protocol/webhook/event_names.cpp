#include "protocol/webhook/event_names.hpp"

#include <cstddef>

namespace assistly::webhook {

namespace {

struct entry {
  std::string_view theirs;
  std::string_view ours;
};

template <std::size_t N>
std::string_view look_up(const entry (&table)[N], std::string_view theirs,
                         std::string_view otherwise) noexcept {
  for (const auto& e : table)
    if (e.theirs == theirs)
      return e.ours;
  return otherwise;
}

constexpr entry attachments[] = {
  {"appointment_booking", "message.appointment"},
  {"audio", "message.audio"},
  {"ephemeral", "message.ephemeral"},
  {"fallback", "message.fallback"},
  {"file", "message.file"},
  {"ig_post", "message.ig_post"},
  {"ig_reel", "message.ig_reel"},
  {"image", "message.image"},
  {"like_heart", "message.like_heart"},
  {"location", "message.location"},
  {"post", "message.post"},
  {"reel", "message.reel"},
  {"share", "message.share"},
  {"sticker", "message.sticker"},
  {"story_mention", "message.story_mention"},
  {"template", "message.template"},
  {"video", "message.video"},
};

constexpr entry messaging_keys[] = {
  {"account_linking", "account_linking"},
  {"app_roles", "handover.app_roles"},
  {"optin", "optin"},
  {"order", "order"},
  {"pass_thread_control", "handover.pass"},
  {"policy_enforcement", "policy_enforcement"},
  {"referral", "referral"},
  {"request_thread_control", "handover.request"},
  {"response_feedback", "response_feedback"},
  {"take_thread_control", "handover.take"},
};

constexpr entry feed_items[] = {
  {"album", "feed.album"},       {"event", "feed.event"},
  {"like", "feed.like"},         {"link", "feed.link"},
  {"mention", "feed.mention"},   {"photo", "feed.photo"},
  {"photo-album", "feed.album"}, {"picture", "feed.photo"},
  {"post", "feed.post"},         {"rating", "feed.rating"},
  {"reaction", "feed.reaction"}, {"share", "feed.share"},
  {"status", "feed.status"},     {"story", "feed.story"},
  {"video", "feed.video"},
};

constexpr entry change_fields[] = {
  {"inbox_labels", "inbox_labels"}, {"leadgen", "leadgen"},
  {"mention", "mention"},           {"mentions", "mentions"},
  {"ratings", "ratings"},           {"story_insights", "story_insights"},
};

constexpr entry whatsapp_types[] = {
  {"audio", "message.audio"},
  {"button", "message.button"},
  {"contacts", "message.contacts"},
  {"document", "message.document"},
  {"edit", "message.edit"},
  {"image", "message.image"},
  {"interactive", "message.interactive"},
  {"location", "message.location"},
  {"order", "message.order"},
  {"reaction", "message.reaction"},
  {"request_welcome", "message.request_welcome"},
  {"sticker", "message.sticker"},
  {"system", "message.system"},
  {"unsupported", "message.unsupported"},
  {"video", "message.video"},
};

constexpr entry phone_app_types[] = {
  {"edit", "phone.edit"},
  {"reaction", "phone.reaction"},
  {"revoke", "phone.revoke"},
};

constexpr entry whatsapp_fields[] = {
  {"account_alerts", "whatsapp.account_alerts"},
  {"account_review_update", "whatsapp.account_review_update"},
  {"account_update", "whatsapp.account_update"},
  {"business_capability_update", "whatsapp.business_capability_update"},
  {"business_username_update", "whatsapp.business_username_update"},
  {"calls", "whatsapp.calls"},
  {"flows", "whatsapp.flows"},
  {"history", "whatsapp.history"},
  {"message_template_quality_update", "whatsapp.template_quality"},
  {"message_template_status_update", "whatsapp.template_status"},
  {"phone_number_name_update", "whatsapp.phone_number_name_update"},
  {"phone_number_quality_update", "whatsapp.phone_number_quality_update"},
  {"security", "whatsapp.security"},
  {"smb_app_state_sync", "whatsapp.smb_app_state_sync"},
  {"template_category_update", "whatsapp.template_category"},
  {"user_preferences", "whatsapp.user_preferences"},
};

} // namespace

std::string_view attachment_name(std::string_view type) noexcept {
  return look_up(attachments, type, "message.attachment");
}

std::string_view messaging_name(std::string_view key) noexcept {
  return look_up(messaging_keys, key, {});
}

std::string_view feed_name(std::string_view item) noexcept {
  return look_up(feed_items, item, "feed.unknown");
}

std::string_view change_name(std::string_view field) noexcept {
  return look_up(change_fields, field, "change.unknown");
}

std::string_view whatsapp_message_name(std::string_view type) noexcept {
  return look_up(whatsapp_types, type, "message.unknown");
}

std::string_view phone_app_name(std::string_view type) noexcept {
  return look_up(phone_app_types, type, {});
}

std::string_view whatsapp_field_name(std::string_view field) noexcept {
  return look_up(whatsapp_fields, field, "whatsapp.unknown");
}

} // namespace assistly::webhook
