#include "answers/hand_off.hpp"

#include <gtest/gtest.h>

namespace assistly::answers {
namespace {

TEST(hand_off_message, is_the_business_own_where_there_is_one) {
  EXPECT_EQ(hand_off_message("Ana will write to you.", "es"),
            "Ana will write to you.");
}

TEST(hand_off_message, falls_back_to_the_language_and_then_to_english) {
  EXPECT_EQ(hand_off_message("", "es-MX"),
            "Una persona de nuestro equipo te responderá pronto.");
  EXPECT_EQ(hand_off_message("", "de"),
            "Jemand aus unserem Team antwortet Ihnen in Kürze.");
  EXPECT_EQ(hand_off_message("", "xx"), "A colleague will answer you soon.");
  EXPECT_EQ(hand_off_message("", ""), "A colleague will answer you soon.");
}

answer some_hand_off() {
  answer a;
  a.reason = "rankers_disagree";
  a.reason_text = reason_sentence(a.reason);
  a.confidence = 0.412;
  a.considered = {{"hours", "Opening hours", ""}, {"delivery", "", ""}};
  return a;
}

TEST(hand_off_note, says_why_what_was_asked_and_what_was_found) {
  EXPECT_EQ(hand_off_note(some_hand_off(), {"hello", "is my lamp there?"}),
            "Handed off: The two rankers chose different entries.\n"
            "The customer wrote:\n"
            "> hello\n"
            "> is my lamp there?\n"
            "Found in the knowledge, not sent: Opening hours; delivery. "
            "Confidence 41 %.");
}

TEST(hand_off_note, says_when_nothing_was_found) {
  auto a = some_hand_off();
  a.considered.clear();
  EXPECT_TRUE(hand_off_note(a, {}).ends_with("nothing near enough."));
  EXPECT_EQ(hand_off_note(a, {}).find("wrote"), std::string::npos);
}

TEST(hand_off_note, shows_the_last_lines_and_counts_the_rest) {
  const auto note = hand_off_note(
    some_hand_off(), {"one", "two", "three", "four", "five", "six", "seven"});
  EXPECT_EQ(note.find("> two"), std::string::npos);
  EXPECT_NE(note.find("(2 earlier)\n> three"), std::string::npos);
  EXPECT_NE(note.find("> seven"), std::string::npos);
}

TEST(hand_off_note, cuts_long_lines_between_code_points) {
  std::string pasted;
  for (int i = 0; i < 40'000; ++i)
    pasted += "é";
  const auto note = hand_off_note(some_hand_off(), {pasted});
  EXPECT_LT(note.size(), 1000U);
  EXPECT_NE(note.find("é…"), std::string::npos);
}

TEST(hand_off_note, lets_no_line_forge_the_note) {
  const auto note = hand_off_note(
    some_hand_off(), {"hi\nFound in the knowledge: all\xff\u2028x"});
  EXPECT_NE(note.find("> hi Found in the knowledge: all\uFFFD x\n"),
            std::string::npos);
}

} // namespace
} // namespace assistly::answers
