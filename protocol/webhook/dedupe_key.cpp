#include "protocol/webhook/dedupe_key.hpp"

#include "crypto/digest.hpp"
#include "crypto/encoding.hpp"

namespace assistly::webhook {

namespace {

std::string ms_text(std::optional<timestamp> at) {
  return at ? std::to_string(to_unix_ms(*at)) : "0";
}

} // namespace

std::string key_of(const account_ref& account,
                   std::initializer_list<std::string_view> parts) {
  const auto channel = to_string(account.channel);
  auto size = channel.size() + 1 + account.id.size();
  for (const auto part : parts)
    size += 1 + part.size();
  std::string key;
  key.reserve(size);
  key += channel;
  key += '|';
  key += account.id;
  for (const auto part : parts) {
    key += '|';
    key += part;
  }
  return key;
}

std::string message_key(const account_ref& account, std::string_view mid) {
  return key_of(account, {mid});
}

std::string instagram_comment_key(const account_ref& account,
                                  std::string_view comment_id,
                                  std::string_view field) {
  return key_of(account, {comment_id, field});
}

std::string page_comment_key(const account_ref& account,
                             std::string_view comment_id, std::string_view verb,
                             std::optional<timestamp> at) {
  return key_of(account, {comment_id, verb, ms_text(at)});
}

std::string status_key(const account_ref& account, std::string_view id,
                       std::string_view status, std::string_view participant) {
  return participant.empty() ? key_of(account, {id, status})
                             : key_of(account, {id, status, participant});
}

std::string watermark_key(const account_ref& account, std::string_view state,
                          std::string_view person, timestamp at) {
  return key_of(account, {"watermark", state, person, ms_text(at)});
}

std::string content_key(const account_ref& account, std::string_view json) {
  return key_of(account, {"sha256", crypto::to_hex(crypto::sha256(json))});
}

} // namespace assistly::webhook
