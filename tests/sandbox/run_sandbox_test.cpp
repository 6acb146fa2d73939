/// The whole on loopback: a small server that answers by the Graph API, as an
/// ordinary client would, against the stand-in.
#include "protocol/fetch/client.hpp"
#include "protocol/http/server.hpp"
#include "protocol/webhook/handshake.hpp"
#include "protocol/webhook/parse_webhook.hpp"
#include "protocol/webhook/verify_signature.hpp"
#include "sandbox/run_sandbox.hpp"
#include "tests/sandbox/sandbox_case.hpp"

#include <condition_variable>
#include <mutex>

namespace assistly::sandbox {

namespace {

/// Takes webhooks; says no as often as it is told to.
class small_server {
public:
  small_server() {
    http::server_options options;
    options.listen = "127.0.0.1:0";
    options.handler = [this](http::request request, http::responder to) {
      std::move(to).send(answer(std::move(request)));
    };
    auto started = http::server::start(std::move(options));
    EXPECT_TRUE(started);
    if (started)
      server_ = *std::move(started);
  }

  std::string url() const {
    return "http://127.0.0.1:" + std::to_string(server_->port())
           + "/webhooks/meta";
  }

  void refuse_next(int count) {
    const std::lock_guard lock{mutex_};
    refusals_ = count;
  }

  /// Waits for the event that `wanted` accepts.
  template <class Wanted>
  std::optional<inbound_event> wait_for(Wanted wanted) {
    std::unique_lock lock{mutex_};
    std::optional<inbound_event> found;
    came_.wait_for(lock, seconds{20}, [&] {
      for (const auto& one : events_)
        if (wanted(one))
          found = one;
      return found.has_value();
    });
    return found;
  }

  int attempts() {
    const std::lock_guard lock{mutex_};
    return attempts_;
  }

private:
  http::response answer(http::request request) {
    const std::lock_guard lock{mutex_};
    if (request.method == "GET")
      return http::response::text(
        200,
        http::query_parameter(request.query, "hub.challenge").value_or(""));
    ++attempts_;
    if (refusals_ > 0) {
      --refusals_;
      return http::response::unavailable();
    }
    webhook::signature_verifier verifier{
      {secret_text{std::string{app_secret}}}};
    const std::string header{request.header("X-Hub-Signature-256")};
    auto checked = verifier.verify(std::move(request.body), header,
                                   request.header_count("X-Hub-Signature-256"));
    if (!checked)
      return http::response::empty(401);
    auto parsed = webhook::parse_webhook(*std::move(checked));
    if (parsed)
      for (auto& one : parsed->events)
        events_.push_back(std::move(one));
    came_.notify_all();
    return http::response::empty(200);
  }

  std::mutex mutex_;
  std::condition_variable came_;
  std::vector<inbound_event> events_;
  int refusals_ = 0;
  int attempts_ = 0;
  std::unique_ptr<http::server> server_;
};

/// Answers with what it was told, and remembers what it was asked.
class remembered_team final : public team_side {
public:
  outcome<std::string> conversation(const team_address& which) override {
    asked = which;
    return std::string{R"({"id":"c1","mode":"ai","turns":[]})"};
  }

  outcome<std::string> take(const team_address&) override {
    return std::string{R"({"id":"c1","mode":"human","turns":[]})"};
  }

  outcome<std::string> reply(const team_address&, std::string_view) override {
    return fault{errc::window_closed, "The reply window is closed."};
  }

  outcome<std::string> give_back(const team_address&) override {
    return fault{errc::not_found, "gone"};
  }

  team_address asked;
};

class run_sandbox_case : public testing::Test {
protected:
  run_sandbox_case() {
    sandbox_options options;
    options.listen = "127.0.0.1:0";
    options.webhook_url = server.url();
    options.app_secret = secret_text{std::string{app_secret}};
    options.verify_token = secret_text{"verify me"};
    options.accounts = all_accounts();
    options.team = &team;
    fetch::client_options plain;
    plain.allow_plain_http = true;
    client = fetch::make_curl_client(plain);
    auto started = run_sandbox(std::move(options));
    EXPECT_TRUE(started) << (started ? "" : started.error().text);
    if (started)
      sandbox = *std::move(started);
  }

  fetch::response ask(std::string method, std::string_view path,
                      std::string body = {}, std::string_view token = {}) {
    fetch::request wanted;
    wanted.method = std::move(method);
    wanted.url = "http://127.0.0.1:" + std::to_string(sandbox->port());
    wanted.url += path;
    wanted.total_timeout = seconds{30};
    if (!body.empty())
      wanted.headers.push_back("Content-Type: application/json");
    if (!token.empty())
      wanted.headers.push_back("Authorization: Bearer " + std::string{token});
    wanted.body = std::move(body);
    auto came = fetch::send_and_wait(*client, std::move(wanted));
    EXPECT_TRUE(came) << (came ? "" : came.error().text);
    return came ? *came : fetch::response{};
  }

  json::json_fields json(std::string method, std::string_view path,
                         std::string body = {}, std::string_view token = {}) {
    json::json_fields out;
    const auto came = ask(std::move(method), path, std::move(body), token);
    EXPECT_TRUE(out.add_json(came.body)) << came.body;
    return out;
  }

  void ana_writes(std::string_view text) {
    EXPECT_EQ(
      ask("POST", "/sandbox/customers/Ana/messages",
          R"({"channel":"messenger","text":")" + std::string{text} + R"("})")
        .status,
      201);
  }

