#include "protocol/http/server.hpp"
#include "tests/protocol/http/framing_corpus.hpp"
#include "tests/protocol/http/loopback_client.hpp"

#include <gtest/gtest.h>

#include <string>

namespace assistly::http {

namespace {

std::unique_ptr<server> serve_refusing_smuggled() {
  server_options options;
  options.listen = "127.0.0.1:0";
  options.handler = [](request asked, responder to) {
    EXPECT_NE(asked.path, "/smuggled");
    std::move(to).send(response::empty(200));
  };
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

// P19: one message is one request, whatever the bytes, and never two answers
// for one.
TEST(server, gives_every_request_of_the_corpus_one_answer_and_closes) {
  const auto running = serve_refusing_smuggled();
  std::size_t refused = 0;
  for (const auto& entry : framing_corpus()) {
    loopback_client client{running->port()};
    client.send(entry.raw);
    client.end_output();
    const auto all = client.read_to_end();
    std::size_t expected = 1;
    if (entry.expected == verdict::incomplete)
      expected = 0;
    else if (entry.name == std::string_view{"good_two_pipelined"})
      expected = 2;
    EXPECT_EQ(count_of(all, "HTTP/1.1 "), expected) << entry.name;
    if (expected != 0) {
      EXPECT_TRUE(all.starts_with(
        "HTTP/1.1 " + std::to_string(status_of(entry.expected)) + ' '))
        << entry.name << '\n'
        << all;
    }
    if (status_of(entry.expected) >= 400) {
      ++refused;
      EXPECT_NE(all.find("Connection: close\r\n"), std::string::npos)
        << entry.name;
    }
  }
  EXPECT_EQ(running->counters().refused.load(), refused);
}

TEST(server, gives_the_corpus_the_same_answers_byte_by_byte) {
  const auto running = serve_refusing_smuggled();
  for (const auto& entry : framing_corpus()) {
    if (entry.raw.size() > 400)
      continue; // 4,096 packets say no more than 400
    loopback_client client{running->port()};
    for (const char c : entry.raw)
      client.send({&c, 1});
    client.end_output();
    const auto all = client.read_to_end();
    if (entry.expected == verdict::incomplete) {
      EXPECT_EQ(all, "") << entry.name;
    } else {
      EXPECT_TRUE(all.starts_with(
        "HTTP/1.1 " + std::to_string(status_of(entry.expected)) + ' '))
        << entry.name << '\n'
        << all;
    }
  }
}

} // namespace

} // namespace assistly::http
