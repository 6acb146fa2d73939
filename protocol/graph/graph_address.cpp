#include "protocol/graph/graph_address.hpp"

#include "crypto/encoding.hpp"
#include "crypto/hmac.hpp"

#include <algorithm>

namespace assistly::graph {

namespace {

fault wrong(const char* why) {
  return {errc::invalid, why};
}

bool is_alnum(char c) noexcept {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z')
         || (c >= 'A' && c <= 'Z');
}

bool is_version(std::string_view text) noexcept {
  return text.size() >= 2 && text.size() <= 16
         && std::ranges::all_of(text,
                                [](char c) { return is_alnum(c) || c == '.'; })
         && text.find("..") == std::string_view::npos;
}

/// Visible ASCII: nothing that ends a header line.
bool is_token(std::string_view text) noexcept {
  return !text.empty() && std::ranges::all_of(text, [](char c) {
    return c > ' ' && c < 0x7F;
  });
}

/// As `is_path_id`, and as long as Instagram's conversations are named, which
/// end like base64.
bool is_node(std::string_view id) noexcept {
  return !id.empty() && id.size() <= 512 && std::ranges::all_of(id, [](char c) {
    return is_alnum(c) || c == '_' || c == '-' || c == '=';
  });
}

outcome<void> check(const graph_address& to, const endpoints& where,
                    const secret_text& token) {
  if (!is_token(token.reveal()))
    return wrong("the access token is empty or malformed");
  if (!is_version(where.api_version))
    return wrong("the API version is malformed");
  if (!is_node(to.node))
    return wrong("an id in the address is malformed");
  return {};
}

std::string url_of(const graph_address& to, const endpoints& where) {
  std::string url = to.at_instagram ? where.instagram_url : where.graph_url;
  while (url.ends_with('/'))
    url.pop_back();
  url += '/';
  url += where.api_version;
  url += '/';
  url += to.node;
  url += '/';
  url += to.edge;
  return url;
}

void add_encoded(std::string& url, std::string_view value) {
  constexpr std::string_view digits = "0123456789ABCDEF";
  for (char c : value)
    if (is_alnum(c) || c == '-' || c == '.' || c == '_' || c == '~') {
      url += c;
    } else {
      auto byte = static_cast<unsigned char>(c);
      url += '%';
      url += digits[byte >> 4];
      url += digits[byte & 15];
    }
}

} // namespace

bool is_path_id(std::string_view id) noexcept {
  return !id.empty() && id.size() <= 128 && std::ranges::all_of(id, [](char c) {
    return is_alnum(c) || c == '_' || c == '-';
  });
}

std::string appsecret_proof(const secret_text& token,
                            const secret_text& app_secret) {
  crypto::hmac_sha256 key{std::string_view{app_secret.reveal()}};
  return crypto::to_hex(key.sign(std::string_view{token.reveal()}));
}

bool is_by_instagram(channel_kind channel,
                     const channel_login& login) noexcept {
  return login.how == channel_login::by::instagram
         && is_instagram_channel(channel);
}

std::string account_node(channel_kind channel, const std::string& account_id,
                         const channel_login& login) {
  return is_instagram_channel(channel) && !is_by_instagram(channel, login)
           ? login.page_id
           : account_id;
}

graph_address replies_of(const outgoing& m, const channel_login& login) {
  graph_address at{m.comment_id, "comments", is_by_instagram(m.channel, login)};
  if (m.channel == channel_kind::instagram_comments) {
    at.edge = "replies";
    if (!m.comment_parent_id.empty())
      at.node = m.comment_parent_id;
  }
  return at;
}

outcome<http_call> post_call(const graph_address& to, boost::json::object body,
                             const endpoints& where, const secret_text& token,
                             const secret_text& app_secret) {
  if (auto fit = check(to, where, token); !fit)
    return fit.error();
  if (!to.at_instagram && !app_secret.empty())
    body["appsecret_proof"] = appsecret_proof(token, app_secret);
  return http_call{"POST",
                   url_of(to, where),
                   {"Authorization: Bearer " + token.reveal(),
                    "Content-Type: application/json"},
                   boost::json::serialize(body)};
}

outcome<http_call> get_call(
  const graph_address& to,
  std::initializer_list<std::pair<std::string_view, std::string_view>> query,
  const endpoints& where, const secret_text& token,
  const secret_text& app_secret) {
  if (auto fit = check(to, where, token); !fit)
    return fit.error();
  auto url = url_of(to, where);
  char mark = '?';
  auto add = [&](std::string_view name, std::string_view value) {
    url += std::exchange(mark, '&');
    url += name;
    url += '=';
    add_encoded(url, value);
  };
  for (const auto& [name, value] : query)
    if (!value.empty())
      add(name, value);
  if (!to.at_instagram && !app_secret.empty())
    add("appsecret_proof", appsecret_proof(token, app_secret));
  return http_call{
    "GET", std::move(url), {"Authorization: Bearer " + token.reveal()}, {}};
}

} // namespace assistly::graph
