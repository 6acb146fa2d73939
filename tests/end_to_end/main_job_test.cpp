#include "api/run_command.hpp"
#include "api/tenant_commands.hpp"
#include "commands/running_server.hpp"
#include "protocol/fetch/client.hpp"
#include "protocol/json/fields.hpp"
#include "tests/end_to_end/business.hpp"

#include <gtest/gtest.h>

#include <fstream>
#include <sstream>

namespace assistly::tests {
namespace {

/// The server and the stand-in in this process, on free ports.
class main_job : public testing::Test {
protected:
  void SetUp() override {
    sandbox::sandbox_options o;
    o.listen = "127.0.0.1:0";
    o.app_secret = secret_text{app_secret};
    o.accounts = accounts();
    // The customers of hand-made webhooks are unknown to the stand-in.
    o.settings.strict = false;
    o.on_send = [this](const sandbox::observed_call& call) { sent.add(call); };
    auto started = sandbox::run_sandbox(std::move(o));
    ASSERT_TRUE(started) << started.error().text;
    meta = std::move(*started);
    settings = config::default_settings();
    settings.http.listen.port = 0;
    settings.operations.listen.port = 0;
    settings.storage.sqlite_file = folder.path() / "assistly.db";
    settings.keys.file = folder.path() / "keys";
    settings.ledger.file = folder.path() / "ledger";
    settings.meta.app_secret = secret_text{app_secret};
    settings.meta.verify_token = secret_text{"verify-me"};
    auto url = "http://127.0.0.1:" + std::to_string(meta->port());
    settings.meta.graph_url = url;
    settings.meta.instagram_url = url;
    start();
    auto applied = run("apply", {{"text", business_toml()}, {"folder", "."}});
    ASSERT_TRUE(applied) << applied.error().text;
    meta->set_webhook_url(url_of_server() + "/webhooks/meta");
  }

  void TearDown() override {
    // First, so that the server need not wait for an idle connection.
    client.reset();
    if (meta)
      meta->stop();
    server.reset();
  }

  void start() {
    auto started = commands::running_server::start(settings);
    ASSERT_TRUE(started) << started.error().text;
    server = std::move(*started);
  }

  std::string url_of_server() const {
    return "http://127.0.0.1:" + std::to_string(server->port());
  }

  outcome<std::string> run(const std::string& name,
                           std::map<std::string, std::string> arguments) {
    return api::run_command(server->access(), {name, std::move(arguments)});
  }

  int post(const std::string& body, const std::string& signature) {
    fetch::request wanted;
    wanted.url = url_of_server() + "/webhooks/meta";
    wanted.headers = {"Content-Type: application/json", signature};
    wanted.body = body;
    auto answer = fetch::send_and_wait(*client, std::move(wanted));
    return answer ? answer->status : 0;
  }

  std::string figures() {
    fetch::request wanted;
    wanted.method = "GET";
    wanted.url = "http://127.0.0.1:" + std::to_string(server->operations_port())
                 + "/metrics";
    auto answer = fetch::send_and_wait(*client, std::move(wanted));
    return answer ? answer->body : "";
  }

  /// A customer writes by the stand-in's own page.
  int write_as_customer(const std::string& channel, const std::string& text) {
    fetch::request wanted;
    wanted.url = "http://127.0.0.1:" + std::to_string(meta->port())
                 + "/sandbox/customers/anna/messages";
    wanted.headers = {"Content-Type: application/json"};
    wanted.body =
      R"({"channel":")" + channel + R"(","text":")" + text + R"("})";
    auto answer = fetch::send_and_wait(*client, std::move(wanted));
    return answer ? answer->status : 0;
  }

  std::string first_conversation() {
    auto list = run("conversation-list", {{"tenant", "corner-shop"}});
    json::json_fields f;
    EXPECT_TRUE(list && f.add_json(*list));
    return std::string{f.text("conversations.0.id")};
  }

