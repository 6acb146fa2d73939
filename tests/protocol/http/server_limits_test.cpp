#include "protocol/http/server.hpp"
#include "tests/protocol/http/held_requests.hpp"
#include "tests/protocol/http/loopback_client.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <filesystem>
#include <fstream>
#include <optional>
#include <string>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <thread>
#include <unistd.h>

namespace assistly::http {

namespace {

const std::string get_x = "GET /x HTTP/1.1\r\nHost: a\r\n\r\n";

void ok(request, responder to) {
  std::move(to).send(response::empty(200));
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

fault refused(server_options options) {
  auto started = server::start(std::move(options));
  EXPECT_FALSE(started);
  return started ? fault{} : started.error();
}

/// For what the server does without telling this client; 20 s are only there to
/// end a test that fails.
template <class Condition>
bool soon(Condition condition) {
  const auto limit = std::chrono::steady_clock::now() + seconds{20};
  while (!condition() && std::chrono::steady_clock::now() < limit)
    std::this_thread::yield();
  return condition();
}

TEST(server_limits, tell_who_sends_a_head_too_slowly) {
  auto options = options_for(ok);
  options.limits.head_time = milliseconds{50};
  const auto running = serve(std::move(options));
  loopback_client client{running->port()};
  client.send("GET / HTTP/1.1\r\nHo");
  const auto answer = client.read_answer();
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->status, 408);
  EXPECT_EQ(answer->field("Connection"), "close");
  EXPECT_TRUE(client.is_closed());
  EXPECT_EQ(running->counters().timeouts.load(), 1U);
}

TEST(server_limits, are_not_reset_by_every_byte_of_a_head) {
  auto options = options_for(ok);
  options.limits.head_time = milliseconds{50};
  options.limits.framing.headers = 4 * 1024 * 1024; // more than comes in time
  const auto running = serve(std::move(options));
  loopback_client client{running->port()};
  client.send("GET / HTTP/1.1\r\nHost: a\r\n");
  std::atomic<bool> answered{false};
  std::thread drip{[&] {
    while (!answered)
      client.send("X"); // each one in time, the whole never
  }};
  const auto answer = client.read_answer();
  answered = true;
  drip.join();
  EXPECT_EQ(answer.value_or(wire_answer{}).status, 408);
}

TEST(server_limits, close_a_connection_that_never_says_anything) {
  auto options = options_for(ok);
  options.limits.head_time = milliseconds{50};
  const auto running = serve(std::move(options));
  loopback_client client{running->port()};
  EXPECT_EQ(client.read_to_end(), "");
}

TEST(server_limits, close_an_idle_connection_without_a_word) {
  auto options = options_for(ok);
  options.limits.idle_time = milliseconds{50};
  const auto running = serve(std::move(options));
  loopback_client client{running->port()};
  client.send(get_x);
  EXPECT_TRUE(client.read_answer());
  EXPECT_TRUE(client.is_closed());
  EXPECT_EQ(running->counters().timeouts.load(), 0U);
}

TEST(server_limits, do_not_close_a_connection_that_waits_for_its_answer) {
  held_requests held;
  auto options = options_for(held.handler());
  options.limits.idle_time = options.limits.head_time = milliseconds{20};
  const auto running = serve(std::move(options));
  loopback_client client{running->port()};
  client.send(get_x);
  auto taken = held.take(1);
  ASSERT_EQ(taken.size(), 1U);
  // Another connection's life proves that the time went by.
  loopback_client other{running->port()};
  EXPECT_EQ(other.read_to_end(), "");
  std::move(taken[0].second).send(response::empty(200));
  EXPECT_EQ(client.read_answer().value_or(wire_answer{}).status, 200);
}

TEST(server_limits, tell_who_sends_a_body_too_slowly) {
  auto options = options_for(ok);
  options.limits.body_time = milliseconds{50};
  const auto running = serve(std::move(options));
  loopback_client client{running->port()};
  client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\nhalf");
  EXPECT_EQ(client.read_answer().value_or(wire_answer{}).status, 408);
}

TEST(server_limits, ask_for_a_minimum_rate_after_a_grace) {
  auto options = options_for(ok);
  options.limits.rate_grace = milliseconds{50};
  const auto running = serve(std::move(options));
  loopback_client client{running->port()};
  client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\nhalf");
  EXPECT_EQ(client.read_answer().value_or(wire_answer{}).status, 408);
}

TEST(server_limits, end_a_peer_that_never_reads) {
  auto options = options_for([](request, responder to) {
    std::move(to).send(response::text(200, std::string(8'000'000, 'x')));
  });
  options.limits.write_time = milliseconds{50};
  const auto running = serve(std::move(options));
  loopback_client client{running->port()};
  client.send(get_x + get_x + get_x);
  EXPECT_TRUE(soon([&] { return running->counters().timeouts.load() == 1; }));
  EXPECT_TRUE(soon([&] { return running->counters().open.load() == 0; }));
}

TEST(server_limits, turn_away_connections_over_the_total) {
  auto options = options_for(ok);
  options.limits.connections = 1;
  const auto running = serve(std::move(options));
  loopback_client first{running->port()};
  first.send(get_x);
  EXPECT_EQ(first.read_answer().value_or(wire_answer{}).status, 200);
  loopback_client second{running->port()};
  second.send(get_x);
  const auto answer = second.read_answer();
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->status, 503);
  EXPECT_EQ(answer->field("Retry-After"), "5");
  first.send(get_x);
  EXPECT_EQ(first.read_answer().value_or(wire_answer{}).status, 200);
}

TEST(server_limits, turn_away_connections_over_an_address_s_share) {
  auto options = options_for(ok);
  options.limits.connections_per_address = 2;
  const auto running = serve(std::move(options));
  const auto status = [&](loopback_client& client) {
    client.send(get_x);
    return client.read_answer().value_or(wire_answer{}).status;
  };
  loopback_client first{running->port()};
  EXPECT_EQ(status(first), 200);
  {
    loopback_client second{running->port()};
    EXPECT_EQ(status(second), 200);
    loopback_client third{running->port()};
    EXPECT_EQ(status(third), 503);
  }
  // Both have closed; a place is free as soon as the server has seen it.
  EXPECT_TRUE(soon([&] { return running->counters().open.load() == 1; }));
  loopback_client fourth{running->port()};
  EXPECT_EQ(status(fourth), 200);
}

TEST(server_drain, finishes_what_is_in_flight_and_then_closes) {
  held_requests held;
  auto options = options_for(held.handler());
  options.threads = 2;
  const auto running = serve(std::move(options));
  std::optional<loopback_client> busy{running->port()};
  busy->send(get_x);
  auto taken = held.take(1);
  ASSERT_EQ(taken.size(), 1U);
  running->drain();
  running->drain();
  EXPECT_FALSE(running->wait_drained(seconds{0}));
  std::move(taken[0].second).send(response::text(200, "late"));
  const auto answer = busy->read_answer();
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->body, "late");
  EXPECT_EQ(answer->field("Connection"), "close");
  EXPECT_TRUE(busy->is_closed());
  busy.reset();
  EXPECT_TRUE(running->wait_drained(seconds{20}));
  EXPECT_FALSE(accepts_connections(running->port()));
}

