/// Looking for a send in doubt at Meta: the conversation's newest messages, or
/// the replies below the comment (CONTRACT 12). Nothing here touches the
/// network.
#pragma once

#include "model/look_up.hpp"
#include "protocol/graph/send_request.hpp"

#include <optional>
#include <string_view>

namespace assistly::graph {

/// The call that shows where `sent` must be if it was accepted. errc::invalid
/// where there is no such place (`can_look_up`), and as `build_send`.
outcome<http_call> build_look_up(const outgoing& sent, const endpoints& where,
                                 const channel_login& login,
                                 const secret_text& token,
                                 const secret_text& app_secret);

/// What the answer shows; nothing if it is an error, not well-formed, or names
/// no conversation at all: the customer has written, so one there is.
std::optional<shown_page> read_look_up(const outgoing& sent,
                                       const channel_login& login, int status,
                                       std::string_view body);

} // namespace assistly::graph
