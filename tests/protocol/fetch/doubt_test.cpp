// Which failures mean "not sent" and which mean "nobody knows". A message to a
// customer is never sent twice because of a mistake made here.
#include "protocol/fetch/client.hpp"
#include "tests/protocol/fetch/loopback_server.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <future>

namespace assistly::fetch {
namespace {

std::unique_ptr<client> plain_client(std::size_t max_per_host = 64) {
  client_options options;
  options.allow_plain_http = true;
  options.max_per_host = max_per_host;
  return make_curl_client(options);
}

request ask(std::string method, std::string url, std::string body) {
  request wanted;
  wanted.method = std::move(method);
  wanted.url = std::move(url);
  wanted.body = std::move(body);
  return wanted;
}

errc code_of(const outcome<response>& result) {
  return result ? errc::none : result.error().code;
}

/// Answers "/first" on its connection, then reads one more request whole and
/// ends the connection without a word. Anything that comes on another
/// connection is a repetition, and is answered.
class silent_ending {
public:
  explicit silent_ending(bool by_reset)
    : server{[this, by_reset](connection& c, int number) {
        for (int i = 0;; ++i) {
          auto asked = c.read_request();
          if (asked.empty())
            return;
          bool first = asked.find(" /first ") != asked.npos;
          if (!first)
            ++arrived;
          if (number == 0 && i == 1) {
            if (by_reset)
              c.reset();
            return;
          }
          c.write(ok(first ? "first" : "repeated"));
        }
      }} {}

  /// One answered request, then `wanted` on the connection kept from it.
  outcome<response> ask_on_kept_connection(request wanted) {
    auto by = plain_client();
    auto first = send_and_wait(*by, ask("GET", server.url("/first"), ""));
    EXPECT_TRUE(first);
    auto got = send_and_wait(*by, std::move(wanted));
    return got;
  }

