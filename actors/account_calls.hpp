/// What is asked of Meta about an account, beside sends: whether it tells us of
/// it, and what was said to it. By the one outgoing client.
#pragma once

#include "model/tenant_settings.hpp"
#include "protocol/fetch/client.hpp"
#include "protocol/graph/history.hpp"
#include "protocol/graph/send_request.hpp"
#include "protocol/graph/subscription.hpp"

#include <functional>
#include <optional>
#include <string>

namespace assistly::actors {

/// How an account was connected, as protocol/graph wants to know it.
graph::channel_login login_of(channel_kind channel,
                              const channel_access& access);

/// A call on its way to the client.
fetch::request request_of(graph::http_call call);

/// Our app, as Meta lists it. Each may be empty: then any app counts as ours.
struct own_apps {
  std::string facebook;
  /// With Instagram Login it may be another.
  std::string instagram;
};

/// Each `done` is called once, on the client's thread or at once, and must not
/// block.
class account_calls {
public:
  /// `client` must outlive it. `app_secret` may be empty.
  account_calls(fetch::client& client, graph::endpoints where, own_apps apps,
                secret_text app_secret);

  void look(const graph::subscription_point& at, const secret_text& token,
            std::function<void(graph::subscription_seen)> done);
  /// True if Meta says so.
  void subscribe(const graph::subscription_point& at, const secret_text& token,
                 std::function<void(bool)> done);

  void conversations(
    const graph::history_account& of, const std::string& after,
    const secret_text& token,
    std::function<void(std::optional<graph::told_conversations>)> done);
  void messages(const graph::history_account& of,
                const graph::told_conversation& conversation,
                const std::string& after, const secret_text& token,
                std::function<void(std::optional<graph::told_messages>)> done);

private:
  fetch::client* client_;
  graph::endpoints where_;
  own_apps apps_;
  secret_text app_secret_;
};

} // namespace assistly::actors
