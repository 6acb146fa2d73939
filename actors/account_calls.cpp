#include "actors/account_calls.hpp"

#include "protocol/graph/send_result.hpp"
#include "telemetry/log.hpp"

#include <utility>

namespace assistly::actors {

namespace {

/// An error of Meta's says why; whatever else came is not understood, and
/// changes nothing (CONTRACT 14).
void log_unclear(telemetry::log_name event,
                 const outcome<fetch::response>& response) {
  std::int64_t code = 0;
  std::int64_t status = 0;
  if (response) {
    status = response->status;
    code =
      graph::classify(response->status, response->body, response->headers).code;
  }
  telemetry::log(telemetry::level::warning, event,
                 {{"status", status}, {"code", code}});
}

} // namespace

graph::channel_login login_of(channel_kind channel,
                              const channel_access& access) {
  graph::channel_login login;
  login.how = goes_by_instagram(channel, access)
                ? graph::channel_login::by::instagram
                : graph::channel_login::by::page;
  login.page_id = access.page_id;
  return login;
}

fetch::request request_of(graph::http_call call) {
  fetch::request wanted;
  wanted.method = std::move(call.method);
  wanted.url = std::move(call.url);
  wanted.headers = std::move(call.headers);
  wanted.body = std::move(call.body);
  return wanted;
}

account_calls::account_calls(fetch::client& client, graph::endpoints where,
                             own_apps apps, secret_text app_secret)
  : client_(&client), where_(std::move(where)), apps_(std::move(apps)),
    app_secret_(std::move(app_secret)) {}

void account_calls::look(const graph::subscription_point& at,
                         const secret_text& token,
                         std::function<void(graph::subscription_seen)> done) {
  auto call = graph::build_subscription_look(at, where_, token, app_secret_);
  if (!call)
    return done(graph::subscription_seen::unclear);
  client_->send(
    request_of(std::move(*call)),
    [at, app = at.at_instagram ? apps_.instagram : apps_.facebook,
     done = std::move(done)](const outcome<fetch::response>& response) {
      auto seen = response ? graph::read_subscription(at, app, response->status,
                                                      response->body)
                           : graph::subscription_seen::unclear;
      if (seen == graph::subscription_seen::unclear)
        log_unclear("subscription_not_seen", response);
      done(seen);
    });
}

void account_calls::subscribe(const graph::subscription_point& at,
                              const secret_text& token,
                              std::function<void(bool)> done) {
  auto call = graph::build_subscribe(at, where_, token, app_secret_);
  if (!call)
    return done(false);
  client_->send(
    request_of(std::move(*call)),
    [done = std::move(done)](const outcome<fetch::response>& response) {
      bool made =
        response && graph::read_subscribed(response->status, response->body);
      if (!made)
        log_unclear("subscription_not_made", response);
      done(made);
    });
}

void account_calls::conversations(
  const graph::history_account& of, const std::string& after,
  const secret_text& token,
  std::function<void(std::optional<graph::told_conversations>)> done) {
  auto call = graph::build_conversations(of, after, where_, token, app_secret_);
  if (!call)
    return done(std::nullopt);
  client_->send(
    request_of(std::move(*call)),
    [of, done = std::move(done)](const outcome<fetch::response>& response) {
      auto told = response ? graph::read_conversations(of, response->status,
                                                       response->body)
                           : std::nullopt;
      if (!told)
        log_unclear("conversations_not_read", response);
      done(std::move(told));
    });
}

void account_calls::messages(
  const graph::history_account& of,
  const graph::told_conversation& conversation, const std::string& after,
  const secret_text& token,
  std::function<void(std::optional<graph::told_messages>)> done) {
  auto call = graph::build_messages(of, conversation.id, after, where_, token,
                                    app_secret_);
  if (!call)
    return done(std::nullopt);
  client_->send(request_of(std::move(*call)),
                [of, customer = conversation.customer, done = std::move(done)](
                  const outcome<fetch::response>& response) {
                  auto told = response ? graph::read_messages(
                                of, customer, response->status, response->body)
                                       : std::nullopt;
                  if (!told)
                    log_unclear("messages_not_read", response);
                  done(std::move(told));
                });
}

} // namespace assistly::actors