  scratch_folder folder;
  arrivals sent;
  config::settings settings = config::default_settings();
  std::unique_ptr<sandbox::running_sandbox> meta;
  std::unique_ptr<commands::running_server> server;
  std::unique_ptr<fetch::client> client = [] {
    fetch::client_options o;
    o.allow_plain_http = true;
    return fetch::make_curl_client(o);
  }();
};

TEST_F(main_job, answers_a_signed_message_from_what_the_business_knows) {
  auto body = message_body("7001", "m_1", "when are you open?");
  ASSERT_EQ(post(body, signature_of(body)), 200);
  ASSERT_TRUE(sent.wait_for(1, seconds{20}));
  EXPECT_EQ(sent.texts().front(),
            "We are open Monday to Saturday, 9:00 to 18:00.");
}

TEST_F(main_job, answers_on_all_five_kinds_of_channel) {
  std::size_t count = 0;
  for (const char* channel : {"messenger", "instagram", "whatsapp",
                              "page_comments", "instagram_comments"}) {
    ASSERT_LT(write_as_customer(channel, "where are you located?"), 300)
      << channel;
    ASSERT_TRUE(sent.wait_for(++count, seconds{20})) << channel;
    EXPECT_EQ(sent.texts().back(), "You find us at 5 Willow Street.")
      << channel;
  }
}

TEST_F(main_job, refuses_a_wrong_signature_and_keeps_nothing) {
  auto body = message_body("7001", "m_1", "when are you open?");
  EXPECT_EQ(post(body, signature_of(body + " ")), 401);
  EXPECT_EQ(post(body, "X-Nothing: 1"), 401);
  auto list = run("conversation-list", {{"tenant", "corner-shop"}});
  ASSERT_TRUE(list);
  EXPECT_EQ(list->find("\"id\""), std::string::npos);
}

TEST_F(main_job, answers_a_redelivered_message_once) {
  auto body = message_body("7001", "m_1", "when are you open?");
  for (int i = 0; i < 3; ++i)
    ASSERT_EQ(post(body, signature_of(body)), 200);
  auto other = message_body("7002", "m_2", "where are you located?");
  ASSERT_EQ(post(other, signature_of(other)), 200);
  ASSERT_TRUE(sent.wait_for(2, seconds{20}));
  EXPECT_EQ(sent.by_recipient()["7001"], 1);
}

TEST_F(main_job, answers_200_to_what_it_cannot_read_and_to_strangers) {
  std::string broken = "{\"object\":";
  EXPECT_EQ(post(broken, signature_of(broken)), 200);
  std::string stranger = message_body("7001", "m_1", "hello");
  stranger.replace(stranger.find(page_id), page_id.size(), "999999999999999");
  stranger.replace(stranger.find(page_id), page_id.size(), "999999999999999");
  EXPECT_EQ(post(stranger, signature_of(stranger)), 200);
}

TEST_F(main_job, hands_off_what_it_does_not_know_once) {
  auto body = message_body("7001", "m_1", "my parrot ate the invoice, help");
  ASSERT_EQ(post(body, signature_of(body)), 200);
  ASSERT_TRUE(sent.wait_for(1, seconds{20}));
  auto more = message_body("7001", "m_2", "hello? the parrot is sick now");
  ASSERT_EQ(post(more, signature_of(more)), 200);
  auto other = message_body("7002", "m_3", "where are you located?");
  ASSERT_EQ(post(other, signature_of(other)), 200);
  ASSERT_TRUE(sent.wait_for(2, seconds{20}));
  EXPECT_EQ(sent.by_recipient()["7001"], 1);
}

TEST_F(main_job, stays_silent_while_a_person_has_the_conversation) {
  auto body = message_body("7001", "m_1", "when are you open?");
  ASSERT_EQ(post(body, signature_of(body)), 200);
  ASSERT_TRUE(sent.wait_for(1, seconds{20}));
  auto id = first_conversation();
  ASSERT_TRUE(run("conversation-take",
                  {{"tenant", "corner-shop"}, {"conversation", id}}));
  auto more = message_body("7001", "m_2", "where are you located?");
  ASSERT_EQ(post(more, signature_of(more)), 200);
  auto replied = run("conversation-reply", {{"tenant", "corner-shop"},
                                            {"conversation", id},
                                            {"text", "Ana here, one moment."}});
  ASSERT_TRUE(replied) << replied.error().text;
  ASSERT_TRUE(sent.wait_for(2, seconds{20}));
  EXPECT_EQ(sent.texts().back(), "Ana here, one moment.");
  ASSERT_TRUE(run("conversation-return",
                  {{"tenant", "corner-shop"}, {"conversation", id}}));
  auto again = message_body("7001", "m_3", "what is your address?");
  ASSERT_EQ(post(again, signature_of(again)), 200);
  ASSERT_TRUE(sent.wait_for(3, seconds{20}));
  EXPECT_EQ(sent.texts().back(), "You find us at 5 Willow Street.");
}

TEST_F(main_job, exports_what_was_said_and_erases_it_with_a_valid_receipt) {
  auto body = message_body("7001", "m_1", "when are you open?");
  ASSERT_EQ(post(body, signature_of(body)), 200);
  ASSERT_TRUE(sent.wait_for(1, seconds{20}));
  auto to = (folder.path() / "copy").string();
  ASSERT_TRUE(run("export", {{"tenant", "corner-shop"}, {"to", to}}));
  std::ifstream in{to + "/messages.jsonl"};
  std::ostringstream text;
  text << in.rdbuf();
  EXPECT_NE(text.str().find("when are you open?"), std::string::npos);
  auto id = first_conversation();
  auto receipt =
    run("erase", {{"tenant", "corner-shop"}, {"conversation", id}});
  ASSERT_TRUE(receipt) << receipt.error().text;
  EXPECT_NE(receipt->find("\"keys_destroyed\":\"2\""), std::string::npos)
    << *receipt;
  auto shown =
    run("conversation-show", {{"tenant", "corner-shop"}, {"conversation", id}});
  EXPECT_FALSE(shown);
  // Redelivered after its erasure: `seen` is the tombstone.
  ASSERT_EQ(post(body, signature_of(body)), 200);
  auto list = run("conversation-list", {{"tenant", "corner-shop"}});
  EXPECT_EQ(list->find("\"id\""), std::string::npos) << *list;
}

TEST_F(main_job, keeps_everything_owed_over_a_restart) {
  auto body = message_body("7001", "m_1", "when are you open?");
  ASSERT_EQ(post(body, signature_of(body)), 200);
  server.reset();
  start();
  ASSERT_TRUE(sent.wait_for(1, seconds{20}));
  EXPECT_EQ(sent.by_recipient()["7001"], 1);
  auto deep = run("check-deep", {});
  ASSERT_TRUE(deep);
  EXPECT_NE(deep->find("\"violations\":[]"), std::string::npos) << *deep;
}

TEST_F(main_job, counts_and_times_every_webhook_whatever_came_of_it) {
  // Nothing that is answered, for the answer's echo would be one more.
  std::string body = "{\"object\":";
  ASSERT_EQ(post(body, signature_of(body)), 200);
  ASSERT_EQ(post(body, signature_of(body + " ")), 401);
  std::string much(settings.http.body_limit_bytes + 1, 'x');
  ASSERT_EQ(post(much, signature_of(much)), 413);
  auto seen = figures();
  for (const char* line :
       {"assistly_webhook_requests_total{outcome=\"unreadable\"} 1\n",
        "assistly_webhook_requests_total{outcome=\"bad_signature\"} 1\n",
        "assistly_webhook_requests_total{outcome=\"too_large\"} 1\n",
        "assistly_webhook_seconds_count 3\n"})
    EXPECT_NE(seen.find(line), std::string::npos) << line << seen;
}

TEST_F(main_job, does_not_start_in_a_folder_too_deep_for_its_socket) {
  auto deep = settings;
  deep.storage.sqlite_file =
    folder.path() / std::string(100, 'd') / "assistly.db";
  auto started = commands::running_server::start(deep);
  ASSERT_FALSE(started);
  EXPECT_NE(started.error().text.find("data folder's path is too long"),
            std::string::npos)
    << started.error().text;
  EXPECT_FALSE(std::filesystem::exists(deep.storage.sqlite_file.parent_path()));
}

TEST_F(main_job, answers_metas_handshake_with_the_challenge_alone) {
  fetch::request wanted;
  wanted.method = "GET";
  wanted.url = url_of_server()
               + "/webhooks/meta?hub.mode=subscribe&hub.challenge=1158201444"
                 "&hub.verify_token=verify-me";
  auto answer = fetch::send_and_wait(*client, wanted);
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->status, 200);
  EXPECT_EQ(answer->body, "1158201444");
  wanted.url += "x";
  answer = fetch::send_and_wait(*client, wanted);
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->status, 403);
}

} // namespace
} // namespace assistly::tests
