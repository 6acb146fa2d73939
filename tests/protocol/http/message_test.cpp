#include "protocol/http/listen_address.hpp"
#include "protocol/http/message.hpp"
#include "protocol/http/responder.hpp"
#include "protocol/http/response_text.hpp"

#include <gtest/gtest.h>

namespace assistly::http {

namespace {

TEST(query_parameter, decodes_the_challenge_of_a_handshake) {
  const std::string_view query = "hub.mode=subscribe&hub.challenge=11%2B5+x"
                                 "&hub.verify_token=a%26b";
  EXPECT_EQ(query_parameter(query, "hub.challenge"), "11+5 x");
  EXPECT_EQ(query_parameter(query, "hub.verify_token"), "a&b");
  EXPECT_EQ(query_parameter(query, "hub.mode"), "subscribe");
}

TEST(query_parameter, takes_the_first_of_several_and_decodes_names) {
  EXPECT_EQ(query_parameter("a=1&a=2", "a"), "1");
  EXPECT_EQ(query_parameter("%61=1", "a"), "1");
}

TEST(query_parameter, tells_empty_from_absent) {
  EXPECT_EQ(query_parameter("a&b=", "a"), "");
  EXPECT_EQ(query_parameter("a&b=", "b"), "");
  EXPECT_EQ(query_parameter("a&b=", "c"), std::nullopt);
  EXPECT_EQ(query_parameter("", "a"), std::nullopt);
  EXPECT_EQ(query_parameter("aa=1", "a"), std::nullopt);
}

TEST(query_parameter, refuses_bad_encoding) {
  for (const auto* query : {"a=%", "a=%4", "a=%zz", "a=1%", "a=%+1"})
    EXPECT_EQ(query_parameter(query, "a"), std::nullopt) << query;
}

TEST(url_encode, is_undone_by_url_decode_for_every_byte) {
  std::string all;
  for (int c = 0; c < 256; ++c)
    all += static_cast<char>(c);
  EXPECT_EQ(url_decode(url_encode(all)), all);
  EXPECT_EQ(url_encode("a-Z_0.~ /+"), "a-Z_0.~%20%2F%2B");
}

TEST(request, splits_its_target) {
  request r;
  r.set_target("/a/b?c=d?e");
  EXPECT_EQ(r.path, "/a/b");
  EXPECT_EQ(r.query, "c=d?e");
  r.set_target("http://host:1/x?y");
  EXPECT_EQ(r.path, "/x");
  EXPECT_EQ(r.query, "y");
  r.set_target("http://host?y");
  EXPECT_EQ(r.path, "/");
  EXPECT_EQ(r.query, "y");
  r.set_target("/go?to=http://b/c");
  EXPECT_EQ(r.path, "/go");
  EXPECT_EQ(r.query, "to=http://b/c");
  r.set_target("*");
  EXPECT_EQ(r.path, "*");
}

TEST(request, finds_headers_whatever_the_case) {
  request r;
  r.add_header("X-Hub-Signature-256", "sha256=a");
  r.add_header("x-hub-signature-256", "sha256=b");
  EXPECT_EQ(r.header("X-HUB-SIGNATURE-256"), "sha256=a");
  EXPECT_EQ(r.header_count("X-Hub-Signature-256"), 2U);
  EXPECT_EQ(r.header("X-Hub-Signature"), "");
  EXPECT_EQ(r.header_count("X-Hub-Signature"), 0U);
  const request copy = r;
  EXPECT_EQ(copy.header_at(1).second, "sha256=b");
}

TEST(response, describes_problems_as_rfc_9457_says) {
  const auto r = response::problem(400, "Bad \"name\"", "line\nbreak\\");
  EXPECT_EQ(r.content_type, "application/problem+json");
  EXPECT_EQ(r.body, R"({"type":"about:blank","title":"Bad \"name\"",)"
                    R"("status":400,"detail":"line\u000abreak\\"})");
}

TEST(response, unavailable_says_when_to_come_back) {
  const auto r = response::unavailable(seconds{9});
  EXPECT_EQ(r.status, 503);
  ASSERT_EQ(r.headers.size(), 1U);
  EXPECT_EQ(r.headers[0],
            (std::pair<std::string, std::string>{"Retry-After", "9"}));
}

TEST(response_text, writes_lengths_itself) {
  auto r = response::text(200, "abc");
  r.headers = {
    {"content-length", "99"}, {"Transfer-Encoding", "chunked"}, {"X", "y"}};
  std::string out;
  append_response(out, r, {}, "D");
  EXPECT_EQ(out, "HTTP/1.1 200 OK\r\nContent-Length: 3\r\n"
                 "Content-Type: text/plain; charset=utf-8\r\nX: y\r\n"
                 "Date: D\r\n\r\nabc");
}

TEST(response_text, gives_204_and_304_neither_length_nor_body) {
  for (const int status : {204, 304}) {
    std::string out;
    append_response(out, response::text(status, "abc"), {.close = true}, "D");
    EXPECT_EQ(out.find("Content-Length"), std::string::npos);
    EXPECT_TRUE(out.ends_with("Connection: close\r\nDate: D\r\n\r\n"));
  }
}

TEST(response_text, does_not_let_a_value_or_a_status_split_the_response) {
  auto name = response::empty(200);
  name.headers = {{"X: y\r\nZ", "a"}};
  auto value = response::empty(200);
  value.headers = {{"X", "a\nZ: b"}};
  auto type = response::text(200, "a");
  type.content_type = "text/html\r\nZ: b";
  for (const auto& r :
       {name, value, type, response::empty(99), response::empty(600)}) {
    std::string out;
    append_response(out, r, {}, "D");
    EXPECT_TRUE(out.starts_with("HTTP/1.1 500 ")) << out;
    EXPECT_EQ(out.find("Z: "), std::string::npos);
  }
}

TEST(http_date, is_that_of_rfc_9110) {
  EXPECT_EQ(http_date(from_unix_ms(784111777000)),
            "Sun, 06 Nov 1994 08:49:37 GMT");
  EXPECT_EQ(http_date(from_unix_ms(1709210096999)),
            "Thu, 29 Feb 2024 12:34:56 GMT");
}

TEST(responder, answers_once_in_a_test_without_sockets) {
  std::vector<int> got;
  {
    responder to{[&](response r) { got.push_back(r.status); }};
    std::move(to).send(response::empty(204));
  }
  EXPECT_EQ(got, (std::vector<int>{204}));
}

TEST(responder, answers_503_when_dropped_or_assigned_over) {
  std::vector<int> got;
  {
    responder first{[&](response r) { got.push_back(r.status); }};
    responder second{[&](response r) { got.push_back(r.status + 1); }};
    first = std::move(second);
    EXPECT_EQ(got, (std::vector<int>{503}));
  }
  EXPECT_EQ(got, (std::vector<int>{503, 504}));
}

TEST(responder, is_answered_by_send_all_whatever_its_kind) {
  std::vector<int> got;
  std::vector<std::pair<responder, response>> all;
  for (const int status : {200, 401})
    all.emplace_back(responder{[&](response r) { got.push_back(r.status); }},
                     response::empty(status));
  send_all(std::move(all));
  EXPECT_EQ(got, (std::vector<int>{200, 401}));
}

class counting_loop final : public delivery_loop {
public:
  void deliver(std::vector<delivery> batch) override {
    ++hops;
    for (auto& [sink, ticket, answer] : batch)
      sink->answer(ticket, std::move(answer));
  }

