#include "protocol/http/server.hpp"
#include "tests/protocol/http/held_requests.hpp"
#include "tests/protocol/http/loopback_client.hpp"

#include <gtest/gtest.h>

#include <stdexcept>
#include <string>

namespace assistly::http {

namespace {

const std::string get_x = "GET /x HTTP/1.1\r\nHost: a\r\n\r\n";

/// Answers what it was asked: method, path, query, body.
void echo(request asked, responder to) {
  std::move(to).send(response::text(200, asked.method + ' ' + asked.path + '?'
                                           + asked.query + ' ' + asked.body));
}

server_options options_for(std::function<void(request, responder)> handler) {
  server_options made;
  made.listen = "127.0.0.1:0";
  made.handler = std::move(handler);
  return made;
}

std::unique_ptr<server> serve(server_options options) {
  auto started = server::start(std::move(options));
  EXPECT_TRUE(started) << started.error().text;
  return started ? *std::move(started) : nullptr;
}

std::size_t count_of(std::string_view text, std::string_view part) {
  std::size_t n = 0;
  for (auto at = text.find(part); at != std::string_view::npos;
       at = text.find(part, at + part.size()))
    ++n;
  return n;
}

TEST(server, answers_several_requests_on_one_connection) {
  const auto running = serve(options_for(echo));
  loopback_client client{running->port()};
  for (const std::string path : {"/a", "/b", "/c"}) {
    client.send("GET " + path + "?q=1 HTTP/1.1\r\nHost: a\r\n\r\n");
    const auto answer = client.read_answer();
    ASSERT_TRUE(answer);
    EXPECT_EQ(answer->status, 200);
    EXPECT_EQ(answer->body, "GET " + path + "?q=1 ");
    EXPECT_EQ(answer->field("Content-Type"), "text/plain; charset=utf-8");
    EXPECT_EQ(answer->field("Date").size(), 29U);
    EXPECT_EQ(answer->field("Connection"), "");
  }
  EXPECT_EQ(running->counters().requests.load(), 3U);
  EXPECT_EQ(running->counters().accepted.load(), 1U);
}

TEST(server, hands_over_headers_peer_and_a_body_with_room_behind_it) {
  held_requests held;
  const auto running = serve(options_for(held.handler()));
  loopback_client client{running->port()};
  client.send("POST /p HTTP/1.1\r\nHost: a\r\nX-One:  1 \r\nx-one: 2\r\n"
              "Content-Length: 3\r\n\r\nabc");
  auto taken = held.take(1);
  ASSERT_EQ(taken.size(), 1U);
  const request& asked = taken[0].first;
  EXPECT_EQ(asked.header("X-ONE"), "1");
  EXPECT_EQ(asked.header_count("x-one"), 2U);
  EXPECT_EQ(asked.peer, "127.0.0.1");
  EXPECT_EQ(asked.body, "abc");
  EXPECT_GE(asked.body.capacity() - asked.body.size(), body_padding);
}

TEST(server, keeps_the_order_of_pipelined_requests_answered_backwards) {
  held_requests held;
  const auto running = serve(options_for(held.handler()));
  loopback_client client{running->port()};
  std::string burst;
  for (int i = 0; i < 8; ++i)
    burst += "GET /" + std::to_string(i) + " HTTP/1.1\r\nHost: a\r\n\r\n";
  client.send(burst);
  auto taken = held.take(8);
  ASSERT_EQ(taken.size(), 8U);
  for (auto i = taken.rbegin(); i != taken.rend(); ++i)
    std::move(i->second).send(response::text(200, i->first.path));
  for (int i = 0; i < 8; ++i) {
    const auto answer = client.read_answer();
    ASSERT_TRUE(answer);
    EXPECT_EQ(answer->body, "/" + std::to_string(i));
  }
}

TEST(server, takes_no_more_than_the_pipelining_limit_at_a_time) {
  held_requests held;
  auto options = options_for(held.handler());
  options.limits.pipelining = 2;
  const auto running = serve(std::move(options));
  loopback_client client{running->port()};
  client.send(get_x + get_x + get_x + get_x + get_x);
  std::size_t answered = 0;
  while (answered < 5) {
    auto taken = held.take(1);
    ASSERT_FALSE(taken.empty());
    // Whatever came so far, at most two are unanswered.
    EXPECT_LE(running->counters().requests.load(), answered + 2);
    for (auto& [asked, to] : taken) {
      std::move(to).send(response::empty(200));
      ASSERT_TRUE(client.read_answer());
      ++answered;
    }
  }
}

TEST(server, answers_a_batch_in_one_hop) {
  held_requests held;
  auto options = options_for(held.handler());
  options.threads = 2;
  const auto running = serve(std::move(options));
  std::vector<std::unique_ptr<loopback_client>> clients;
  for (int i = 0; i < 20; ++i) {
    clients.push_back(std::make_unique<loopback_client>(running->port()));
    clients.back()->send("GET /" + std::to_string(i)
                         + " HTTP/1.1\r\nHost: a\r\n\r\n");
  }
  auto taken = held.take(20);
  ASSERT_EQ(taken.size(), 20U);
  std::vector<std::pair<responder, response>> answers;
  for (auto& [asked, to] : taken)
    answers.emplace_back(std::move(to), response::text(200, asked.path));
  send_all(std::move(answers));
  for (std::size_t i = 0; i < clients.size(); ++i)
    EXPECT_EQ(clients[i]->read_answer().value_or(wire_answer{}).body,
              "/" + std::to_string(i));
}

TEST(server, answers_503_when_the_responder_is_dropped) {
  const auto running = serve(options_for([](request, responder) {}));
  loopback_client client{running->port()};
  client.send(get_x);
  const auto answer = client.read_answer();
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->status, 503);
  EXPECT_EQ(answer->field("Retry-After"), "5");
  EXPECT_EQ(running->counters().abandoned.load(), 1U);
}

TEST(server, answers_500_without_detail_when_the_handler_throws) {
  const auto running = serve(options_for([](request asked, responder to) {
    if (asked.path == "/x")
      throw std::runtime_error{"the customer's words"};
    std::move(to).send(response::empty(200));
  }));
  loopback_client client{running->port()};
  client.send(get_x + "GET /y HTTP/1.1\r\nHost: a\r\n\r\n");
  const auto answer = client.read_answer();
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->status, 500);
  EXPECT_EQ(answer->body.find("customer"), std::string::npos);
  EXPECT_EQ(client.read_answer().value_or(wire_answer{}).status, 200);
  EXPECT_EQ(running->counters().failures.load(), 1U);
}