  std::atomic<int> arrived = 0;
  loopback_server server;
};

TEST(a_kept_connection_that_dies, never_makes_a_post_go_out_twice) {
  for (bool by_reset : {false, true})
    for (auto size : {1, 600, 100'000, 3'000'000}) {
      silent_ending peer{by_reset};
      auto got = peer.ask_on_kept_connection(
        ask("POST", peer.server.url("/message"),
            std::string(static_cast<std::size_t>(size), 'x')));
      EXPECT_EQ(code_of(got), errc::in_doubt) << size;
      EXPECT_EQ(peer.arrived, 1) << size;
    }
}

TEST(a_kept_connection_that_dies, never_makes_a_bodyless_order_go_out_twice) {
  for (bool by_reset : {false, true})
    for (auto method : {"POST", "PUT", "PATCH", "DELETE"}) {
      silent_ending peer{by_reset};
      auto got = peer.ask_on_kept_connection(
        ask(method, peer.server.url("/subscribed_apps"), ""));
      EXPECT_EQ(code_of(got), errc::in_doubt) << method;
      EXPECT_EQ(peer.arrived, 1) << method;
    }
}

TEST(a_kept_connection_that_dies, lets_a_question_be_asked_again) {
  silent_ending peer{false};
  auto got =
    peer.ask_on_kept_connection(ask("GET", peer.server.url("/me"), ""));
  ASSERT_TRUE(got) << got.error().text;
  EXPECT_EQ(got->body, "repeated");
}

TEST(a_kept_connection_that_dies, does_not_spoil_later_requests) {
  silent_ending peer{false};
  auto by = plain_client();
  ASSERT_TRUE(send_and_wait(*by, ask("GET", peer.server.url("/first"), "")));
  auto lost = send_and_wait(*by, ask("POST", peer.server.url("/a"), "x"));
  EXPECT_EQ(code_of(lost), errc::in_doubt);
  for (int i = 0; i < 3; ++i)
    EXPECT_TRUE(send_and_wait(*by, ask("POST", peer.server.url("/b"), "y")));
  EXPECT_EQ(peer.arrived, 4);
}

TEST(a_kept_connection_that_dies, is_not_used_when_that_is_seen_in_time) {
  loopback_server server{[](connection& c, int number) {
    auto asked = c.read_request();
    c.write(ok("x"));
    if (number > 0)
      c.wait_for_end();
  }};
  auto by = plain_client();
  ASSERT_TRUE(send_and_wait(*by, ask("POST", server.url(), "x")));
  // Whether the end is seen before the next request is a race; both sides of it
  // must be honest.
  auto got = send_and_wait(*by, ask("POST", server.url(), "x"));
  if (!got)
    EXPECT_EQ(got.error().code, errc::in_doubt);
  else
    EXPECT_EQ(server.connections(), 2);
}

TEST(a_failure, is_certain_when_the_connection_is_refused) {
  std::string url;
  {
    loopback_server server{[](connection&, int) {}};
    url = server.url("/path?secret=1");
  }
  auto got = send_and_wait(*plain_client(), ask("POST", url, "x"));
  ASSERT_EQ(code_of(got), errc::network_failed);
  EXPECT_NE(got.error().text.find("127.0.0.1"), std::string::npos);
  EXPECT_NE(got.error().text.find("refused"), std::string::npos);
  EXPECT_EQ(got.error().text.find("secret"), std::string::npos);
}

TEST(a_failure, is_certain_when_the_name_does_not_resolve) {
  auto got =
    send_and_wait(*plain_client(), ask("POST", "http://nowhere.invalid/", "x"));
  EXPECT_EQ(code_of(got), errc::network_failed);
}

TEST(a_failure, is_certain_when_tls_is_never_agreed) {
  // A peer that takes connections and says nothing.
  loopback_server server{[](connection& c, int) { c.wait_for_end(); }};
  auto url = "https" + server.url().substr(4);
  auto wanted = ask("POST", url, "x");
  wanted.connect_timeout = milliseconds{50};
  EXPECT_EQ(code_of(send_and_wait(*plain_client(), wanted)),
            errc::network_failed);
  wanted = ask("POST", url, "x");
  wanted.total_timeout = milliseconds{50};
  EXPECT_EQ(code_of(send_and_wait(*plain_client(), wanted)),
            errc::network_failed);
}

TEST(a_failure, is_certain_when_the_peer_speaks_no_tls) {
  loopback_server server{[](connection& c, int) { c.write(ok("hello")); }};
  auto got = send_and_wait(*plain_client(),
                           ask("POST", "https" + server.url().substr(4), "x"));
  EXPECT_EQ(code_of(got), errc::network_failed);
}

TEST(a_failure, is_certain_when_no_turn_came_before_the_deadline) {
  std::atomic<int> arrived = 0;
  loopback_server server{[&arrived](connection& c, int) {
    if (!c.read_request().empty())
      ++arrived;
    c.wait_for_end();
  }};
  auto by = plain_client(1);
  std::promise<errc> first;
  auto held = ask("POST", server.url(), "holds the only connection");
  held.total_timeout = milliseconds{250};
  by->send(held,
           [&first](outcome<response> got) { first.set_value(code_of(got)); });
  auto wanted = ask("POST", server.url(), "waits");
  wanted.total_timeout = milliseconds{50};
  EXPECT_EQ(code_of(send_and_wait(*by, wanted)), errc::network_failed);
  EXPECT_EQ(first.get_future().get(), errc::in_doubt);
  EXPECT_EQ(arrived, 1);
}

TEST(a_failure, is_in_doubt_when_no_answer_comes_in_time) {
  loopback_server server{[](connection& c, int) {
    c.read_request();
    c.wait_for_end();
  }};
  auto wanted = ask("POST", server.url(), "x");
  wanted.total_timeout = milliseconds{50};
  EXPECT_EQ(code_of(send_and_wait(*plain_client(), wanted)), errc::in_doubt);
}

TEST(a_failure, is_in_doubt_when_a_new_connection_ends_unanswered) {
  for (bool by_reset : {false, true}) {
    std::atomic<int> arrived = 0;
    loopback_server server{[&arrived, by_reset](connection& c, int) {
      if (!c.read_request().empty())
        ++arrived;
      if (by_reset)
        c.reset();
    }};
    EXPECT_EQ(
      code_of(send_and_wait(*plain_client(), ask("POST", server.url(), "x"))),
      errc::in_doubt);
    EXPECT_EQ(arrived, 1);
  }
}

TEST(a_failure, is_in_doubt_when_the_request_was_read_in_part) {
  loopback_server server{[](connection& c, int) {
    EXPECT_NE(c.read_start(), "");
    c.reset();
  }};
  auto got = send_and_wait(
    *plain_client(), ask("POST", server.url(), std::string(30'000'000, 'x')));
  EXPECT_EQ(code_of(got), errc::in_doubt);
}

TEST(a_failure, is_in_doubt_when_the_answer_is_cut_short) {
  for (auto answer :
       {"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nhalf\r\n",
        "HTTP/1.1 200 OK\r\nContent-Le", "HTTP/1.1 103 Early Hints\r\n\r\n",
        "HTTP/1.1 2", "no HTTP at all\r\n"}) {
    loopback_server server{[answer](connection& c, int) {
      c.read_request();
      c.write(answer);
    }};
    auto got = send_and_wait(*plain_client(), ask("POST", server.url(), "x"));
    EXPECT_EQ(code_of(got), errc::in_doubt) << answer;
  }
}

TEST(a_failure, is_in_doubt_when_the_answer_is_too_large) {
  const std::string body(1001, 'x');
  for (bool told : {true, false}) {
    loopback_server server{[&body, told](connection& c, int) {
      c.read_request();
      c.write(told ? ok(body) : "HTTP/1.1 200 OK\r\n\r\n" + body);
    }};
    auto wanted = ask("POST", server.url(), "x");
    wanted.max_response_bytes = 1000;
    auto got = send_and_wait(*plain_client(), wanted);
    ASSERT_EQ(code_of(got), errc::in_doubt);
    EXPECT_NE(got.error().text.find("larger"), std::string::npos);

    wanted.max_response_bytes = 1001;
    EXPECT_TRUE(send_and_wait(*plain_client(), wanted));
  }
}

TEST(a_failure, is_in_doubt_when_the_headers_of_an_answer_have_no_end) {
  loopback_server server{[](connection& c, int) {
    c.read_request();
    std::string head = "HTTP/1.1 200 OK\r\n";
    for (int i = 0; i < 2000; ++i)
      head += "X-" + std::to_string(i) + ": " + std::string(50, 'x') + "\r\n";
    c.write(head + "Content-Length: 0\r\n\r\n");
  }};
  auto got = send_and_wait(*plain_client(), ask("POST", server.url(), "x"));
  EXPECT_EQ(code_of(got), errc::in_doubt);
}

TEST(the_end_of_a_client, completes_every_request_exactly_once) {
  constexpr std::size_t count = 50;
  std::atomic<int> arrived = 0;
  std::promise<void> all_arrived;
  loopback_server server{[&](connection& c, int) {
    c.read_request();
    if (++arrived == 4)
      all_arrived.set_value();
    c.wait_for_end();
  }};
  std::vector<std::vector<errc>> ended(count);
  {
    auto by = plain_client(4);
    for (auto& mine : ended)
      by->send(ask("POST", server.url(), "x"), [&mine](outcome<response> got) {
        mine.push_back(code_of(got));
      });
    all_arrived.get_future().wait();
  }
  std::size_t in_doubt = 0, certain = 0;
  for (auto& mine : ended) {
    ASSERT_EQ(mine.size(), 1U);
    in_doubt += mine[0] == errc::in_doubt;
    certain += mine[0] == errc::network_failed;
  }
  EXPECT_EQ(in_doubt, 4U);
  EXPECT_EQ(certain, count - 4);
}

TEST(the_end_of_a_client, completes_what_is_sent_from_a_done_meanwhile) {
  loopback_server server{[](connection& c, int) {
    c.read_request();
    c.wait_for_end();
  }};
  std::atomic<int> first = 0, second = 0;
  auto by = plain_client();
  auto* raw = by.get();
  by->send(ask("POST", server.url(), "x"), [&, raw](outcome<response> got) {
    EXPECT_FALSE(got);
    ++first;
    raw->send(ask("POST", server.url(), "again"), [&](outcome<response> after) {
      EXPECT_EQ(code_of(after), errc::network_failed);
      ++second;
    });
  });
  by.reset();
  EXPECT_EQ(first, 1);
  EXPECT_EQ(second, 1);
}

TEST(the_end_of_a_client, comes_at_once_when_nothing_was_asked) {
  plain_client();
}

} // namespace
} // namespace assistly::fetch
