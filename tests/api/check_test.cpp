#include "api/check.hpp"
#include "protocol/json/fields.hpp"
#include "tests/storage/storage_node.hpp"

#include <gtest/gtest.h>

#include <map>

namespace assistly::api {
namespace {

namespace fs = std::filesystem;

class check_command : public testing::Test {
protected:
  check_command() {
    settings_.keys.file = node_.folder.path() / "keys";
    settings_.ledger.file = node_.ledger_file();
    // Nobody listens there.
    settings_.meta.graph_url = "http://127.0.0.1:1";
    settings_.meta.instagram_url = "http://127.0.0.1:1";
    node_.hear(fakes::message("Hello", "m_1"));
  }

  checked here() {
    return {settings_, *node_.database, *node_.reader};
  }

  void expect_missed(const fs::path& file) {
    auto aside = file.string() + ".aside";
    fs::rename(file, aside);
    auto told = check(here());
    ASSERT_FALSE(told) << file;
    EXPECT_EQ(told.error().code, errc::not_found);
    EXPECT_NE(told.error().text.find(file.string()), std::string::npos);
    EXPECT_FALSE(fs::exists(file)) << "a check makes nothing";
    fs::rename(aside, file);
    EXPECT_TRUE(check(here()));
  }

  fakes::storage_node node_;
  config::settings settings_ = config::default_settings();
};

TEST_F(check_command, misses_each_file_of_a_running_server) {
  ASSERT_TRUE(storage::open_ledger(*node_.database, node_.ledger_file()));
  expect_missed(node_.data_file());
  expect_missed(node_.database->key_store_name());
  expect_missed(settings_.keys.file);
  expect_missed(node_.ledger_file());
}

TEST_F(check_command, counts_the_erasures_that_are_owed_and_dates_the_oldest) {
  auto told = check(here());
  ASSERT_TRUE(told);
  json::json_fields none;
  ASSERT_TRUE(none.add_json(*told));
  EXPECT_EQ(none.number("erasures_owed"), 0);
  EXPECT_FALSE(none.has("oldest_erasure_ms"));
  auto asked_at = node_.clock.now();
  for (int i = 0; i < 2; ++i) {
    auto r = node_.request(storage::erase_scope::conversation, uuid{});
    node_.write([&](storage::work& w) { storage::request_erasure(w, r); });
    node_.clock.advance(hours{2});
  }
  told = check(here());
  ASSERT_TRUE(told);
  json::json_fields some;
  ASSERT_TRUE(some.add_json(*told));
  EXPECT_EQ(some.number("erasures_owed"), 2);
  EXPECT_EQ(some.number("oldest_erasure_ms"), to_unix_ms(asked_at));
}

TEST_F(check_command, names_every_account_and_what_meta_says_of_it) {
  auto told = check(here());
  ASSERT_TRUE(told) << told.error().text;
  json::json_fields f;
  ASSERT_TRUE(f.add_json(*told));
  std::map<std::string, std::string> states;
  for (const auto& one : f.objects_of("subscriptions")) {
    EXPECT_EQ(one.text("tenant"), "acme");
    states[std::string{one.text("channel")}] = one.text("state");
  }
  ASSERT_EQ(states.size(), 5u);
  EXPECT_EQ(states["messenger"], "unclear") << "nobody was there to ask";
  EXPECT_EQ(states["whatsapp"], "unwatched") << "its business is not named";
}

TEST_F(check_command, deep_counts_what_it_opened_and_names_what_is_broken) {
  auto told = check_deep(here());
  ASSERT_TRUE(told) << told.error().text;
  json::json_fields whole;
  ASSERT_TRUE(whole.add_json(*told));
  EXPECT_FALSE(whole.has("violations.0"));
  node_.execute("UPDATE turn SET sealed = x'00'");
  told = check_deep(here());
  ASSERT_TRUE(told) << told.error().text;
  json::json_fields broken;
  ASSERT_TRUE(broken.add_json(*told));
  EXPECT_EQ(broken.text("violations.0.rule"),
            "every sealed row has a live key");
  EXPECT_EQ(broken.number("opened"), *whole.number("opened") - 1);
}

} // namespace
} // namespace assistly::api
