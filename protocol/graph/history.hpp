/// What was said to an account, read back from Meta: Messenger and Instagram
/// conversations, page by page (CONTRACT 3.2, 9). Nothing here touches the
/// network.
#pragma once

#include "model/look_up.hpp"
#include "protocol/graph/send_request.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace assistly::graph {

/// Messages of one conversation, in Meta's order.
struct told_messages {
  std::vector<shown_message> messages;
  /// Where the list goes on; empty at its end.
  std::string next;
};

struct told_conversation {
  std::string id;
  /// The customer's id at the account; empty if Meta names none.
  std::string customer;
  timestamp updated_at{};
  /// Its newest ones.
  told_messages newest;
};

struct told_conversations {
  std::vector<told_conversation> conversations;
  std::string next;
};

/// Whose history is read.
struct history_account {
  channel_kind channel = channel_kind::messenger;
  std::string account_id;
  channel_login login;
};

/// Only Messenger and Instagram messages can be read again.
constexpr bool has_history(channel_kind channel) noexcept {
  return channel == channel_kind::messenger
         || channel == channel_kind::instagram;
}

/// A page of conversations behind `after`; all of them from its start if that
/// is empty. errc::invalid without a history, and as `build_send`.
outcome<http_call> build_conversations(const history_account& of,
                                       std::string_view after,
                                       const endpoints& where,
                                       const secret_text& token,
                                       const secret_text& app_secret);

/// A page of one conversation's messages behind `after`.
outcome<http_call>
build_messages(const history_account& of, const std::string& conversation,
               std::string_view after, const endpoints& where,
               const secret_text& token, const secret_text& app_secret);

/// Nothing if it is an error or not well-formed as a whole.
std::optional<told_conversations> read_conversations(const history_account& of,
                                                     int status,
                                                     std::string_view body);
/// `customer` as the conversation named it.
std::optional<told_messages> read_messages(const history_account& of,
                                           const std::string& customer,
                                           int status, std::string_view body);

} // namespace assistly::graph