TEST(server_drain, closes_idle_connections) {
  const auto running = serve(options_for(ok));
  loopback_client idle{running->port()};
  idle.send(get_x);
  EXPECT_TRUE(idle.read_answer());
  running->drain();
  EXPECT_TRUE(idle.is_closed());
}

TEST(server_drain, lets_a_request_that_is_half_there_arrive) {
  const auto running = serve(options_for(ok));
  loopback_client client{running->port()};
  client.send("POST / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\n"
              "Content-Length: 2\r\n\r\n");
  ASSERT_TRUE(client.read_answer(false)); // so the head has been read
  running->drain();
  client.send("ok");
  const auto answer = client.read_answer();
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->status, 200);
  EXPECT_EQ(answer->field("Connection"), "close");
}

TEST(server_drain, serves_who_was_connected_but_not_yet_heard) {
  const auto running = serve(options_for(ok));
  loopback_client client{running->port()};
  running->drain();
  client.send(get_x);
  EXPECT_EQ(client.read_answer().value_or(wire_answer{}).status, 200);
  EXPECT_TRUE(client.is_closed());
}

TEST(server_end, drops_answers_that_come_after_it) {
  held_requests held;
  auto running = serve(options_for(held.handler()));
  loopback_client client{running->port()};
  client.send(get_x + get_x);
  auto taken = held.take(2);
  ASSERT_EQ(taken.size(), 2U);
  running.reset();
  std::move(taken[0].second).send(response::empty(200));
  taken.clear(); // the second is dropped unanswered
  EXPECT_EQ(client.read_to_end(), "");
}

