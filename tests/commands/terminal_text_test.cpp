#include "commands/terminal_text.hpp"

#include <gtest/gtest.h>

namespace assistly::commands {
namespace {

const std::string mark = "\xef\xbf\xbd";

TEST(for_terminal, shows_ordinary_words_as_they_are) {
  EXPECT_EQ(for_terminal("¿Cuánto cuesta? 🙂 שלום"),
            "¿Cuánto cuesta? 🙂 שלום");
  EXPECT_EQ(for_terminal("👩‍🔧"), "👩‍🔧")
    << "joined signs stay joined";
}

TEST(for_terminal, lets_nobody_command_the_terminal) {
  EXPECT_EQ(for_terminal("\x1b[2J\x07"), mark + "[2J" + mark);
  EXPECT_EQ(for_terminal("a\x7f\rb"), "a" + mark + mark + "b");
  EXPECT_EQ(for_terminal("\xc2\x9b"
                         "1m"),
            mark + "1m")
    << "C1 begins a command, too";
}

TEST(for_terminal, lets_nobody_turn_the_order_of_reading) {
  EXPECT_EQ(for_terminal("\xe2\x80\xae"
                         "x\xe2\x81\xa6\xd8\x9c"),
            mark + "x" + mark + mark);
}

TEST(for_terminal, lets_nobody_forge_a_line) {
  EXPECT_EQ(for_terminal("hello\n2026 human: yes", "    "),
            "hello\n    2026 human: yes");
  EXPECT_EQ(for_terminal("Eve\nforged"), "Eve forged");
}

} // namespace
} // namespace assistly::commands
