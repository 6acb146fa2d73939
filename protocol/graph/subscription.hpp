/// Whether Meta tells us of an account, and telling it to (CONTRACT 3.2, 14).
/// Nothing here touches the network.
#pragma once

#include "protocol/graph/send_request.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace assistly::graph {

/// Where the webhooks of a channel are subscribed to. Channels of one account
/// share it: a Page's messages and its comments are one subscription.
struct subscription_point {
  /// Page, Instagram account or WABA.
  std::string node;
  bool at_instagram = false;
  /// WhatsApp has no fields of its own here.
  std::vector<std::string> fields;

  bool operator==(const subscription_point&) const = default;
};

/// The point of a channel; nothing for a WhatsApp number whose business account
/// is not named. An Instagram account that is worked through a Page comes with
/// the Page's subscription.
std::optional<subscription_point>
subscription_point_of(channel_kind channel, const std::string& account_id,
                      const std::string& business_account_id,
                      const channel_login& login);

/// Both: errc::invalid as `build_send`.
outcome<http_call> build_subscription_look(const subscription_point& at,
                                           const endpoints& where,
                                           const secret_text& token,
                                           const secret_text& app_secret);
outcome<http_call> build_subscribe(const subscription_point& at,
                                   const endpoints& where,
                                   const secret_text& token,
                                   const secret_text& app_secret);

enum class subscription_seen : std::uint8_t {
  unclear, ///< No answer that can be understood: it changes nothing.
  subscribed,
  missing, ///< Our app, or a field that is needed, is not in the list.
};

/// `app_id` may be empty: then any app in the list counts as ours.
subscription_seen read_subscription(const subscription_point& at,
                                    std::string_view app_id, int status,
                                    std::string_view body);

/// `success` as true or "true".
bool read_subscribed(int status, std::string_view body);

} // namespace assistly::graph
