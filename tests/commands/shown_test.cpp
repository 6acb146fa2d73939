#include "commands/shown.hpp"

#include <gtest/gtest.h>

#include <sstream>

namespace assistly::commands {
namespace {

std::string shown(void (*show)(std::ostream&, const json::json_fields&),
                  std::string_view json) {
  json::json_fields f;
  EXPECT_TRUE(f.add_json(json, {}, 1'000'000));
  std::ostringstream out;
  show(out, f);
  return out.str();
}

TEST(show_applied, counts_one_and_many) {
  EXPECT_EQ(shown(show_applied,
                  R"({"tenant":"acme","created":true,"changed":true,)"
                  R"("channels_connected":1,"knowledge_added":2})"),
            "acme: created, 1 channel connected, 2 entries added\n");
}

TEST(show_conversations, says_how_to_get_the_next_page) {
  auto text = shown(show_conversations,
                    R"({"conversations":[{"id":"c-1"}],"next":"17-c-1"})");
  EXPECT_NE(text.find("--after 17-c-1"), std::string::npos);
  text = shown(show_conversations,
               R"({"conversations":[{"id":"c-1"}],"next":null})");
  EXPECT_EQ(text.find("--after"), std::string::npos);
}

TEST(show_conversation, prints_every_turn_of_a_long_one) {
  std::string json = R"({"id":"c-1","turns":[{"text":"turn 0"})";
  for (int i = 1; i < 3'000; ++i)
    json += R"(,{"text":"turn )" + std::to_string(i) + R"("})";
  auto text = shown(show_conversation, json + "]}");
  EXPECT_NE(text.find("turn 0\n"), std::string::npos);
  EXPECT_NE(text.find("turn 2999\n"), std::string::npos);
}

TEST(show_conversation, calls_a_note_a_note) {
  auto text = shown(show_conversation,
                    R"({"id":"c-1","turns":[{"author":"system",)"
                    R"("kind":"note","state":"received","text":"late"}]})");
  EXPECT_NE(text.find("system (note): late"), std::string::npos);
}

} // namespace
} // namespace assistly::commands
