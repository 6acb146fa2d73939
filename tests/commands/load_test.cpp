#include "commands/load.hpp"
#include "commands/load_report.hpp"
#include "commands/load_socket.hpp"
#include "protocol/http/server.hpp"
#include "protocol/webhook/parse_webhook.hpp"

#include <gtest/gtest.h>

#include <mutex>
#include <set>
#include <unistd.h>

namespace assistly::commands {
namespace {

webhook_source_options source_options() {
  return {"127.0.0.1:1",
          "/webhooks/meta",
          "100200300400501",
          "Say \"hi\"\n\\o/",
          "00aa",
          2,
          "secret"};
}

std::string field_of(std::string_view request, std::string_view name) {
  const auto at = request.find(name);
  EXPECT_NE(at, std::string_view::npos) << name;
  const auto from = at + name.size() + 2;
  return std::string{request.substr(from, request.find('\r', from) - from)};
}

webhook::parsed_webhook as_the_server_reads(std::string_view request) {
  std::string body{request.substr(request.find("\r\n\r\n") + 4)};
  EXPECT_EQ(field_of(request, "Content-Length"), std::to_string(body.size()));
  webhook::signature_verifier verifier{{secret_text{"secret"}}};
  const auto verified = verifier.verify(
    std::move(body), field_of(request, "X-Hub-Signature-256"), 1);
  EXPECT_TRUE(verified);
  auto parsed = verified ? webhook::parse_webhook(*verified)
                         : outcome<webhook::parsed_webhook>{verified.error()};
  EXPECT_TRUE(parsed);
  return parsed ? *std::move(parsed) : webhook::parsed_webhook{};
}

TEST(webhook_source, makes_webhooks_that_are_signed_and_read_as_messages) {
  webhook_source source{source_options()};
  const auto read = as_the_server_reads(source.next(1'795'132'800'000));
  ASSERT_EQ(read.events.size(), 1U);
  const auto& event = read.events.front();
  EXPECT_EQ(event.kind, event_kind::customer_text);
  EXPECT_EQ(event.account_id, "100200300400501");
  EXPECT_EQ(event.text, "Say \"hi\"\n\\o/");
  EXPECT_EQ(to_unix_ms(event.at), 1'795'132'800'000);
}

TEST(webhook_source, never_repeats_a_message_and_lets_customers_take_turns) {
  webhook_source source{source_options()};
  std::set<std::string> keys;
  std::set<std::string> people;
  for (int i = 0; i < 5; ++i) {
    const auto read = as_the_server_reads(source.next(1'795'132'800'000 + i));
    ASSERT_EQ(read.events.size(), 1U);
    ASSERT_FALSE(read.events.front().person.empty());
    keys.insert(read.events.front().dedupe_key);
    people.insert(read.events.front().person.front().external_id);
  }
  EXPECT_EQ(keys.size(), 5U);
  EXPECT_EQ(people.size(), 2U);
}

TEST(webhook_source, without_a_secret_neither_signs_nor_changes) {
  auto options = source_options();
  options.app_secret.clear();
  webhook_source source{options};
  const std::string first{source.next(1'795'132'800'000)};
  EXPECT_EQ(first.find("X-Hub"), std::string::npos);
  EXPECT_EQ(first, source.next(1'795'132'900'000));
}

TEST(ack_times, gives_quantiles_at_most_two_percent_too_high) {
  ack_times times;
  for (int us = 1; us <= 100'000; ++us)
    times.add(us);
  for (const double q : {0.5, 0.99, 0.999}) {
    EXPECT_GE(times.quantile_ms(q), q * 100);
    EXPECT_LE(times.quantile_ms(q), q * 100 * 1.02);
  }
  EXPECT_EQ(times.longest_ms(), 100);
  EXPECT_EQ(times.quantile_ms(1), 100);
  EXPECT_EQ(ack_times{}.quantile_ms(0.5), 0);
}

TEST(read_head, knows_length_status_and_end_of_the_connection) {
  const auto read = read_head(
    "HTTP/1.1 503 Busy\r\ncontent-length: 12\r\nConnection: close\r\n\r\nabc");
  ASSERT_TRUE(read.head);
  EXPECT_EQ(read.head->status, 503);
  EXPECT_EQ(read.head->body_size, 12U);
  EXPECT_TRUE(read.head->closes);
}

TEST(read_head, refuses_what_is_not_http_or_has_no_length) {
  EXPECT_TRUE(read_head("SSH-2.0-x\r\n\r\n").broken);
  EXPECT_TRUE(read_head("HTTP/1.1 200 OK\r\nA: b\r\n\r\n").broken);
  const auto partial = read_head("HTTP/1.1 200 OK\r\nContent-Le");
  EXPECT_FALSE(partial.broken);
  EXPECT_FALSE(partial.head);
}

TEST(find_target, takes_http_addresses_only) {
  const auto target = find_target("http://127.0.0.1:8080/webhooks/meta");
  ASSERT_TRUE(target);
  EXPECT_EQ(target->host, "127.0.0.1:8080");
  EXPECT_EQ(target->path, "/webhooks/meta");
  EXPECT_TRUE(find_target("http://[::1]:8080"));
  for (const char* wrong : {"https://127.0.0.1/", "127.0.0.1:80", "http://",
                            "http://127.0.0.1:x/", "http://a@127.0.0.1/"}) {
    const auto refused = find_target(wrong);
    ASSERT_FALSE(refused) << wrong;
    EXPECT_EQ(refused.error().code, errc::invalid) << wrong;
  }
}

TEST(metric_in, adds_up_the_series_of_exactly_one_name) {
  constexpr std::string_view page = "# TYPE a_total counter\n"
                                    "a_total{x=\"1\"} 2\na_total{x=\"2\"} 3\n"
                                    "a_total_more 9\na_to 7\n";
  EXPECT_EQ(metric_in(page, "a_total"), 5);
  EXPECT_EQ(metric_in(page, "a_to"), 7);
  EXPECT_FALSE(metric_in(page, "a"));
}

TEST(look_at_process, sees_this_process_and_no_other) {
  const auto me = look_at_process(::getpid());
  ASSERT_TRUE(me);
  EXPECT_GT(me->resident_bytes, 100'000);
  EXPECT_FALSE(look_at_process(-1));
}

TEST(run_load, refuses_options_that_cannot_be) {
  load_options unsigned_load;
  unsigned_load.account_id = "1";
  load_options no_account;
  no_account.app_secret = "secret";
  load_options no_connection;
  no_connection.plain = true;
  no_connection.connections = 0;
  for (const auto* wrong : {&unsigned_load, &no_account, &no_connection}) {
    const auto refused = run_load(*wrong);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, errc::invalid);
  }
}

TEST(run_load, says_so_when_nobody_listens) {
  load_options options;
  options.url = "http://127.0.0.1:1/";
  options.plain = true;
  const auto refused = run_load(options);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, errc::network_failed);
}

/// A server that answers what it is told to, and keeps count.
class answering_server {
public:
  explicit answering_server(int status) {
    http::server_options options;
    options.listen = "127.0.0.1:0";
    options.threads = 1;
    options.limits.connections_per_address = 100;
    options.handler = [this, status](http::request request,
                                     http::responder reply) {
      {
        const std::lock_guard lock{mutex_};
        ++requests_;
        bodies_.insert(std::move(request.body));
      }
      http::response answer;
      answer.status = status;
      std::move(reply).send(std::move(answer));
    };
    auto started = http::server::start(std::move(options));
    EXPECT_TRUE(started);
    if (started)
      server_ = *std::move(started);
  }

