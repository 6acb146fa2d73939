#include "config/demo.hpp"
#include "config/read_file.hpp"
#include "config/tenant_file.hpp"
#include "tests/config/fault_lookup.hpp"

#include <gtest/gtest.h>

#include <map>
#include <set>
#include <string>

namespace assistly::config {
namespace {

tenant_plan demo() {
  auto read =
    parse_tenant(demo_business_toml(), {}, default_settings().retention);
  EXPECT_TRUE(read) << all_text(read.faults);
  return read ? *std::move(read.value) : tenant_plan{};
}

TEST(demo_business, is_read_without_a_fault) {
  EXPECT_EQ(demo().settings.slug, "willow-street-cycles");
}

TEST(demo_business, is_the_file_of_the_source) {
  const auto file = read_file(ASSISTLY_SOURCE_DIR "/config/demo/business.toml",
                              std::size_t{1} << 20);
  ASSERT_TRUE(file);
  EXPECT_EQ(demo_business_toml(), *file);
}

TEST(demo_business, forgets_within_minutes) {
  EXPECT_EQ(demo().settings.retention.conversation, minutes{15});
}

TEST(demo_business, has_one_channel_of_every_kind) {
  std::map<channel_kind, channel_settings> channels;
  const auto business = demo();
  for (const auto& each : business.channels)
    channels[each.kind] = each;
  ASSERT_EQ(channels.size(), all_channel_kinds.size());
  EXPECT_EQ(channels[channel_kind::messenger].access.account_id,
            "100200300400501");
  EXPECT_EQ(channels[channel_kind::page_comments].access.account_id,
            "100200300400501");
  EXPECT_EQ(channels[channel_kind::instagram].access.account_id,
            "17841400000000501");
  EXPECT_EQ(channels[channel_kind::instagram_comments].access.account_id,
            "17841400000000501");
  EXPECT_EQ(channels[channel_kind::whatsapp].access.account_id,
            "300400500600701");
  EXPECT_EQ(channels[channel_kind::whatsapp].access.business_account_id,
            "200300400500601");
}

TEST(demo_business, has_only_tokens_that_open_nothing_at_meta) {
  std::set<std::string> tokens;
  const auto business = demo();
  for (const auto& each : business.channels) {
    EXPECT_TRUE(each.access.token.reveal().starts_with("sandbox-token-"));
    tokens.insert(each.access.token.reveal());
  }
  EXPECT_EQ(tokens.size(), 5U);
}

TEST(demo_business, has_thirty_topics_in_both_languages) {
  std::map<std::string, std::set<std::string>> topics;
  const auto business = demo();
  for (const auto& each : business.knowledge) {
    ASSERT_TRUE(each.key.ends_with('-' + each.language)) << each.key;
    topics[each.key.substr(0, each.key.size() - 3)].insert(each.language);
  }
  EXPECT_EQ(topics.size(), 30U);
  for (const auto& [topic, languages] : topics)
    EXPECT_EQ(languages, (std::set<std::string>{"en", "es"})) << topic;
}

TEST(demo_business, has_five_phrasings_of_each_entry_and_none_twice) {
  std::map<std::string, std::string> owner;
  const auto business = demo();
  for (const auto& each : business.knowledge) {
    EXPECT_GE(each.questions.size(), 5U) << each.key;
    for (const std::string& question : each.questions) {
      const auto [place, is_new] = owner.emplace(question, each.key);
      EXPECT_TRUE(is_new) << question << " stands in " << place->second
                          << " and " << each.key;
    }
  }
}

// Every answer must go out in one piece on the shortest channel.
TEST(demo_business, has_answers_that_fit_an_instagram_comment) {
  const auto business = demo();
  for (const auto& each : business.knowledge)
    EXPECT_LE(each.answer.size(), 300U) << each.key;
}

TEST(demo_business, has_a_rule_for_each_kind_of_comment) {
  std::set<channel_kind> kinds;
  const auto business = demo();
  for (const auto& each : business.settings.comment_rules) {
    kinds.insert(each.channel);
    EXPECT_EQ(each.private_reply, "answer");
  }
  EXPECT_EQ(kinds, (std::set<channel_kind>{channel_kind::page_comments,
                                           channel_kind::instagram_comments}));
}

} // namespace
} // namespace assistly::config
