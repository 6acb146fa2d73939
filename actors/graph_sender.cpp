#include "actors/graph_sender.hpp"

#include "protocol/graph/send_result.hpp"
#include "telemetry/log.hpp"

#include <utility>

namespace assistly::actors {

namespace {

/// A token that died is not tried again before somebody had time to mend it.
constexpr milliseconds token_pause = minutes{5};

graph::outgoing request_of(const outgoing_message& m) {
  graph::outgoing out;
  out.channel = m.channel;
  out.account_id = m.access.account_id;
  if (!m.to.aliases.empty()) {
    out.recipient_external_id = m.to.aliases.front().external_id;
    out.recipient_space = m.to.aliases.front().space;
  }
  out.comment_id = m.to.comment_id;
  out.comment_parent_id = m.to.comment_parent_id;
  out.private_reply = m.kind == turn_kind::private_reply;
  out.text = m.text;
  out.callback = to_string(m.id);
  return out;
}

graph::channel_login login_of(const outgoing_message& m) {
  graph::channel_login login;
  bool instagram = m.channel == channel_kind::instagram
                   || m.channel == channel_kind::instagram_comments;
  login.how = instagram && !m.access.page_login
                ? graph::channel_login::by::instagram
                : graph::channel_login::by::page;
  login.page_id = m.access.page_id;
  return login;
}

/// What one answer means for the whole channel.
milliseconds pause_for(const graph::send_result& r) {
  switch (r.what) {
  case graph::outcome_class::token_dead:
    return token_pause;
  case graph::outcome_class::paused:
    return r.retry_after;
  case graph::outcome_class::rate_limited:
    // One customer's limit never delays another.
    return r.scope == graph::rate_scope::pair ? milliseconds{0} : r.retry_after;
  default:
    return milliseconds{0};
  }
}

send_answer answer_of(channel_kind channel, turn_kind kind,
                      const graph::send_result& r) {
  send_answer answer;
  answer.report = graph::report_of(r);
  answer.pause_channel = pause_for(r);
  if (kind == turn_kind::private_reply && !r.recipient_id.empty())
    answer.private_recipient =
      alias{channel == channel_kind::page_comments ? alias_space::psid
                                                   : alias_space::igsid,
            r.recipient_id};
  if (r.what != graph::outcome_class::sent)
    telemetry::log(telemetry::level::warning, "send_not_accepted",
                   {{"channel", to_string(channel)},
                    {"outcome", graph::to_string(r.what)},
                    {"code", std::int64_t{r.code}},
                    {"subcode", std::int64_t{r.subcode}},
                    {"trace", r.fbtrace_id}});
  return answer;
}

class graph_sender final : public message_sender {
public:
  graph_sender(fetch::client& client, graph::endpoints where,
               secret_text app_secret)
    : client_(&client), where_(std::move(where)),
      app_secret_(std::move(app_secret)) {}

  void send(outgoing_message m,
            std::function<void(send_answer)> done) override {
    auto call = graph::build_send(request_of(m), where_, login_of(m),
                                  m.access.token, app_secret_);
    if (!call) {
      telemetry::log(telemetry::level::error, "send_not_possible",
                     {{"channel", to_string(m.channel)}});
      send_answer refused;
      refused.report.what = send_class::refused;
      return done(std::move(refused));
    }
    fetch::request wanted;
    wanted.method = std::move(call->method);
    wanted.url = std::move(call->url);
    wanted.headers = std::move(call->headers);
    wanted.body = std::move(call->body);
    client_->send(std::move(wanted),
                  [channel = m.channel, kind = m.kind, done = std::move(done)](
                    const outcome<fetch::response>& response) {
                    done(told(channel, kind, response));
                  });
  }

private:
  static send_answer told(channel_kind channel, turn_kind kind,
                          const outcome<fetch::response>& response) {
    if (response)
      return answer_of(
        channel, kind,
        graph::classify(response->status, response->body, response->headers));
    send_answer answer;
    // A clear word that nothing reached Meta is the only leave to try again.
    answer.report.what =
      response.error().code == errc::network_failed ? send_class::try_later
      : response.error().code == errc::in_doubt     ? send_class::in_doubt
                                                    : send_class::refused;
    answer.report.unreached = response.error().code == errc::network_failed;
    telemetry::log(telemetry::level::warning, "send_not_answered",
                   {{"channel", to_string(channel)},
                    {"code", to_string(response.error().code)}});
    return answer;
  }

  fetch::client* client_;
  graph::endpoints where_;
  secret_text app_secret_;
};

} // namespace

std::unique_ptr<message_sender> make_graph_sender(fetch::client& client,
                                                  graph::endpoints where,
                                                  secret_text app_secret) {
  return std::make_unique<graph_sender>(client, std::move(where),
                                        std::move(app_secret));
}

} // namespace assistly::actors
