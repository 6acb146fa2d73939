/// What Meta's answers mean for the channel and for the whole app.
#include "actors/graph_sender.hpp"

#include <gtest/gtest.h>

namespace assistly::actors {
namespace {

/// Gives one answer to everything.
class one_answer final : public fetch::client {
public:
  void send(fetch::request, fetch::done when_done) override {
    when_done(answer);
  }

  fetch::response answer{200, {}, R"({"message_id":"m_1"})"};
};

class graph_sender : public testing::Test {
protected:
  send_answer sent() {
    outgoing_message m;
    m.access.account_id = "100";
    m.access.token = secret_text{"token"};
    m.to.aliases = {{alias_space::psid, "700"}};
    m.text = "At nine.";
    send_answer got;
    make_graph_sender(meta_, {}, {})->send(std::move(m), [&](send_answer a) {
      got = std::move(a);
    });
    return got;
  }

  void header(std::string name, std::string value) {
    meta_.answer.headers.emplace_back(std::move(name), std::move(value));
  }

  void error(const std::string& code) {
    meta_.answer.status = 400;
    meta_.answer.body = R"({"error":{"code":)" + code + "}}";
  }

  one_answer meta_;
};

TEST_F(graph_sender, goes_on_while_limits_are_far) {
  header("x-app-usage", R"({"call_count":94})");
  auto a = sent();
  EXPECT_EQ(a.report.what, send_class::sent);
  EXPECT_EQ(a.pause_app, milliseconds{0});
  EXPECT_EQ(a.pause_channel, milliseconds{0});
}

TEST_F(graph_sender, stops_the_app_before_meta_does) {
  header("x-app-usage", R"({"call_count":10,"total_time":95})");
  auto a = sent();
  EXPECT_EQ(a.report.what, send_class::sent);
  EXPECT_EQ(a.pause_app, minutes{1});
  EXPECT_EQ(a.pause_channel, milliseconds{0});
}

TEST_F(graph_sender, stops_the_channel_whose_account_is_at_its_limit) {
  header("x-business-use-case-usage",
         R"({"100":[{"type":"messenger","call_count":99,)"
         R"("estimated_time_to_regain_access":7}]})");
  auto a = sent();
  EXPECT_EQ(a.pause_app, milliseconds{0});
  EXPECT_EQ(a.pause_channel, minutes{7});
}

TEST_F(graph_sender, tells_the_apps_limit_from_the_accounts_and_a_pairs) {
  error("4");
  EXPECT_GT(sent().pause_app, milliseconds{0});
  EXPECT_EQ(sent().pause_channel, milliseconds{0});
  error("613");
  EXPECT_EQ(sent().pause_app, milliseconds{0});
  EXPECT_GT(sent().pause_channel, milliseconds{0});
  error("131056");
  EXPECT_EQ(sent().pause_app, milliseconds{0});
  EXPECT_EQ(sent().pause_channel, milliseconds{0});
}

} // namespace
} // namespace assistly::actors
