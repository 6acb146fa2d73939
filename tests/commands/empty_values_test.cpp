#include "commands/empty_values.hpp"

#include <gtest/gtest.h>

namespace assistly::commands {
namespace {

class empty_values : public testing::Test {
protected:
  empty_values() {
    auto* erase = app_.add_subcommand("erase", "");
    erase->add_option("--tenant", tenant_, "")->required();
    erase->add_option("--person", person_, "");
    erase->add_flag("--all", all_, "");
    refuse_empty_values(app_);
  }

  void parse(std::vector<std::string> words) {
    std::reverse(words.begin(), words.end());
    app_.parse(words);
  }

  CLI::App app_{"", "assistly"};
  std::string tenant_;
  std::string person_;
  bool all_ = false;
};

TEST_F(empty_values, are_refused_for_they_would_mean_everybody) {
  EXPECT_THROW(parse({"erase", "--tenant", "shop", "--person", ""}),
               CLI::ValidationError);
  EXPECT_THROW(parse({"erase", "--tenant", "shop", "--person="}),
               CLI::ParseError);
}

TEST_F(empty_values, are_not_options_left_out_nor_flags) {
  EXPECT_NO_THROW(parse({"erase", "--tenant", "shop", "--all"}));
  EXPECT_TRUE(person_.empty());
  EXPECT_TRUE(all_);
}

} // namespace
} // namespace assistly::commands
