#include "commands/without_effect.hpp"

#include <gtest/gtest.h>

namespace assistly::commands {
namespace {

TEST(options_without_effect, are_none_by_default) {
  EXPECT_TRUE(options_without_effect(config::default_settings()).empty());
}

TEST(options_without_effect, are_named_when_set) {
  auto settings = config::default_settings();
  settings.answers.provider = config::answer_provider::openai;
  settings.mail.url = secret_text{"smtp://mail.example"};
  auto found = options_without_effect(settings);
  ASSERT_EQ(found.size(), 2u);
  EXPECT_EQ(found[0].key, "answers.provider");
  EXPECT_EQ(found[1].key, "mail.url");
}

} // namespace
} // namespace assistly::commands
