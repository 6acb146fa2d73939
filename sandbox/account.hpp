/// What the stand-in plays: the connected accounts of a business and the posts
/// under which its customers comment. Given by the caller, in one plain list.
#pragma once

#include "model/channel.hpp"
#include "model/secret.hpp"

#include <string>

namespace assistly::sandbox {

/// One connected account, with the names of the tenant file (INTERFACE
/// section 4).
struct account {
  channel_kind kind = channel_kind::messenger;
  /// Page id, Instagram user_id, or WhatsApp phone_number_id.
  std::string account_id;
  /// Instagram with a Page login: the Page. Else empty.
  std::string page_id;
  /// WhatsApp: the WABA. Empty: one is made up from the number's id.
  std::string business_account_id;
  secret_text access_token;
  /// What customers see as the business's name.
  std::string name;
};

/// A post of the business on one of its comment accounts.
struct post {
  std::string account_id; ///< Page id or Instagram user_id.
  /// Page: `{page}_{number}`; Instagram: the media id. Empty: made up.
  std::string id;
  std::string text;
};

} // namespace assistly::sandbox
