#include "config/settings.hpp"
#include "tests/config/fault_lookup.hpp"

#include <gtest/gtest.h>

#include <string>

namespace assistly::config {
namespace {

TEST(load_settings, without_a_file_gives_the_defaults) {
  const auto read = load_settings(std::nullopt, {});
  ASSERT_TRUE(read) << all_text(read.faults);
  const settings& s = *read.value;
  EXPECT_EQ(s.http.listen, (listen_address{"127.0.0.1", 8080}));
  EXPECT_EQ(s.http.public_url, "http://127.0.0.1:8080");
  EXPECT_FALSE(s.http.public_url_given);
  EXPECT_EQ(s.http.body_limit_bytes, 4194304U);
  EXPECT_EQ(s.operations.listen, (listen_address{"127.0.0.1", 9090}));
  EXPECT_EQ(s.sandbox.listen, (listen_address{"127.0.0.1", 8090}));
  EXPECT_EQ(s.meta.graph_url, "https://graph.facebook.com");
  EXPECT_EQ(s.meta.instagram_url, "https://graph.instagram.com");
  EXPECT_EQ(s.meta.api_version, "v25.0");
  EXPECT_TRUE(s.meta.app_secret.empty());
  EXPECT_EQ(s.storage.engine, storage_engine::sqlite);
  EXPECT_EQ(s.storage.sqlite_file, "var/assistly.db");
  EXPECT_EQ(s.keys.file, "var/keys");
  EXPECT_EQ(s.ledger.file, "var/ledger");
  EXPECT_EQ(s.answers.quiet, seconds{2});
  EXPECT_EQ(s.answers.provider, answer_provider::embedded);
  EXPECT_EQ(s.retention.min_conversation, minutes{1});
  EXPECT_EQ(s.retention.max_conversation, days{365});
  EXPECT_EQ(s.retention.default_conversation, days{30});
  EXPECT_EQ(s.retention.max_turn, days{365});
  EXPECT_EQ(s.retention.cancellation, days{14});
  EXPECT_EQ(s.log.level, "info");
  EXPECT_EQ(s.log.format, "auto");
}

TEST(load_settings, takes_what_the_file_says) {
  const auto read = parse_settings(R"(
[http]
listen = "[::1]:9999"
public_url = "https://assistly.example/"
trusted_proxies = ["10.0.0.0/8", "::1"]
[meta]
app_id = "42"
more_app_secrets = ["one", "two"]
[answers]
quiet_seconds = 0.25
[retention]
max_conversation_days = 90
[outgoing]
allow_private = ["shop.internal:8443"]
)",
                                   {}, {});
  ASSERT_TRUE(read) << all_text(read.faults);
  const settings& s = *read.value;
  EXPECT_EQ(s.http.listen, (listen_address{"::1", 9999}));
  EXPECT_EQ(s.http.public_url, "https://assistly.example");
  EXPECT_TRUE(s.http.public_url_given);
  EXPECT_EQ(s.http.trusted_proxies.size(), 2U);
  EXPECT_EQ(s.meta.app_id, "42");
  ASSERT_EQ(s.meta.more_app_secrets.size(), 2U);
  EXPECT_EQ(s.meta.more_app_secrets[1].reveal(), "two");
  EXPECT_EQ(s.answers.quiet, milliseconds{250});
  EXPECT_EQ(s.retention.max_conversation, days{90});
  EXPECT_EQ(s.outgoing.allow_private.at(0), "shop.internal:8443");
}

TEST(load_settings, starts_relative_paths_at_the_folder_of_the_file) {
  const test_folder folder;
  const auto file =
    folder.write("assistly.toml", "[keys]\nfile = \"secret/keys\"\n"
                                  "[ledger]\nfile = \"/srv/ledger\"\n");
  const auto read = load_settings(file, {});
  ASSERT_TRUE(read) << all_text(read.faults);
  EXPECT_EQ(read.value->keys.file, folder.path() / "secret/keys");
  EXPECT_EQ(read.value->ledger.file, "/srv/ledger");
  EXPECT_EQ(read.value->storage.sqlite_file, folder.path() / "var/assistly.db");
}

TEST(load_settings, refuses_a_file_that_is_not_there) {
  const auto read = load_settings("/nowhere/assistly.toml", {});
  ASSERT_EQ(read.faults.size(), 1U);
  EXPECT_NE(read.faults[0].text.find("does not exist"), std::string::npos);
}

TEST(load_settings, reports_five_faults_of_one_file_at_once) {
  const auto read = parse_settings("[http]\n"
                                   "listen = \"localhost:8080\"\n"
                                   "body_limit_bytes = \"big\"\n"
                                   "max_connections = 7\n"
                                   "[meta]\n"
                                   "api_version = \"25\"\n"
                                   "  app_sekret = \"EAAcanary\"\n",
                                   {}, {});
  EXPECT_FALSE(read);
  ASSERT_EQ(read.faults.size(), 5U) << all_text(read.faults);
  EXPECT_EQ(read.faults[0],
            (config_fault{"http.listen", 2, 10,
                          "must be an address and a port, as "
                          "\"127.0.0.1:8080\" or \"[::1]:8080\""}));
  EXPECT_EQ(read.faults[1].key, "http.body_limit_bytes");
  EXPECT_EQ(read.faults[1].line, 3);
  EXPECT_EQ(read.faults[2],
            (config_fault{"http.max_connections", 4, 19,
                          "must be a whole number from 16 to 100000"}));
  EXPECT_EQ(read.faults[3].key, "meta.api_version");
  EXPECT_EQ(read.faults[4],
            (config_fault{"meta.app_sekret", 7, 3,
                          "is no known key; did you mean meta.app_secret?"}));
  const std::string text = all_text(read.faults);
  for (const char* value : {"localhost", "big", "EAAcanary"})
    EXPECT_EQ(text.find(value), std::string::npos) << value;
}

TEST(load_settings, reports_a_syntax_error_alone_and_without_the_line) {
  const auto read = parse_settings("[http]\nlisten = 7\n[meta]\n"
                                   "app_secret = EAAcanary\n",
                                   {}, {});
  ASSERT_EQ(read.faults.size(), 1U);
  EXPECT_EQ(read.faults[0].line, 4);
  EXPECT_EQ(all_text(read.faults).find("EAA"), std::string::npos);
}

TEST(load_settings, says_that_a_key_stands_there_twice) {
  const auto read =
    parse_settings("[meta]\napp_id = \"1\"\napp_id = \"2\"\n", {}, {});
  ASSERT_EQ(read.faults.size(), 1U);
  EXPECT_EQ(read.faults[0].line, 3);
  EXPECT_NE(read.faults[0].text.find("second time"), std::string::npos);
}

TEST(load_settings, refuses_unknown_sections_and_loose_keys) {
  const auto read = parse_settings("listen = 1\nhttp = \"x\"\n"
                                   "[webserver]\nport = 1\n",
                                   {}, {});
  ASSERT_EQ(read.faults.size(), 3U) << all_text(read.faults);
  EXPECT_NE(fault_of(read.faults, "listen").text.find("no known key"),
            std::string::npos);
  EXPECT_EQ(fault_of(read.faults, "http").text,
            "must be a section: write [http]");
  EXPECT_EQ(fault_of(read.faults, "webserver").text, "is no known section");
}

TEST(load_settings, shows_a_strange_key_without_its_control_characters) {
  const auto read = parse_settings("[meta]\n\"a\\u001b[31m\\n\" = 1\n", {}, {});
  ASSERT_EQ(read.faults.size(), 1U);
  EXPECT_EQ(read.faults[0].key, "meta.a?[31m?");
}

TEST(load_settings, refuses_numbers_that_are_none) {
  for (const char* value : {"nan", "inf", "-0.1", "60.5", "\"2\"", "true"}) {
    const auto read = parse_settings(
      "[answers]\nquiet_seconds = " + std::string{value} + '\n', {}, {});
    ASSERT_EQ(read.faults.size(), 1U) << value;
    EXPECT_EQ(read.faults[0].text, "must be a number from 0 to 60");
  }
}

TEST(load_settings, refuses_a_list_with_one_wrong_item) {
  const auto read = parse_settings(
    "[http]\ntrusted_proxies = [\"10.0.0.0/8\", \"proxy\"]\n", {}, {});
  EXPECT_EQ(fault_of(read.faults, "http.trusted_proxies").line, 2);
}

TEST(environment, wins_over_the_file) {
  const auto read =
    parse_settings("[http]\nlisten = \"127.0.0.1:1\"\n[meta]\napp_id = \"1\"\n"
                   "app_secret = \"file\"\n",
                   {},
                   {{"ASSISTLY_HTTP_LISTEN", "127.0.0.1:2"},
                    {"ASSISTLY_META_APP_SECRET", "variable"},
                    {"ASSISTLY_ANSWERS_QUIET_SECONDS", "0.5"},
                    {"ASSISTLY_RETENTION_MAX_CONVERSATION_DAYS", "60"},
                    {"ASSISTLY_META_MORE_APP_SECRETS", "one, two"}});
  ASSERT_TRUE(read) << all_text(read.faults);
  EXPECT_EQ(read.value->http.listen.port, 2);
  EXPECT_EQ(read.value->meta.app_id, "1");
  EXPECT_EQ(read.value->meta.app_secret.reveal(), "variable");
  EXPECT_EQ(read.value->answers.quiet, milliseconds{500});
  EXPECT_EQ(read.value->retention.max_conversation, days{60});
  ASSERT_EQ(read.value->meta.more_app_secrets.size(), 2U);
  EXPECT_EQ(read.value->meta.more_app_secrets[1].reveal(), "two");
}

TEST(environment, names_the_variable_that_is_wrong_but_not_its_value) {
  const auto read = parse_settings("", {},
                                   {{"ASSISTLY_HTTP_MAX_CONNECTIONS", "many"},
                                    {"ASSISTLY_META_API_VERSION", "latest"}});
  ASSERT_EQ(read.faults.size(), 2U);
  EXPECT_EQ(fault_of(read.faults, "ASSISTLY_HTTP_MAX_CONNECTIONS").line, 0);
  fault_of(read.faults, "ASSISTLY_META_API_VERSION");
  EXPECT_EQ(all_text(read.faults).find("many"), std::string::npos);
  EXPECT_EQ(all_text(read.faults).find("latest"), std::string::npos);
}

TEST(environment, that_is_not_known_is_a_warning) {
  const auto read = parse_settings("", {},
                                   {{"ASSISTLY_HTTP_LISTEM", "canary"},
                                    {"ASSISTLY_HTTP_LISTEN_FILE", "canary"},
                                    {"HOME", "/root"}});
  ASSERT_TRUE(read);
  ASSERT_EQ(read.warnings.size(), 2U);
  EXPECT_NE(read.warnings[0].find("ASSISTLY_HTTP_LISTEM"), std::string::npos);
  for (const auto& each : read.warnings)
    EXPECT_EQ(each.find("canary"), std::string::npos);
}

TEST(environment, of_the_process_holds_only_what_is_ours) {
  ::setenv("ASSISTLY_LOG_LEVEL", "debug", 1);
  const environment env = read_environment();
  ::unsetenv("ASSISTLY_LOG_LEVEL");
  EXPECT_EQ(env.at("ASSISTLY_LOG_LEVEL"), "debug");
  for (const auto& [name, value] : env)
    EXPECT_TRUE(name.starts_with("ASSISTLY_")) << name;
}

} // namespace
} // namespace assistly::config
