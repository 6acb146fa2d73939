#include "model/identity.hpp"

namespace assistly {

namespace {

// Ids never hold a control character, so it separates the parts unambiguously.
constexpr char separator = '\x1f';

} // namespace

std::string alias_key(const alias& who, std::string_view account_id) {
  std::string key{to_string(who.space)};
  key += separator;
  // A phone number is one person's everywhere; the other ids belong to an
  // account (CONTRACT section 1).
  if (who.space != alias_space::wa_phone)
    key += account_id;
  key += separator;
  key += who.external_id;
  return key;
}

std::string conversation_key(const inbound_event& event) {
  bool comment = is_comment_channel(event.channel);
  if (event.person.empty()
      && !(comment && event.kind == event_kind::customer_text))
    return {};
  std::string key{to_string(event.channel)};
  key += separator;
  key += event.account_id;
  key += separator;
  if (event.person.empty()) {
    key += "comment";
    key += separator;
    key += event.external_id;
    return key;
  }
  key += to_string(event.person.front().space);
  key += separator;
  key += event.person.front().external_id;
  if (comment) {
    key += separator;
    key += event.thread_id;
  }
  return key;
}

std::string external_key(channel_kind channel, std::string_view account_id,
                         std::string_view external_id) {
  std::string key{to_string(channel)};
  key += separator;
  key += account_id;
  key += separator;
  key += external_id;
  return key;
}

} // namespace assistly
