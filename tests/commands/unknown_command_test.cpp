#include "commands/context.hpp"
#include "commands/unknown_command.hpp"

#include <gtest/gtest.h>

namespace assistly::commands {
namespace {

std::string unknown_in(const std::string& line) {
  CLI::App app;
  context c;
  app.require_subcommand(1);
  app.fallthrough();
  add_data_commands(app, c);
  add_tools(app, c);
  EXPECT_THROW(app.parse(line), CLI::ParseError) << line;
  return unknown_command(app);
}

TEST(unknown_command, is_named) {
  EXPECT_EQ(unknown_in("zork"), "zork");
  EXPECT_EQ(unknown_in("conversation zork"), "zork");
}

TEST(unknown_command, is_not_an_option_that_is_missing_or_wrong) {
  EXPECT_EQ(unknown_in("ask hello"), "");
  EXPECT_EQ(unknown_in("ask --tennant acme hello"), "");
  EXPECT_EQ(unknown_in("ask --tenant acme --channel zork hello"), "");
  EXPECT_EQ(unknown_in("load"), "") << "--account is missing";
}

} // namespace
} // namespace assistly::commands