  int hops = 0;
};

class looped_sink final : public response_sink {
public:
  explicit looped_sink(counting_loop& home) : home_(home) {}

  void answer(std::uint64_t ticket, response) override {
    tickets.push_back(ticket);
  }

  delivery_loop* loop() noexcept override {
    return &home_;
  }

  std::vector<std::uint64_t> tickets;

private:
  counting_loop& home_;
};

TEST(responder, costs_one_hop_per_loop_in_a_batch) {
  counting_loop one;
  counting_loop two;
  const auto a = std::make_shared<looped_sink>(one);
  const auto b = std::make_shared<looped_sink>(two);
  std::vector<std::pair<responder, response>> all;
  for (std::uint64_t ticket = 0; ticket < 3; ++ticket)
    for (const auto& sink : {a, b})
      all.emplace_back(responder{sink, ticket}, response::empty(200));
  send_all(std::move(all));
  EXPECT_EQ(one.hops, 1);
  EXPECT_EQ(two.hops, 1);
  EXPECT_EQ(a->tickets, (std::vector<std::uint64_t>{0, 1, 2}));
  EXPECT_EQ(b->tickets, (std::vector<std::uint64_t>{0, 1, 2}));
}

TEST(listen_address, reads_all_three_forms) {
  auto v4 = parse_listen_address("127.0.0.1:8080");
  ASSERT_TRUE(v4);
  EXPECT_EQ(v4->host, "127.0.0.1");
  EXPECT_EQ(v4->port, 8080);
  auto v6 = parse_listen_address("[::1]:0");
  ASSERT_TRUE(v6);
  EXPECT_EQ(v6->host, "::1");
  auto local = parse_listen_address("unix:/run/x.sock");
  ASSERT_TRUE(local);
  EXPECT_TRUE(local->is_unix());
  EXPECT_EQ(local->path, "/run/x.sock");
  auto name = parse_listen_address("localhost:1");
  ASSERT_TRUE(name);
  EXPECT_EQ(name->host, "127.0.0.1");
}

TEST(listen_address, refuses_what_it_cannot_read) {
  for (const std::string text :
       {"", "8080", "127.0.0.1", "127.0.0.1:", "127.0.0.1:65536",
        "127.0.0.1:-1", "127.0.0.1:80x", ":80", "::1:80", "unix:relative",
        "unix:"}) {
    const auto parsed = parse_listen_address(text);
    ASSERT_FALSE(parsed) << text;
    EXPECT_EQ(parsed.error().code, errc::invalid);
  }
  EXPECT_FALSE(parse_listen_address("unix:/" + std::string(107, 'a')));
}

} // namespace

} // namespace assistly::http
