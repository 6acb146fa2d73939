/// The request that sends one text, for each kind of channel (CONTRACT 9 to
/// 11). Nothing here touches the network.
#pragma once

#include "model/channel.hpp"
#include "model/event.hpp"
#include "model/outcome.hpp"
#include "model/secret.hpp"

#include <string>
#include <vector>

namespace assistly::graph {

/// Where Meta's APIs are; other addresses lead to a stand-in.
struct endpoints {
  std::string graph_url = "https://graph.facebook.com";
  std::string instagram_url = "https://graph.instagram.com";
  std::string api_version = "v25.0";
};

/// How an Instagram account was connected; other kinds always count as `page`.
struct channel_login {
  enum class by : std::uint8_t {
    page,      ///< Facebook Login: the linked Page's token, at `graph_url`.
    instagram, ///< Instagram Login: the account's own token, at
               ///< `instagram_url`.
  };
  by how = by::page;
  /// The linked Page. Needed for Instagram messages with `by::page` only.
  std::string page_id;
};

/// One text to one person or under one comment.
struct outgoing {
  channel_kind channel = channel_kind::messenger;
  /// Page id, Instagram user_id or WhatsApp phone_number_id.
  std::string account_id;
  /// Whom to write to; not used on comment channels.
  std::string recipient_external_id;
  alias_space recipient_space = alias_space::psid;
  /// Comment channels: the comment to answer, in public or in private.
  std::string comment_id;
  /// The comment above it if it is a reply. Instagram takes public replies to
  /// top-level comments only, so they go there.
  std::string comment_parent_id;
  /// A message to the comment's author instead of a public reply.
  bool private_reply = false;
  /// UTF-8, within the channel's limit (model/text_limits.hpp).
  std::string text;
  /// Our id of the send, which comes back in the echo (Messenger) or in
  /// statuses (WhatsApp). The other channels have no place for one.
  std::string callback;
  /// Messenger and Instagram through a Page: send under the HUMAN_AGENT tag,
  /// for text that a human wrote after the 24 h window. Needs Meta's approval;
  /// within the window it must stay false, for humans as well.
  bool human_agent_tag = false;
};

struct http_call {
  std::string method;
  std::string url;
  /// Lines of "Name: value". One of them is the token: not to be logged.
  std::vector<std::string> headers;
  std::string body;
};

/// errc::invalid if an id could change the path of the URL, the token could
/// break out of its header, the recipient's id is not of the channel's kind, or
/// something needed is empty. `app_secret` may be empty: no proof is sent then.
/// The proof (CONTRACT 14) goes to `graph_url` only, and in the body: nothing
/// secret or personal stands in a URL.
outcome<http_call> build_send(const outgoing& message, const endpoints& where,
                              const channel_login& login,
                              const secret_text& token,
                              const secret_text& app_secret);

/// Lower-case hex HMAC-SHA256 of the token under the app secret (CONTRACT 14).
std::string appsecret_proof(const secret_text& token,
                            const secret_text& app_secret);

/// Whether the id may stand in the path of a URL: 1 to 128 of A-Z a-z 0-9 _ -.
bool is_path_id(std::string_view id) noexcept;

} // namespace assistly::graph
