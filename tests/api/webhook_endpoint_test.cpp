#include "telemetry/log_capture.hpp"
#include "tests/api/edge_case.hpp"

namespace assistly::api {
namespace {

using telemetry::webhook_outcome;

class the_webhook : public fakes::edge_case {
protected:
  void refuse(int status, const http::request* head, http::steady_time began) {
    webhooks->refused({status, head, began});
  }

  http::request head_of(const char* method, const char* target) const {
    http::request head;
    head.method = method;
    head.set_target(target);
    return head;
  }

  std::size_t lines_with(const telemetry::log_capture& log,
                         const std::string& part) const {
    auto lines = log.lines();
    return static_cast<std::size_t>(
      std::count_if(lines.begin(), lines.end(), [&](const std::string& l) {
        return l.find(part) != std::string::npos;
      }));
  }
};

TEST_F(the_webhook, is_timed_and_counted_whatever_came_of_it) {
  EXPECT_EQ(write(1), 200);
  EXPECT_EQ(post("{}", "sha256=00").status, 401);
  std::string stranger = R"({"object":"page","entry":[{"id":"nobody","time":1,)"
                         R"("messaging":[{"sender":{"id":"1"},"recipient":)"
                         R"({"id":"nobody"},"timestamp":1800000000000,)"
                         R"("message":{"mid":"m","text":"hi"}}]}]})";
  EXPECT_EQ(post(stranger, signed_by_meta(stranger)).status, 200);
  EXPECT_EQ(post("{", signed_by_meta("{")).status, 200);
  EXPECT_EQ(count(webhook_outcome::accepted), 1U);
  EXPECT_EQ(count(webhook_outcome::bad_signature), 1U);
  EXPECT_EQ(count(webhook_outcome::unknown_account), 1U);
  EXPECT_EQ(count(webhook_outcome::unreadable), 1U);
  EXPECT_EQ(metrics.webhook_seconds.count(), 4U);
}

TEST_F(the_webhook, counts_what_the_http_layer_refused) {
  const auto now = std::chrono::steady_clock::now();
  const auto ours = head_of("POST", "/webhooks/meta?x=1");
  refuse(413, &ours, now);
  refuse(503, &ours, now);
  refuse(400, nullptr, now);
  refuse(408, &ours, now);
  refuse(503, nullptr, {});
  EXPECT_EQ(count(webhook_outcome::too_large), 1U);
  EXPECT_EQ(count(webhook_outcome::busy), 2U);
  EXPECT_EQ(count(webhook_outcome::malformed), 2U);
  EXPECT_EQ(metrics.webhook_seconds.count(), 4U)
    << "who was turned away at the door took no time";
}

TEST_F(the_webhook, counts_no_other_request_that_was_refused) {
  const auto now = std::chrono::steady_clock::now();
  const auto other = head_of("POST", "/elsewhere");
  const auto handshake = head_of("GET", "/webhooks/meta");
  refuse(413, &other, now);
  refuse(503, &handshake, now);
  EXPECT_EQ(count(webhook_outcome::too_large), 0U);
  EXPECT_EQ(count(webhook_outcome::busy), 0U);
  EXPECT_EQ(metrics.webhook_seconds.count(), 0U);
}

TEST_F(the_webhook, warns_of_the_first_wrong_signature_and_then_once_a_minute) {
  const telemetry::log_capture log;
  const std::string wrong = "sha256=" + std::string(64, 'a');
  for (int i = 0; i < 50; ++i)
    EXPECT_EQ(post(R"({"a":"told in private"})", wrong).status, 401);
  ASSERT_EQ(lines_with(log, "webhook_signature_refused"), 1U);
  EXPECT_NE(log.lines().front().find("warning"), std::string::npos);
  node.clock.advance(minutes{1});
  post("{}", wrong);
  EXPECT_EQ(lines_with(log, "webhook_signature_refused"), 2U);
  EXPECT_EQ(lines_with(log, "suppressed=49"), 1U);
  EXPECT_EQ(lines_with(log, "aaaa"), 0U) << "nothing of what was sent";
  EXPECT_EQ(lines_with(log, "private"), 0U);
}

TEST_F(the_webhook, writes_one_line_a_minute_about_a_full_disk) {
  const telemetry::log_capture log;
  fill_the_disk();
  for (int i = 0; i < 20; ++i)
    EXPECT_EQ(write(20'000 + i), 503);
  EXPECT_EQ(lines_with(log, "webhook_not_kept"), 1U);
  node.clock.advance(minutes{1});
  EXPECT_EQ(write(30'000), 503);
  EXPECT_EQ(lines_with(log, "webhook_not_kept"), 2U);
  EXPECT_EQ(lines_with(log, "suppressed=20"), 1U);
  EXPECT_EQ(count(webhook_outcome::storage_failed), 22U);
}

} // namespace
} // namespace assistly::api
