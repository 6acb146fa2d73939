#include "sandbox/customer_ids.hpp"

#include "crypto/digest.hpp"
#include "protocol/json/utf8.hpp"

namespace assistly::sandbox {

std::string digits_from(std::string_view text, std::string_view prefix,
                        std::size_t length) {
  std::string out{prefix};
  const auto digest = crypto::sha256(text);
  for (std::size_t i = 0; out.size() < length; ++i)
    out += static_cast<char>(
      '0' + std::to_integer<unsigned>(digest[i % digest.size()]) % 10);
  return out;
}

namespace {

std::string drawn(std::string_view space, std::string_view scope,
                  std::string_view key, std::string_view prefix,
                  std::size_t length) {
  std::string text{space};
  text += '|';
  text += scope;
  text += '|';
  text += key;
  return digits_from(text, prefix, length);
}

} // namespace

std::optional<std::string> customer_name(std::string_view typed) {
  while (typed.starts_with(' '))
    typed.remove_prefix(1);
  while (typed.ends_with(' '))
    typed.remove_suffix(1);
  if (typed.empty() || !json::is_utf8(typed)
      || json::count_code_points(typed) > longest_name)
    return std::nullopt;
  for (const char c : typed)
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f)
      return std::nullopt;
  return std::string{typed};
}

std::string customer_key(std::string_view name) {
  std::string key{name};
  for (char& c : key)
    if (c >= 'A' && c <= 'Z')
      c = static_cast<char>(c - 'A' + 'a');
  return key;
}

std::string psid_of(std::string_view key, std::string_view page_id) {
  return drawn("psid", page_id, key, "70", 16);
}

std::string page_user_of(std::string_view key, std::string_view page_id) {
  return drawn("page_user", page_id, key, "71", 16);
}

std::string igsid_of(std::string_view key, std::string_view account_id) {
  return drawn("igsid", account_id, key, "80", 16);
}

std::string username_of(std::string_view key) {
  std::string out;
  for (const char c : key)
    if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'))
      out += c;
    else if (c == ' ' && !out.empty() && out.back() != '.')
      out += '.';
  while (out.ends_with('.'))
    out.pop_back();
  // A name in another script leaves no letters for Instagram's alphabet.
  return out.empty() ? drawn("username", {}, key, "guest.", 12) : out;
}

std::string phone_of(std::string_view key) {
  return drawn("phone", {}, key, "999", 12);
}

std::string bsuid_of(std::string_view key,
                     std::string_view business_account_id) {
  return drawn("bsuid", business_account_id, key, "US.9", 23);
}

} // namespace assistly::sandbox
