#include "config/settings.hpp"
#include "config/settings_checks.hpp"
#include "tests/config/fault_lookup.hpp"

#include <gtest/gtest.h>

#include <string>

namespace assistly::config {
namespace {

checked<settings> read(std::string_view text) {
  return parse_settings(text, {}, {});
}

std::string only_fault(std::string_view text) {
  const auto result = read(text);
  EXPECT_EQ(result.faults.size(), 1U) << text << all_text(result.faults);
  return all_text(result.faults);
}

TEST(settings_checks, want_certificate_and_key_together) {
  EXPECT_NE(only_fault("[http]\ntls_certificate_file = \"c.pem\"\n")
              .find("needs http.tls_key_file"),
            std::string::npos);
  EXPECT_NE(only_fault("[http]\ntls_key_file = \"k.pem\"\n")
              .find("needs http.tls_certificate_file"),
            std::string::npos);
  const auto both = read(
    "[http]\ntls_certificate_file = \"c.pem\"\ntls_key_file = \"k.pem\"\n");
  ASSERT_TRUE(both);
  EXPECT_EQ(both.value->http.public_url, "https://127.0.0.1:8080");
}

TEST(settings_checks, say_nothing_more_about_a_file_already_refused) {
  only_fault("[http]\ntls_certificate_file = \"c.pem\"\ntls_key_file = 7\n");
}

TEST(settings_checks, refuse_two_servers_at_one_address) {
  EXPECT_NE(only_fault("[operations]\nlisten = \"127.0.0.1:8080\"\n")
              .find("operations.listen must not be the same"),
            std::string::npos);
  EXPECT_NE(only_fault("[sandbox]\nlisten = \"127.0.0.1:8080\"\n")
              .find("sandbox.listen must not be the same"),
            std::string::npos);
  EXPECT_TRUE(read("[http]\nlisten = \"127.0.0.1:0\"\n"
                   "[operations]\nlisten = \"127.0.0.1:0\"\n"));
}

TEST(settings_checks, warn_of_metrics_that_all_the_world_can_read) {
  const auto result = read("[operations]\nlisten = \"0.0.0.0:9090\"\n");
  ASSERT_TRUE(result);
  ASSERT_EQ(result.warnings.size(), 1U);
  EXPECT_NE(result.warnings[0].find("operations.listen"), std::string::npos);
}

TEST(settings_checks, know_the_two_kinds_of_database) {
  const auto sqlite = read("[storage]\nurl = \"sqlite:/srv/a.db\"\n");
  ASSERT_TRUE(sqlite);
  EXPECT_EQ(sqlite.value->storage.engine, storage_engine::sqlite);
  EXPECT_EQ(sqlite.value->storage.sqlite_file, "/srv/a.db");
  const auto postgresql = read("[storage]\nurl = \"postgresql:///assistly\"\n");
  ASSERT_TRUE(postgresql);
  EXPECT_EQ(postgresql.value->storage.engine, storage_engine::postgresql);
  EXPECT_TRUE(postgresql.value->storage.sqlite_file.empty());
}

TEST(settings_checks, refuse_another_database_without_showing_its_password) {
  for (const char* url : {"mysql://u:canary@h/d", "sqlite:", "sqlite://canary",
                          "canary.db", "postgresql:canary"}) {
    const std::string text =
      only_fault("[storage]\nurl = \"" + std::string{url} + "\"\n");
    EXPECT_NE(text.find("storage.url"), std::string::npos) << url;
    EXPECT_EQ(text.find("canary"), std::string::npos) << url;
  }
}

TEST(settings_checks, let_a_database_on_this_machine_go_without_tls) {
  for (const char* url :
       {"postgresql://u:p@127.0.0.1:5432/d", "postgresql://localhost/d",
        "postgres://u@[::1]:5432/d", "postgresql:///d?host=/run/postgresql",
        "postgresql://%2Frun%2Fpostgresql/d",
        "postgresql://127.0.0.1:1,127.0.0.1:2/d"})
    EXPECT_TRUE(read("[storage]\nurl = \"" + std::string{url} + "\"\n")) << url;
}

TEST(settings_checks, want_verified_tls_to_a_database_elsewhere) {
  for (const char* url :
       {"postgresql://db.internal/d", "postgresql://u:p@10.0.0.7:5432/d",
        "postgresql://db.internal/d?sslmode=require",
        "postgresql:///d?host=db.internal", "postgresql:///d?hostaddr=10.0.0.7",
        "postgresql://127.0.0.1,db.internal/d",
        "postgresql://127.0.0.1@db.internal/d",
        "postgresql://db/d?sslmode=verify-full&sslmode=disable"})
    EXPECT_NE(only_fault("[storage]\nurl = \"" + std::string{url} + "\"\n")
                .find("sslmode=verify-full"),
              std::string::npos)
      << url;
  EXPECT_TRUE(read("[storage]\nurl = "
                   "\"postgresql://db.internal/d?sslmode=verify-full\"\n"));
}

TEST(settings_checks, know_only_three_providers) {
  EXPECT_NE(only_fault("[answers]\nprovider = \"oracle\"\n")
              .find("one of \"embedded\", \"openai\", \"anthropic\""),
            std::string::npos);
}

TEST(settings_checks, want_address_and_model_for_openai) {
  const auto bare = read("[answers]\nprovider = \"openai\"\n");
  ASSERT_EQ(bare.faults.size(), 2U) << all_text(bare.faults);
  EXPECT_NE(all_text(bare.faults).find("needs answers.base_url"),
            std::string::npos);
  EXPECT_NE(all_text(bare.faults).find("needs answers.model"),
            std::string::npos);
  EXPECT_TRUE(read("[answers]\nprovider = \"openai\"\nmodel = \"m\"\n"
                   "base_url = \"http://127.0.0.1:11434/v1\"\n"));
}

TEST(settings_checks, want_key_and_model_for_anthropic_and_know_its_address) {
  EXPECT_EQ(read("[answers]\nprovider = \"anthropic\"\n").faults.size(), 2U);
  const auto full = read("[answers]\nprovider = \"anthropic\"\n"
                         "model = \"m\"\napi_key = \"k\"\n");
  ASSERT_TRUE(full) << all_text(full.faults);
  EXPECT_EQ(full.value->answers.base_url, "https://api.anthropic.com");
}

TEST(settings_checks, want_a_mail_server_with_a_sender) {
  EXPECT_NE(only_fault("[mail]\nurl = \"smtp://u:canary@mail.example\"\n")
              .find("needs mail.from"),
            std::string::npos);
  EXPECT_NE(only_fault("[mail]\nurl = \"http://canary\"\n"
                       "from = \"a@acme.example\"\n")
              .find("smtp://"),
            std::string::npos);
  EXPECT_TRUE(read("[mail]\nurl = \"smtps://mail.example:465\"\n"
                   "from = \"a@acme.example\"\n"));
}

TEST(settings_checks, hold_the_bounds_of_retention_against_each_other) {
  EXPECT_NE(only_fault("[retention]\nmin_conversation_minutes = 2880\n"
                       "max_conversation_days = 1\n")
              .find("must not be longer"),
            std::string::npos);
  EXPECT_NE(only_fault("[retention]\nmax_conversation_days = 10\n"
                       "default_conversation_days = 11\n")
              .find("must lie between"),
            std::string::npos);
}

TEST(settings_checks, let_an_unsaid_default_follow_the_bounds) {
  const auto shorter = read("[retention]\nmax_conversation_days = 7\n");
  ASSERT_TRUE(shorter) << all_text(shorter.faults);
  EXPECT_EQ(shorter.value->retention.default_conversation, days{7});
  const auto longer = read("[retention]\nmin_conversation_minutes = 86401\n");
  ASSERT_TRUE(longer) << all_text(longer.faults);
  EXPECT_EQ(longer.value->retention.default_conversation, days{61});
}

TEST(settings_checks, want_a_file_of_its_own_for_keys_and_for_the_ledger) {
  for (const auto* same :
       {"var/keys", "var/../var/keys", "var/assistly.db",
        "var/assistly.db.keys", "var/assistly.db-wal", "var/control.sock"})
    EXPECT_NE(only_fault("[ledger]\nfile = \"" + std::string{same} + "\"\n")
                .find("a file of its own"),
              std::string::npos)
      << same;
  EXPECT_NE(only_fault("[keys]\nfile = \"var/assistly.db.keys\"\n")
              .find("a file of its own"),
            std::string::npos);
  EXPECT_TRUE(read("[ledger]\nfile = \"var/ledger-of-mine\"\n"));
}

} // namespace
} // namespace assistly::config