TEST(server, asks_whether_it_may_accept_before_the_body_is_read) {
  auto options = options_for(echo);
  options.accepting = [](const request& head) { return head.path != "/full"; };
  options.limits.retry_after = seconds{7};
  const auto running = serve(std::move(options));
  loopback_client client{running->port()};
  client.send(get_x
              + "POST /full HTTP/1.1\r\nHost: a\r\n"
                "Content-Length: 1000\r\n\r\n");
  EXPECT_EQ(client.read_answer().value_or(wire_answer{}).status, 200);
  const auto answer = client.read_answer();
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->status, 503);
  EXPECT_EQ(answer->field("Retry-After"), "7");
  EXPECT_EQ(answer->field("Connection"), "close");
  EXPECT_TRUE(client.is_closed());
  EXPECT_EQ(running->counters().shed.load(), 1U);
}

TEST(server, refuses_a_body_over_the_limit_without_reading_it) {
  auto options = options_for(echo);
  options.limits.body = 10;
  const auto running = serve(std::move(options));
  loopback_client exact{running->port()};
  exact.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\n"
             "0123456789");
  EXPECT_EQ(exact.read_answer().value_or(wire_answer{}).status, 200);
  for (const std::string rest : {"Content-Length: 11\r\n\r\n",
                                 "Transfer-Encoding: chunked\r\n\r\nb\r\n"}) {
    loopback_client client{running->port()};
    client.send("POST / HTTP/1.1\r\nHost: a\r\n" + rest);
    const auto answer = client.read_answer();
    ASSERT_TRUE(answer);
    EXPECT_EQ(answer->status, 413);
    EXPECT_EQ(answer->field("Connection"), "close");
    EXPECT_TRUE(client.is_closed());
  }
}

TEST(server, delivers_the_refusal_while_the_peer_goes_on_sending) {
  auto options = options_for(echo);
  options.limits.body = 1024;
  const auto running = serve(std::move(options));
  loopback_client client{running->port()};
  client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 4000000\r\n\r\n"
              + std::string(4000000, 'x'));
  EXPECT_EQ(client.read_answer().value_or(wire_answer{}).status, 413);
}

TEST(server, reads_a_thousand_chunks_that_arrive_one_by_one) {
  const auto running = serve(options_for(echo));
  loopback_client client{running->port()};
  client.send("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n"
              "\r\n");
  std::string sent;
  for (int i = 0; i < 1000; ++i) {
    const auto piece = std::to_string(i % 10);
    client.send("1;n=" + piece + "\r\n" + piece + "\r\n");
    sent += piece;
  }
  client.send("0\r\nX-Trailer: y\r\n\r\n");
  EXPECT_EQ(client.read_answer().value_or(wire_answer{}).body,
            "POST /? " + sent);
}