  std::string url() const {
    return "http://127.0.0.1:" + std::to_string(server_->port()) + "/hook";
  }

  void expect_all_different(std::uint64_t& count) {
    const std::lock_guard lock{mutex_};
    EXPECT_EQ(bodies_.size(), requests_);
    count = requests_;
  }

private:
  std::mutex mutex_;
  std::uint64_t requests_ = 0;
  std::set<std::string> bodies_;
  std::unique_ptr<http::server> server_;
};

load_options short_load(const answering_server& server) {
  load_options options;
  options.url = server.url();
  options.app_secret = "secret";
  options.account_id = "100200300400501";
  options.connections = 4;
  options.rate = 200;
  options.duration = seconds{1};
  options.warm_up = seconds{0};
  options.json = true;
  return options;
}

TEST(run_load, counts_every_webhook_as_often_as_the_server_did) {
  answering_server server{200};
  const auto report = run_load(short_load(server));
  ASSERT_TRUE(report) << report.error().text;
  std::uint64_t count = 0;
  server.expect_all_different(count);
  EXPECT_GT(count, 0U);
  const auto n = std::to_string(count);
  EXPECT_NE(report->find("{\"sent\":" + n + ",\"acked\":" + n + "}"),
            std::string::npos)
    << *report;
  EXPECT_NE(report->find("\"errors\":{\"count\":0,"), std::string::npos);
}

TEST(run_load, takes_an_answer_other_than_200_for_an_error) {
  answering_server server{503};
  const auto report = run_load(short_load(server));
  ASSERT_TRUE(report) << report.error().text;
  EXPECT_NE(report->find("\"acked\":0,"), std::string::npos) << *report;
  EXPECT_NE(report->find("\"refused_with\":503"), std::string::npos);
}

} // namespace
} // namespace assistly::commands
