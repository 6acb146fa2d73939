/// What a business decided: everything of its tenant file but channels and
/// knowledge.
#pragma once

#include "model/channel.hpp"
#include "model/ids.hpp"
#include "model/policy.hpp"
#include "model/secret.hpp"

#include <optional>
#include <string>
#include <vector>

namespace assistly {

struct member_seat {
  std::string email;
  std::string role; ///< owner | admin | agent | viewer | privacy

  bool operator==(const member_seat&) const = default;
};

struct tenant_settings {
  std::string slug;
  std::string name;
  std::string email;
  std::string website;
  std::vector<std::string> languages;
  retention_policy retention;
  /// What a customer is told at a hand-off; empty = a default in their
  /// language.
  std::string handover_message;
  milliseconds return_after = minutes{120};
  /// Empty = the operator's `answers.quiet_seconds`.
  std::optional<milliseconds> quiet;
  std::vector<comment_rule> comment_rules;
  std::vector<member_seat> members;

  bool operator==(const tenant_settings&) const = default;
};

/// What a business decided for the conversations of one of its channels.
/// `default_quiet` holds where it chose none.
inline conversation_policy policy_of(const tenant_settings& settings,
                                     channel_mode mode,
                                     milliseconds default_quiet) {
  return {mode, settings.quiet.value_or(default_quiet), settings.return_after,
          settings.retention};
}

/// How to reach one connected account.
struct channel_access {
  std::string account_id;
  secret_text token;
  /// WhatsApp: the WABA.
  std::string business_account_id;
  /// Instagram: sends through the linked Page instead of its own login.
  bool page_login = false;
  std::string page_id;
};

/// Whether it is called at Instagram's address, as the app of Instagram Login;
/// all else goes through Facebook's.
inline bool goes_by_instagram(channel_kind kind,
                              const channel_access& access) noexcept {
  return is_instagram_channel(kind) && !access.page_login;
}

struct channel_settings {
  channel_kind kind = channel_kind::messenger;
  channel_mode mode = channel_mode::automatic;
  channel_access access;
  /// Where the account stands in the tenant file, for what is said of it; 0 if
  /// it came from none.
  int line = 0;
};

/// One entry of a tenant's knowledge.
struct knowledge_item {
  /// `id` of the file, else its title; what `apply` matches by.
  std::string key;
  std::string title;
  std::string answer;
  std::string url;
  std::string language;
  std::vector<std::string> questions;

  bool operator==(const knowledge_item&) const = default;
};

/// A whole tenant file.
struct tenant_plan {
  tenant_settings settings;
  std::vector<channel_settings> channels;
  std::vector<knowledge_item> knowledge;
};

} // namespace assistly