TEST(server, reads_a_large_body_and_writes_it_back) {
  const auto running = serve(options_for(echo));
  loopback_client client{running->port()};
  std::string body;
  for (int i = 0; body.size() < 3'000'000; ++i)
    body += std::to_string(i);
  client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: "
              + std::to_string(body.size()) + "\r\n\r\n" + body + get_x);
  EXPECT_EQ(client.read_answer().value_or(wire_answer{}).body,
            "POST /? " + body);
  EXPECT_EQ(client.read_answer().value_or(wire_answer{}).body, "GET /x? ");
}

TEST(server, answers_head_with_the_length_and_no_body) {
  const auto running = serve(options_for(echo));
  loopback_client client{running->port()};
  client.send("HEAD /abc HTTP/1.1\r\nHost: a\r\n\r\n" + get_x);
  const auto answer = client.read_answer(false);
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->field("Content-Length"), "11");
  EXPECT_EQ(client.read_answer().value_or(wire_answer{}).body, "GET /x? ");
}

TEST(server, answers_501_to_a_method_nobody_knows) {
  const auto running = serve(options_for(echo));
  for (const std::string method : {"TRACE", "PROPFIND", "get"}) {
    loopback_client client{running->port()};
    client.send(method + " / HTTP/1.1\r\nHost: a\r\n\r\n");
    EXPECT_EQ(client.read_answer().value_or(wire_answer{}).status, 501);
    EXPECT_TRUE(client.is_closed());
  }
}

TEST(server, says_continue_to_who_waits_for_it) {
  const auto running = serve(options_for(echo));
  loopback_client client{running->port()};
  client.send("POST / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\n"
              "Content-Length: 2\r\n\r\n");
  EXPECT_EQ(client.read_answer(false).value_or(wire_answer{}).status, 100);
  client.send("ok");
  EXPECT_EQ(client.read_answer().value_or(wire_answer{}).body, "POST /? ok");
}

TEST(server, says_continue_only_after_the_answers_before_it) {
  held_requests held;
  const auto running = serve(options_for(held.handler()));
  loopback_client client{running->port()};
  client.send(get_x
              + "POST / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\n"
                "Content-Length: 2\r\n\r\n");
  auto first = held.take(1);
  ASSERT_EQ(first.size(), 1U);
  std::move(first[0].second).send(response::empty(204));
  EXPECT_EQ(client.read_answer().value_or(wire_answer{}).status, 204);
  EXPECT_EQ(client.read_answer(false).value_or(wire_answer{}).status, 100);
}

TEST(server, does_not_say_continue_where_the_body_is_there_already) {
  const auto running = serve(options_for(echo));
  loopback_client client{running->port()};
  client.send("POST / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\n"
              "Content-Length: 2\r\n\r\nok");
  EXPECT_EQ(client.read_answer().value_or(wire_answer{}).status, 200);
}

TEST(server, refuses_expectations_it_does_not_know) {
  const auto running = serve(options_for(echo));
  loopback_client client{running->port()};
  client.send("POST / HTTP/1.1\r\nHost: a\r\nExpect: coffee\r\n"
              "Content-Length: 2\r\n\r\n");
  EXPECT_EQ(client.read_answer().value_or(wire_answer{}).status, 417);
}

TEST(server, closes_when_asked_and_after_http_1_0) {
  const auto running = serve(options_for(echo));
  for (const std::string head :
       {"GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n",
        "GET / HTTP/1.0\r\n\r\n"}) {
    loopback_client client{running->port()};
    client.send(head + get_x);
    EXPECT_EQ(client.read_answer().value_or(wire_answer{}).field("Connection"),
              "close");
    EXPECT_TRUE(client.is_closed());
  }
}

TEST(server, keeps_http_1_0_open_where_asked) {
  const auto running = serve(options_for(
    [](request, responder to) { std::move(to).send(response::empty(200)); }));
  loopback_client client{running->port()};
  for (int i = 0; i < 2; ++i) {
    client.send("GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
    EXPECT_EQ(client.read_answer().value_or(wire_answer{}).field("Connection"),
              "keep-alive");
  }
}

TEST(server, answers_all_that_was_asked_before_the_peer_ended) {
  const auto running = serve(options_for(echo));
  loopback_client client{running->port()};
  client.send(get_x + get_x + "GET /half");
  client.end_output();
  EXPECT_EQ(count_of(client.read_to_end(), "HTTP/1.1 200"), 2U);
}

TEST(server, writes_500_for_a_header_that_would_split_the_response) {
  const auto running = serve(options_for([](request, responder to) {
    auto split = response::text(200, "ok");
    split.headers.emplace_back("X-Name", "a\r\nSet-Cookie: b");
    std::move(to).send(std::move(split));
  }));
  loopback_client client{running->port()};
  client.send(get_x);
  const auto answer = client.read_answer();
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->status, 500);
  EXPECT_EQ(answer->head.find("Set-Cookie"), std::string::npos);
}

} // namespace

} // namespace assistly::http
