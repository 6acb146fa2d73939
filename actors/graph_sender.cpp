#include "actors/graph_sender.hpp"

#include "actors/account_calls.hpp"
#include "protocol/graph/look_up.hpp"
#include "protocol/graph/rate_headers.hpp"
#include "protocol/graph/send_result.hpp"
#include "telemetry/log.hpp"

#include <algorithm>
#include <utility>

namespace assistly::actors {

namespace {

/// A token that died is not tried again before somebody had time to mend it.
constexpr milliseconds token_pause = minutes{5};

/// To whom, for a message to be sent or looked for.
template <class Message>
graph::outgoing address_of(const Message& m) {
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
  return out;
}

graph::outgoing outgoing_of(const outgoing_message& m) {
  auto out = address_of(m);
  out.text = m.text;
  out.callback = to_string(m.id);
  return out;
}

/// What one answer means for the whole channel.
milliseconds pause_for(const graph::send_result& r) {
  switch (r.what) {
  case graph::outcome_class::token_dead:
    return token_pause;
  case graph::outcome_class::paused:
    return r.retry_after;
  case graph::outcome_class::rate_limited:
    // One customer's limit never delays another, and the app's is shared.
    return r.scope == graph::rate_scope::account ? r.retry_after
                                                 : milliseconds{0};
  default:
    return milliseconds{0};
  }
}

/// And for all channels of the app.
milliseconds pause_app_for(const graph::send_result& r) {
  return r.what == graph::outcome_class::rate_limited
             && r.scope == graph::rate_scope::app
           ? r.retry_after
           : milliseconds{0};
}

/// Stops before Meta does, for calls while limited make the block longer
/// (CONTRACT 13).
void heed_usage(graph::header_fields headers, send_answer& answer) {
  constexpr milliseconds short_stop = seconds{60};
  auto usage = graph::read_rate_headers(headers);
  if (usage.app_percent >= graph::stop_at_percent)
    answer.pause_app = std::max(answer.pause_app, short_stop);
  usage.app_percent = 0;
  if (usage.highest_percent() >= graph::stop_at_percent)
    answer.pause_channel = std::max(
      {answer.pause_channel, short_stop,
       std::chrono::duration_cast<milliseconds>(usage.longest_wait())});
}

send_answer answer_of(channel_kind channel, turn_kind kind,
                      const graph::send_result& r) {
  send_answer answer;
  answer.report = graph::report_of(r);
  answer.pause_channel = pause_for(r);
  answer.pause_app = pause_app_for(r);
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
    auto call =
      graph::build_send(outgoing_of(m), where_, login_of(m.channel, m.access),
                        m.access.token, app_secret_);
    if (!call) {
      telemetry::log(telemetry::level::error, "send_not_possible",
                     {{"channel", to_string(m.channel)}});
      send_answer refused;
      refused.report.what = send_class::refused;
      return done(std::move(refused));
    }
    client_->send(request_of(std::move(*call)),
                  [channel = m.channel, kind = m.kind, done = std::move(done)](
                    const outcome<fetch::response>& response) {
                    done(told(channel, kind, response));
                  });
  }

  void look_up(sought_message m,
               std::function<void(look_up_answer)> done) override {
    auto address = address_of(m);
    auto login = login_of(m.channel, m.access);
    auto call =
      graph::build_look_up(address, where_, login, m.access.token, app_secret_);
    if (!call)
      return done({});
    client_->send(
      request_of(std::move(*call)),
      [address = std::move(address), login = std::move(login),
       done = std::move(done)](const outcome<fetch::response>& response) {
        done(shown(address, login, response));
      });
  }

private:
  static look_up_answer shown(const graph::outgoing& address,
                              const graph::channel_login& login,
                              const outcome<fetch::response>& response) {
    look_up_answer answer;
    if (response)
      answer.page =
        graph::read_look_up(address, login, response->status, response->body);
    if (answer.page)
      return answer;
    std::int64_t code = 0;
    if (response) {
      auto why =
        graph::classify(response->status, response->body, response->headers);
      code = why.code;
      // What an answer does not say as an error of Meta's changes nothing.
      if (code != 0) {
        answer.pause_channel = pause_for(why);
        answer.pause_app = pause_app_for(why);
      }
    }
    telemetry::log(telemetry::level::warning, "look_up_without_result",
                   {{"channel", to_string(address.channel)}, {"code", code}});
    return answer;
  }

  static send_answer told(channel_kind channel, turn_kind kind,
                          const outcome<fetch::response>& response) {
    send_answer answer;
    if (response) {
      answer = answer_of(
        channel, kind,
        graph::classify(response->status, response->body, response->headers));
      heed_usage(response->headers, answer);
      return answer;
    }
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
