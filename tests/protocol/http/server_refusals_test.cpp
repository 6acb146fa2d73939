/// What the server answers by itself, and who hears of it.
#include "protocol/http/server.hpp"
#include "tests/protocol/http/loopback_client.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <deque>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

namespace assistly::http {

namespace {

const std::string get_x = "GET /x HTTP/1.1\r\nHost: a\r\n\r\n";

class server_refusals : public testing::Test {
protected:
  struct heard_refusal {
    int status;
    std::string method; ///< empty without a head
    std::string path;
    bool has_begun;
  };

  void serve() {
    options.listen = "127.0.0.1:0";
    options.handler = [this](request asked, responder to) {
      began = asked.began;
      std::move(to).send(response::empty(200));
    };
    options.refused = [this](const refusal& r) {
      const std::lock_guard lock{mutex};
      all.push_back({r.status, r.head ? r.head->method : "",
                     r.head ? r.head->path : "", r.began != steady_time{}});
    };
    auto started = server::start(std::move(options));
    ASSERT_TRUE(started) << started.error().text;
    running = *std::move(started);
  }

  int ask(const std::string& bytes) {
    loopback_client client{running->port()};
    client.send(bytes);
    return client.read_answer().value_or(wire_answer{}).status;
  }

  std::vector<heard_refusal> heard() {
    const std::lock_guard lock{mutex};
    return all;
  }

  server_options options;
  std::unique_ptr<server> running;
  std::atomic<steady_time> began{};
  std::mutex mutex;
  std::vector<heard_refusal> all;
};

TEST_F(server_refusals, are_told_with_the_head_where_there_is_one) {
  options.limits.body = 10;
  serve();
  EXPECT_EQ(ask("POST /big HTTP/1.1\r\nHost: a\r\nContent-Length: 11\r\n\r\n"),
            413);
  EXPECT_EQ(ask("POST /chunks HTTP/1.1\r\nHost: a\r\n"
                "Transfer-Encoding: chunked\r\n\r\nff\r\n"),
            413);
  EXPECT_EQ(ask("POST /x HTTP/1.1\r\n\r\n"), 400);
  const auto told = heard();
  ASSERT_EQ(told.size(), 3U);
  EXPECT_EQ(told[0].status, 413);
  EXPECT_EQ(told[0].method, "POST");
  EXPECT_EQ(told[0].path, "/big");
  EXPECT_TRUE(told[0].has_begun);
  EXPECT_EQ(told[1].status, 413);
  EXPECT_EQ(told[1].path, "/chunks");
  EXPECT_EQ(told[2].status, 400);
  EXPECT_EQ(told[2].path, "");
}

TEST_F(server_refusals, are_told_of_what_is_not_accepted) {
  options.accepting = [](const request&) { return false; };
  serve();
  EXPECT_EQ(ask(get_x), 503);
  ASSERT_EQ(heard().size(), 1U);
  EXPECT_EQ(heard()[0].status, 503);
  EXPECT_EQ(heard()[0].path, "/x");
}

TEST_F(server_refusals, say_nothing_of_what_is_served) {
  serve();
  EXPECT_EQ(ask(get_x), 200);
  EXPECT_TRUE(heard().empty());
}

TEST_F(server_refusals, answer_whom_there_is_no_room_to_hear) {
  options.limits.connections = 1;
  serve();
  loopback_client first{running->port()};
  first.send(get_x);
  EXPECT_EQ(first.read_answer().value_or(wire_answer{}).status, 200);
  // Some are let in and heard before they are refused; they say nothing.
  std::deque<loopback_client> silent;
  for (int i = 0; i < 64; ++i)
    silent.emplace_back(running->port());
  loopback_client last{running->port()};
  const auto answer = last.read_answer();
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->status, 503);
  EXPECT_EQ(answer->field("Retry-After"), "5");
  EXPECT_EQ(answer->field("Connection"), "close");
  EXPECT_TRUE(last.is_closed());
  ASSERT_EQ(heard().size(), 1U);
  EXPECT_EQ(heard()[0].status, 503);
  EXPECT_FALSE(heard()[0].has_begun);
  first.send(get_x);
  EXPECT_EQ(first.read_answer().value_or(wire_answer{}).status, 200);
}

TEST_F(server_refusals,
       and_bodies_that_come_late_do_not_move_when_a_request_began) {
  std::atomic<steady_time> head_seen{};
  options.accepting = [&](const request&) {
    head_seen = std::chrono::steady_clock::now();
    return true;
  };
  serve();
  const auto before = std::chrono::steady_clock::now();
  loopback_client client{running->port()};
  client.send("POST /x HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\n"
              "Content-Length: 2\r\n\r\n");
  ASSERT_TRUE(client.read_answer(false)); // so the head has been read
  client.send("o");
  client.send("k");
  EXPECT_EQ(client.read_answer().value_or(wire_answer{}).status, 200);
  EXPECT_GE(began.load(), before);
  EXPECT_LE(began.load(), head_seen.load());
}

} // namespace
} // namespace assistly::http