TEST(server_start, finds_its_port_taken) {
  const auto running = serve(options_for(ok));
  for (const int threads : {1, 2}) {
    auto options = options_for(ok);
    options.listen = "127.0.0.1:" + std::to_string(running->port());
    options.threads = threads;
    EXPECT_EQ(refused(std::move(options)).code, errc::conflict);
  }
  // Also where the first shares its port among threads of its own.
  auto sharing = options_for(ok);
  sharing.threads = 2;
  const auto shared = serve(std::move(sharing));
  auto options = options_for(ok);
  options.listen = "127.0.0.1:" + std::to_string(shared->port());
  options.threads = 2;
  EXPECT_EQ(refused(std::move(options)).code, errc::conflict);
}

TEST(server_start, refuses_options_that_make_no_sense) {
  EXPECT_EQ(refused(server_options{}).code, errc::invalid); // no handler
  auto options = options_for(ok);
  options.listen = "example.org:80";
  EXPECT_EQ(refused(options).code, errc::invalid);
  options = options_for(ok);
  options.limits.body = largest_body + 1;
  EXPECT_EQ(refused(options).code, errc::invalid);
  options = options_for(ok);
  options.limits.pipelining = 0;
  EXPECT_EQ(refused(options).code, errc::invalid);
}

class unix_server : public testing::Test {
protected:
  void SetUp() override {
    std::string name = (std::filesystem::temp_directory_path() / "http-XXXXXX");
    ASSERT_NE(::mkdtemp(name.data()), nullptr);
    folder_ = name;
    path_ = name + "/control.sock";
  }

  void TearDown() override {
    std::filesystem::remove_all(folder_);
  }

  server_options options() const {
    auto made = options_for([](request asked, responder to) {
      std::move(to).send(response::text(200, "peer:" + asked.peer));
    });
    made.listen = "unix:" + path_;
    return made;
  }

  std::filesystem::path folder_;
  std::string path_;
};

TEST_F(unix_server, answers_and_its_socket_is_for_the_owner_only) {
  {
    const auto running = serve(options());

    struct stat file {};

    ASSERT_EQ(::stat(path_.c_str(), &file), 0);
    EXPECT_EQ(file.st_mode & 07777U, 0600U);
    EXPECT_EQ(running->port(), 0);
    loopback_client client{path_};
    client.send(get_x);
    EXPECT_EQ(client.read_answer().value_or(wire_answer{}).body, "peer:");
  }
  EXPECT_FALSE(std::filesystem::exists(path_));
}

TEST_F(unix_server, replaces_a_socket_that_nobody_listens_on) {
  const int left = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  path_.copy(address.sun_path, sizeof address.sun_path - 1);
  ASSERT_EQ(
    ::bind(left, reinterpret_cast<const sockaddr*>(&address), sizeof address),
    0);
  ::close(left);
  const auto running = serve(options());
  loopback_client client{path_};
  client.send(get_x);
  EXPECT_TRUE(client.read_answer());
}

TEST_F(unix_server, leaves_a_living_server_and_a_foreign_file_alone) {
  const auto running = serve(options());
  EXPECT_EQ(refused(options()).code, errc::conflict);
  EXPECT_TRUE(std::filesystem::exists(path_));
  path_ += ".txt";
  std::ofstream{path_} << "mine";
  EXPECT_EQ(refused(options()).code, errc::conflict);
  EXPECT_TRUE(std::filesystem::exists(path_));
}

} // namespace

} // namespace assistly::http
