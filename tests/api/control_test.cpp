#include "api/control.hpp"
#include "protocol/http/server.hpp"
#include "tests/fakes/temporary_folder.hpp"
#include "tests/storage/storage_node.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <future>

namespace assistly::api {
namespace {

class control_socket : public testing::Test {
protected:
  void serve(std::function<void(http::request, http::responder)> handler) {
    http::server_options o;
    o.listen = "unix:" + socket_.string();
    o.handler = std::move(handler);
    auto started = http::server::start(std::move(o));
    ASSERT_TRUE(started) << started.error().text;
    server_ = std::move(*started);
  }

  outcome<std::string> hand(const command_call& call) {
    return hand_over(*client_, socket_, call, milliseconds{50});
  }

  fakes::temporary_folder folder_;
  std::filesystem::path socket_ = folder_.path() / "control.sock";
  std::unique_ptr<fetch::client> client_ = fetch::make_curl_client();
  std::vector<http::responder> unanswered_;
  std::unique_ptr<http::server> server_;
};

TEST_F(control_socket, gives_up_on_a_server_that_does_not_answer) {
  serve([this](http::request, http::responder r) {
    unanswered_.push_back(std::move(r));
  });
  auto told = hand({"conversation-list", {{"tenant", "acme"}}});
  ASSERT_FALSE(told);
  EXPECT_EQ(told.error().code, errc::in_doubt) << "it may have acted";
  EXPECT_NE(told.error().text.find(socket_.string()), std::string::npos);
  EXPECT_NE(told.error().text.find("before you repeat it"), std::string::npos);
}

TEST_F(control_socket, tells_that_nobody_listens) {
  EXPECT_EQ(hand({"ask", {}}).error().code, errc::network_failed);
}

TEST(control_desk, refuses_more_commands_than_may_wait) {
  fakes::storage_node node;
  auto settings = config::default_settings();
  access a{settings,   *node.database, *node.writer, *node.reader,
           *node.book, node.clock,     node.random};
  std::promise<void> held;
  std::promise<void> free;
  node.writer->submit(
    [&](storage::work&) {
      held.set_value();
      free.get_future().get();
    },
    {});
  held.get_future().get();
  std::atomic<int> answered{0};
  std::atomic<int> refused{0};
  {
    control_desk desk{a};
    for (int i = 0; i < 100; ++i) {
      http::request q;
      q.body = R"({"name":"check","arguments":{}})";
      desk.take(std::move(q), http::responder{[&](http::response told) {
                  ++answered;
                  refused +=
                    told.body.find("too many commands") != std::string::npos;
                }});
    }
    EXPECT_GE(refused.load(), 100 - 64 - 1);
    EXPECT_LE(refused.load(), 100 - 64);
    EXPECT_EQ(answered.load(), refused.load()) << "the others wait";
    free.set_value();
  }
  EXPECT_EQ(answered.load(), 100) << "nobody is left without an answer";
}

TEST(longest_answer, is_for_commands_that_go_through_everything) {
  for (const auto* name : {"apply", "export", "erase", "check-deep"})
    EXPECT_GT(longest_answer({name, {}}), minutes{10}) << name;
  for (const auto* name : {"ask", "check", "conversation-list"})
    EXPECT_LE(longest_answer({name, {}}), minutes{1}) << name;
}

} // namespace
} // namespace assistly::api