  small_server server;
  remembered_team team;
  std::unique_ptr<fetch::client> client;
  std::unique_ptr<running_sandbox> sandbox;
};

TEST_F(run_sandbox_case, carries_a_question_there_and_its_answer_back) {
  ana_writes("Gr\\u00fc\\u00dfe \\ud83d\\udeb2");
  const auto question = server.wait_for([](const inbound_event& one) {
    return one.kind == event_kind::customer_text;
  });
  ASSERT_TRUE(question);
  EXPECT_EQ(question->text, "Grüße 🚲");
  ASSERT_FALSE(question->person.empty());
  const auto sent =
    json("POST", "/v25.0/" + std::string{page} + "/messages",
         message_to(question->person.front().external_id, "Hello", "row-1"),
         "EAApage");
  EXPECT_FALSE(sent.text("message_id").empty());
  const auto echo = server.wait_for(
    [](const inbound_event& one) { return one.kind == event_kind::echo; });
  ASSERT_TRUE(echo);
  EXPECT_EQ(echo->external_id, sent.text("message_id"));
  EXPECT_EQ(echo->callback, "row-1");
  const auto on_phone = json("GET", "/sandbox/threads/messenger/Ana");
  EXPECT_EQ(on_phone.text("lines.1.text"), "Hello");
}

TEST_F(run_sandbox_case, tries_again_until_the_server_takes_it) {
  server.refuse_next(3);
  ana_writes("Hello?");
  EXPECT_TRUE(server.wait_for(
    [](const inbound_event& one) { return one.text == "Hello?"; }));
  EXPECT_GE(server.attempts(), 4);
}

TEST_F(run_sandbox_case, wakes_a_waiting_phone) {
  ana_writes("Hello?");
  ASSERT_TRUE(server.wait_for(
    [](const inbound_event& one) { return one.text == "Hello?"; }));
  // Asks on until the answer that is sent meanwhile is there.
  auto state = json("GET", "/sandbox/threads/messenger/Ana");
  const std::string who{state.text("customer_id")};
  std::thread answering{
    [&] { ask("POST", "/me/messages", message_to(who, "Hi"), "EAApage"); }};
  bool answered = false;
  for (int i = 0; i < 10 && !answered; ++i) {
    const auto news = json("GET", "/sandbox/threads/messenger/Ana?after="
                                    + std::string{state.text("next")});
    for (const auto& one : news.all())
      answered = answered || one.value == "Hi";
    state = news;
  }
  answering.join();
  EXPECT_TRUE(answered);
}

TEST_F(run_sandbox_case, makes_the_handshake) {
  for (int i = 0; i < 2000; ++i)
    if (json("GET", "/sandbox/stats").text("webhooks.handshake") != "pending")
      break;
  EXPECT_EQ(json("GET", "/sandbox/stats").text("webhooks.handshake"), "ok");
}

TEST_F(run_sandbox_case, asks_the_team_side) {
  const auto look = json("GET", "/sandbox/team/messenger/Ana");
  EXPECT_EQ(look.text("conversation.mode"), "ai");
  EXPECT_EQ(team.asked.account_id, page);
  EXPECT_EQ(json("POST", "/sandbox/team/messenger/Ana/take", "{}")
              .text("conversation.mode"),
            "human");
  const auto refused =
    ask("POST", "/sandbox/team/messenger/Ana/reply", R"({"text":"x"})");
  EXPECT_EQ(refused.status, 409);
  EXPECT_NE(refused.body.find("The reply window is closed."),
            std::string::npos);
  sandbox->set_team(nullptr);
  EXPECT_EQ(json("GET", "/sandbox/team/messenger/Ana").flag("available"),
            false);
}

TEST_F(run_sandbox_case, lets_a_call_wait_as_long_as_a_fault_says) {
  EXPECT_EQ(ask("POST", "/sandbox/faults",
                R"({"kind":"timeout_after_accept","delay_ms":1})")
              .status,
            201);
  ana_writes("Hello?");
  const std::string who{
    json("GET", "/sandbox/threads/messenger/Ana").text("customer_id")};
  EXPECT_EQ(
    ask("POST", "/me/messages", message_to(who, "Hi"), "EAApage").status, 503);
  EXPECT_EQ(json("GET", "/sandbox/stats").number("accepted"), 1);
}

TEST_F(run_sandbox_case, shows_its_page_and_refuses_strangers) {
  const auto got = ask("GET", "/");
  EXPECT_EQ(got.status, 200);
  EXPECT_TRUE(got.header("content-security-policy"));
  EXPECT_EQ(ask("GET", "/v25.0/me").status, 400);
  EXPECT_EQ(ask("GET", "/v25.0/me", {}, "EAAno").status, 401);
}

TEST_F(run_sandbox_case, ends_with_phones_and_faults_still_waiting) {
  ask("POST", "/sandbox/faults", R"({"kind":"timeout","delay_ms":600000})");
  for (const auto* path :
       {"/sandbox/threads/messenger/Ana?after=0", "/me/messages"}) {
    fetch::request wanted;
    wanted.method = path[1] == 's' ? "GET" : "POST";
    wanted.url = "http://127.0.0.1:" + std::to_string(sandbox->port()) + path;
    wanted.headers = {"Authorization: Bearer EAApage"};
    wanted.total_timeout = seconds{600};
    client->send(std::move(wanted), [](outcome<fetch::response>) {});
  }
  sandbox->stop();
  sandbox.reset();
  SUCCEED();
}

TEST(run_sandbox_refusals, name_what_is_wrong) {
  sandbox_options options;
  options.listen = "127.0.0.1:0";
  options.app_id = "not digits";
  EXPECT_FALSE(run_sandbox(options));
  options.app_id = "1";
  options.accounts.emplace_back();
  EXPECT_FALSE(run_sandbox(options));
  options.accounts.clear();
  options.listen = "nowhere";
  EXPECT_FALSE(run_sandbox(options));
}

} // namespace

} // namespace assistly::sandbox
