#include "protocol/fetch/client.hpp"
#include "tests/protocol/fetch/loopback_server.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <condition_variable>
#include <cstdlib>
#include <filesystem>
#include <future>
#include <unistd.h>

namespace assistly::fetch {
namespace {

std::unique_ptr<client> plain_client() {
  client_options options;
  options.allow_plain_http = true;
  return make_curl_client(options);
}

request post(std::string url, std::string body) {
  request wanted;
  wanted.url = std::move(url);
  wanted.body = std::move(body);
  return wanted;
}

request get(std::string url) {
  request wanted;
  wanted.method = "GET";
  wanted.url = std::move(url);
  return wanted;
}

errc code_of(const outcome<response>& result) {
  return result ? errc::none : result.error().code;
}

/// Answers every request on a connection with what was asked.
void echo(connection& c, int) {
  for (auto asked = c.read_request(); !asked.empty(); asked = c.read_request())
    c.write(ok(asked));
}

TEST(client, sends_a_body_and_hands_over_the_whole_answer) {
  std::string seen;
  loopback_server server{[&seen](connection& c, int) {
    seen = c.read_request();
    c.write("HTTP/1.1 201 Created\r\nX-Business-Use-Case-Usage: {\"1\":[]}\r\n"
            "x-twice: a\r\nX-Twice: b\r\nContent-Length: 4\r\n\r\nbody");
  }};
  auto by = plain_client();
  auto wanted = post(server.url("/v23.0/me/messages?x=1"), R"({"a":1})");
  wanted.headers = {"Authorization: Bearer token",
                    "Content-Type: application/json"};
  auto got = send_and_wait(*by, wanted);
  ASSERT_TRUE(got) << got.error().text;
  EXPECT_EQ(got->status, 201);
  EXPECT_EQ(got->body, "body");
  EXPECT_EQ(got->header("x-business-use-case-usage"), "{\"1\":[]}");
  EXPECT_EQ(got->header("x-twice"), "a");
  EXPECT_EQ(got->headers.size(), 4U);
  EXPECT_FALSE(got->header("x-none"));

  EXPECT_TRUE(seen.starts_with("POST /v23.0/me/messages?x=1 HTTP/1.1\r\n"));
  EXPECT_NE(seen.find("Authorization: Bearer token\r\n"), seen.npos);
  EXPECT_NE(seen.find("Content-Type: application/json\r\n"), seen.npos);
  EXPECT_TRUE(seen.ends_with("\r\n\r\n{\"a\":1}"));
}

TEST(client, claims_no_content_type_and_expects_no_interim_answer) {
  loopback_server server{echo};
  auto by = plain_client();
  auto got = send_and_wait(*by, post(server.url(), std::string(2 << 20, 'x')));
  ASSERT_TRUE(got) << got.error().text;
  EXPECT_GT(got->body.size(), std::size_t{2} << 20);
  auto head = got->body.substr(0, got->body.find("\r\n\r\n"));
  EXPECT_EQ(head.find("Content-Type"), head.npos);
  EXPECT_EQ(head.find("Expect"), head.npos);
}

TEST(client, sends_each_method_as_it_is_called) {
  loopback_server server{echo};
  auto by = plain_client();
  for (std::string method : {"GET", "POST", "PUT", "PATCH", "DELETE"}) {
    auto wanted = get(server.url());
    wanted.method = method;
    auto got = send_and_wait(*by, wanted);
    ASSERT_TRUE(got) << got.error().text;
    EXPECT_TRUE(got->body.starts_with(method + " / HTTP/1.1\r\n"));
    EXPECT_EQ(got->body.find("Content-Length: 0") != got->body.npos,
              method[0] == 'P')
      << method;
  }
  auto wanted = post(server.url(), "why");
  wanted.method = "DELETE";
  auto got = send_and_wait(*by, wanted);
  ASSERT_TRUE(got);
  EXPECT_TRUE(got->body.starts_with("DELETE / "));
  EXPECT_TRUE(got->body.ends_with("\r\n\r\nwhy"));
}

TEST(client, keeps_nothing_of_one_request_for_the_next) {
  loopback_server server{echo};
  auto by = plain_client();
  auto first = post(server.url("/one"), "body");
  first.method = "PATCH";
  first.headers = {"X-First: 1"};
  ASSERT_TRUE(send_and_wait(*by, first));
  auto got = send_and_wait(*by, get(server.url("/two")));
  ASSERT_TRUE(got);
  EXPECT_TRUE(got->body.starts_with("GET /two "));
  EXPECT_EQ(got->body.find("X-First"), got->body.npos);
  EXPECT_TRUE(got->body.ends_with("\r\n\r\n"));
  EXPECT_EQ(server.connections(), 1); // The same, kept alive.
}

TEST(client, skips_interim_answers) {
  loopback_server server{[](connection& c, int) {
    c.read_request();
    c.write("HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n" + ok("real"));
  }};
  auto got = send_and_wait(*plain_client(), post(server.url(), "x"));
  ASSERT_TRUE(got) << got.error().text;
  EXPECT_EQ(got->status, 200);
  EXPECT_EQ(got->body, "real");
  EXPECT_FALSE(got->header("link"));
}

TEST(client, takes_a_redirect_for_an_answer_and_does_not_follow) {
  for (auto status : {"301 M", "302 F", "303 S", "307 T", "308 P"}) {
    loopback_server server{[status](connection& c, int) {
      c.read_request();
      c.write(std::string{"HTTP/1.1 "} + status
              + "\r\nLocation: /elsewhere\r\nContent-Length: 0\r\n\r\n");
      EXPECT_EQ(c.read_request(), "");
    }};
    auto by = plain_client();
    auto got = send_and_wait(*by, post(server.url(), "x"));
    ASSERT_TRUE(got) << got.error().text;
    EXPECT_EQ(got->status, std::atoi(status));
    EXPECT_EQ(got->header("location"), "/elsewhere");
    by.reset();
    EXPECT_EQ(server.connections(), 1);
  }
}

TEST(client, takes_refusals_for_answers) {
  for (auto status : {"400 B", "401 U", "407 P", "417 E", "500 I", "503 S"}) {
    loopback_server server{[status](connection& c, int) {
      c.read_request();
      c.write(std::string{"HTTP/1.1 "} + status
              + "\r\nWWW-Authenticate: Basic realm=x\r\n"
                "Content-Length: 2\r\n\r\nno");
      EXPECT_EQ(c.read_request(), "");
    }};
    auto by = plain_client();
    auto got = send_and_wait(*by, post(server.url(), "x"));
    ASSERT_TRUE(got) << status << got.error().text;
    EXPECT_EQ(got->status, std::atoi(status));
    EXPECT_EQ(got->body, "no");
  }
}

TEST(client, remembers_no_cookies) {
  loopback_server server{[](connection& c, int) {
    c.read_request();
    c.write("HTTP/1.1 200 OK\r\nSet-Cookie: a=b\r\nContent-Length: 0\r\n\r\n");
    echo(c, 0);
  }};
  auto by = plain_client();
  ASSERT_TRUE(send_and_wait(*by, get(server.url())));
  auto got = send_and_wait(*by, get(server.url()));
  ASSERT_TRUE(got);
  EXPECT_EQ(got->body.find("Cookie"), got->body.npos);
}

TEST(client, ignores_a_proxy_of_the_environment) {
  loopback_server server{echo};
  setenv("http_proxy", "http://127.0.0.1:1", 1);
  setenv("all_proxy", "http://127.0.0.1:1", 1);
  auto got = send_and_wait(*plain_client(), get(server.url()));
  unsetenv("http_proxy");
  unsetenv("all_proxy");
  EXPECT_TRUE(got);
}

TEST(client, uses_the_proxy_it_is_given) {
  loopback_server proxy{echo};
  client_options options;
  options.allow_plain_http = true;
  options.proxy = proxy.url("");
  auto got =
    send_and_wait(*make_curl_client(options), get("http://a.invalid/x"));
  ASSERT_TRUE(got) << got.error().text;
  EXPECT_TRUE(got->body.starts_with("GET http://a.invalid/x HTTP/1.1\r\n"));
}

TEST(client, goes_to_a_unix_socket) {
  auto path = std::filesystem::temp_directory_path()
              / ("fetch_test_" + std::to_string(getpid()));
  {
    loopback_server server{echo, nullptr, path.string()};
    auto wanted = post("http://local/x", "y");
    wanted.unix_socket = path.string();
    auto got = send_and_wait(*make_curl_client(), wanted);
    ASSERT_TRUE(got) << got.error().text;
    EXPECT_TRUE(got->body.starts_with("POST /x HTTP/1.1\r\nHost: local\r\n"));
  }
  std::filesystem::remove(path);
}

TEST(client, refuses_a_request_that_is_wrong_in_itself) {
  loopback_server server{echo};
  auto by = plain_client();
  auto refused = [&by](request wanted) {
    auto got = send_and_wait(*by, std::move(wanted));
    EXPECT_EQ(code_of(got), errc::invalid);
    return got ? std::string{} : got.error().text;
  };
  for (auto url : {"", "/path", "ftp://127.0.0.1/", "file:///etc/passwd",
                   "https://", "https:///path", "http://127.0.0.1/a b",
                   "http://127.0.0.1/\r\nX: y", "http://127.0.0.1:99999/"})
    refused(get(url));
  EXPECT_EQ(refused(get("https://me:hidden@127.0.0.1/")).find("hidden"),
            std::string::npos);

  for (auto line : {"X: a\r\nEvil: b", "X: a\nEvil: b", "no colon", ": empty",
                    "X Y: spaced", ""}) {
    auto wanted = get(server.url());
    wanted.headers = {line};
    refused(wanted);
  }
  for (auto method : {"", "GET /other HTTP/1.1\r\nX:", "G T"}) {
    auto wanted = get(server.url());
    wanted.method = method;
    refused(wanted);
  }
  auto wanted = get(server.url());
  wanted.body = "a GET has none";
  refused(wanted);
  EXPECT_EQ(server.connections(), 0);
}

TEST(client, refuses_plain_http_unless_it_is_allowed) {
  loopback_server server{echo};
  auto got = send_and_wait(*make_curl_client(), get(server.url()));
  EXPECT_EQ(code_of(got), errc::invalid);
  EXPECT_EQ(server.connections(), 0);
}

TEST(client, sends_many_at_once_and_answers_each_once) {
  loopback_server server{echo};
  auto by = plain_client();
  constexpr int count = 500;
  std::mutex mutex;
  std::condition_variable all;
  std::vector<int> answers(count);
  int total = 0;
  std::vector<std::pair<request, done>> batch;
  for (int i = 0; i < count; ++i)
    batch.emplace_back(post(server.url(), "number " + std::to_string(i)),
                       [&, i](outcome<response> got) {
                         std::lock_guard lock{mutex};
                         ASSERT_TRUE(got) << got.error().text;
                         EXPECT_TRUE(
                           got->body.ends_with("number " + std::to_string(i)));
                         ++answers[static_cast<std::size_t>(i)];
                         if (++total == count)
                           all.notify_one();
                       });
  by->send_all(std::move(batch));
  std::unique_lock lock{mutex};
  all.wait(lock, [&total] { return total == count; });
  EXPECT_EQ(answers, std::vector<int>(count, 1));
  EXPECT_LE(server.connections(), 64);
}

TEST(client, may_be_asked_again_from_a_done) {
  loopback_server server{echo};
  auto by = plain_client();
  std::promise<outcome<response>> last;
  by->send(get("ftp://wrong"), [&](outcome<response> first) {
    EXPECT_EQ(code_of(first), errc::invalid);
    by->send(get(server.url("/2")), [&](outcome<response> second) {
      EXPECT_TRUE(second);
      by->send(get(server.url("/3")), [&last](outcome<response> third) {
        last.set_value(std::move(third));
      });
    });
  });
  auto got = last.get_future().get();
  ASSERT_TRUE(got);
  EXPECT_TRUE(got->body.starts_with("GET /3 "));
}

TEST(client, keeps_to_its_limit_of_requests_per_host) {
  std::atomic<int> inside = 0, most = 0;
  loopback_server server{[&](connection& c, int) {
    for (auto asked = c.read_request(); !asked.empty();
         asked = c.read_request()) {
      int now = ++inside;
      int seen = most;
      while (now > seen && !most.compare_exchange_weak(seen, now)) {
      }
      --inside;
      c.write(ok(""));
    }
  }};
  client_options options;
  options.allow_plain_http = true;
  options.max_per_host = 3;
  auto by = make_curl_client(options);
  std::vector<std::future<bool>> answers;
  for (int i = 0; i < 60; ++i) {
    auto answered = std::make_shared<std::promise<bool>>();
    answers.push_back(answered->get_future());
    by->send(post(server.url(), "x"), [answered](outcome<response> got) {
      answered->set_value(bool{got});
    });
  }
  for (auto& answer : answers)
    EXPECT_TRUE(answer.get());
  EXPECT_LE(server.connections(), 3);
  EXPECT_LE(most, 3);
}

} // namespace
} // namespace assistly::fetch
