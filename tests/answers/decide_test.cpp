#include "answers/decide.hpp"

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

namespace assistly::answers {
namespace {

constexpr auto hours = "We are open Monday to Saturday, 9:00 to 18:00.";
constexpr auto delivery = "We deliver within three working days.";
constexpr auto returns = "You can return anything within 30 days.";

std::vector<knowledge_entry> shop() {
  return {{"hours",
           "Opening hours",
           hours,
           "https://acme.example/hours",
           {"when are you open", "opening hours", "are you open on sunday"},
           ""},
          {"delivery",
           "Delivery",
           delivery,
           "",
           {"how long does delivery take", "how much is shipping",
            "do you ship to my country"},
           ""},
          {"returns",
           "Returns",
           returns,
           "",
           {"how do I return something", "can I get a refund",
            "what is your return policy"},
           ""}};
}

answer asked(std::string text, std::vector<std::string> earlier = {}) {
  static const auto index = build_index(shop());
  return decide(*index, {std::move(text), std::move(earlier), "", 0});
}

TEST(decide, answers_word_for_word_with_source_and_confidence) {
  const auto a = asked("Hi, could you tell me when you are open?");
  EXPECT_EQ(a.kind, decision::answer);
  EXPECT_EQ(a.text, hours);
  EXPECT_EQ(a.sources, (std::vector<source>{{"hours", "Opening hours",
                                             "https://acme.example/hours"}}));
  EXPECT_EQ(a.reason, "agreed");
  EXPECT_GE(a.confidence, 0.75);
  EXPECT_LE(a.confidence, 1);
  EXPECT_EQ(a.language, "en");
}

TEST(decide, answers_through_typing_slips) {
  EXPECT_EQ(asked("openning hours").text, hours);
  EXPECT_EQ(asked("can i get a refudn").text, returns);
}

TEST(decide, hands_off_what_no_entry_covers) {
  for (const auto* text :
       {"is there parking", "do you have vegan cake", "who is the president",
        "are you hiring", "how do I return to the city center",
        "what is the price of the red lamp", "are you okay", "where am I"}) {
    const auto a = asked(text);
    EXPECT_EQ(a.kind, decision::hand_off) << text;
    EXPECT_TRUE(a.text.empty()) << text;
    EXPECT_TRUE(a.sources.empty()) << text;
    EXPECT_FALSE(a.reason_text.empty()) << text;
  }
}

TEST(decide, says_what_it_found_and_did_not_send) {
  const auto a = asked("can I return my kayak and paddle");
  EXPECT_EQ(a.kind, decision::hand_off);
  EXPECT_EQ(a.reason, "terms_not_covered");
  ASSERT_FALSE(a.considered.empty());
  EXPECT_EQ(a.considered.front().id, "returns");
  EXPECT_LE(a.considered.size(), 2U);
}

TEST(decide, hands_off_when_the_rankers_disagree) {
  const auto a = asked("when are you open and how much is shipping");
  EXPECT_EQ(a.kind, decision::hand_off);
  EXPECT_EQ(a.reason, "rankers_disagree");
}

TEST(decide, hands_off_when_two_entries_say_the_same) {
  const auto index =
    build_index({{"a", "", "Yes.", "", {"do you have gift cards"}, "en"},
                 {"b", "", "No.", "", {"do you have gift boxes"}, "en"}});
  const auto a = decide(*index, {"do you have gift", {}, "", 0});
  EXPECT_EQ(a.kind, decision::hand_off);
  EXPECT_EQ(a.reason, "two_entries_close");
}

TEST(decide, gives_a_person_to_whoever_asks_for_one) {
  const auto a = asked("I want to talk to a human");
  EXPECT_EQ(a.kind, decision::hand_off);
  EXPECT_EQ(a.reason, "asked_for_human");
  EXPECT_EQ(asked("when are you open", {"agent"}).reason, "asked_for_human");
  EXPECT_EQ(asked("when are you open? or get me a human").reason,
            "asked_for_human");
}

TEST(decide, stays_silent_on_mere_thanks_only) {
  EXPECT_EQ(asked("thanks!").kind, decision::nothing);
  EXPECT_EQ(asked("👍").kind, decision::nothing);
  EXPECT_EQ(asked("ok", {"thank you"}).kind, decision::nothing);
  EXPECT_EQ(asked("thanks", {"when are you open"}).text, hours);
  EXPECT_EQ(asked("?", {"thanks"}).kind, decision::hand_off);
  EXPECT_EQ(asked("thanks for nothing").kind, decision::hand_off);
  EXPECT_EQ(asked("😡").kind, decision::hand_off);
}

TEST(decide, answers_thanks_if_the_business_wrote_an_answer_to_it) {
  auto entries = shop();
  entries.push_back(
    {"welcome", "", "You are welcome!", "", {"thanks", "thank you"}, "en"});
  const auto index = build_index(entries);
  EXPECT_EQ(decide(*index, {"thanks", {}, "", 0}).text, "You are welcome!");
}

TEST(decide, hands_off_what_has_no_words) {
  EXPECT_EQ(asked("").reason, "no_text");
  EXPECT_EQ(asked("???").reason, "no_text");
  EXPECT_EQ(asked("\xff\xfe\xc0").reason, "no_text");
}

TEST(decide, never_answers_without_knowledge) {
  const auto a = decide(*build_index({}), {"when are you open", {}, "", 0});
  EXPECT_EQ(a.kind, decision::hand_off);
  EXPECT_EQ(a.reason, "no_knowledge");
  EXPECT_EQ(a.language, "en");
}

TEST(decide, puts_two_answers_into_one_message) {
  const auto expected = std::string(hours) + "\n\n" + delivery;
  const auto a = asked("how much is shipping", {"when are you open"});
  EXPECT_EQ(a.kind, decision::answer);
  EXPECT_EQ(a.text, expected);
  EXPECT_EQ(a.sources.size(), 2U);
  EXPECT_EQ(asked("When are you open? How much is shipping?").text, expected);
}

TEST(decide, says_an_answer_once_though_it_was_asked_twice) {
  EXPECT_EQ(asked("opening hours?", {"when are you open?"}).text, hours);
}

TEST(decide, hands_off_a_burst_of_which_one_question_has_no_answer) {
  const auto a = asked("is there parking?", {"when are you open?"});
  EXPECT_EQ(a.kind, decision::hand_off);
  EXPECT_TRUE(a.text.empty());
}

TEST(decide, reads_one_question_sent_in_parts) {
  EXPECT_EQ(asked("are you open", {"hi there", "one question", "when"}).text,
            hours);
}

TEST(decide, does_not_take_the_lines_of_a_letter_for_questions) {
  std::vector<std::string> many;
  for (int i = 0; i < 30; ++i)
    many.push_back("when are you open on day " + std::to_string(i));
  EXPECT_EQ(asked("when are you open", many).reason, "too_many_questions");
  many.assign(500, "is there parking");
  EXPECT_EQ(asked("get me a human", many).reason, "asked_for_human");
}

TEST(decide, answers_once_what_was_asked_again_and_again) {
  std::vector<std::string> many(30, "When are you open?");
  EXPECT_EQ(asked("when are you open", many).text, hours);
}

TEST(decide, sends_at_most_three_answers_at_once) {
  auto entries = shop();
  entries.push_back({"pets", "", "Yes.", "", {"are dogs allowed"}, "en"});
  const auto index = build_index(entries);
  const auto a =
    decide(*index,
           {"are dogs allowed",
            {"when are you open", "how much is shipping", "can I get a refund"},
            "",
            0});
  EXPECT_EQ(a.kind, decision::hand_off);
  EXPECT_EQ(a.reason, "too_many_questions");
  EXPECT_TRUE(a.text.empty());
}

TEST(decide, never_cuts_an_answer_to_fit_a_channel) {
  const auto index = build_index(shop());
  const auto length = std::string(hours).size();
  EXPECT_EQ(decide(*index, {"when are you open", {}, "", length}).kind,
            decision::answer);
  const auto a = decide(*index, {"when are you open", {}, "", length - 1});
  EXPECT_EQ(a.kind, decision::hand_off);
  EXPECT_EQ(a.reason, "answer_too_long");
  EXPECT_TRUE(a.text.empty());
}

std::shared_ptr<const knowledge_index> bilingual() {
  auto entries = shop();
  for (auto& e : entries)
    e.id += "-en";
  entries.push_back({"hours-es",
                     "Horario",
                     "Abrimos de lunes a sábado.",
                     "",
                     {"cuándo abren", "horario de apertura"},
                     "es"});
  entries.push_back({"wifi-en",
                     "WiFi",
                     "Network acme, password sun.",
                     "",
                     {"wifi", "what is the wifi password"},
                     "en"});
  entries.push_back({"wifi-es",
                     "WiFi",
                     "Red acme, clave sol.",
                     "",
                     {"wifi", "cuál es la clave del wifi"},
                     "es"});
  return build_index(entries);
}

TEST(decide, answers_in_the_language_of_the_question) {
  const auto index = bilingual();
  const auto spanish =
    decide(*index, {"¿A qué hora abren? cuando abren", {}, "", 0});
  EXPECT_EQ(spanish.text, "Abrimos de lunes a sábado.");
  EXPECT_EQ(spanish.language, "es");
  EXPECT_EQ(decide(*index, {"when are you open", {}, "es-ES", 0}).text, hours);
}

TEST(decide, lets_the_hint_choose_where_a_word_is_in_both_languages) {
  const auto index = bilingual();
  EXPECT_EQ(decide(*index, {"wifi", {}, "es", 0}).text, "Red acme, clave sol.");
  EXPECT_EQ(decide(*index, {"wifi", {}, "en", 0}).text,
            "Network acme, password sun.");
}

TEST(decide, names_the_language_of_a_hand_off_for_its_message) {
  EXPECT_EQ(asked("¿tienen aparcamiento para los clientes?").language, "es");
  EXPECT_EQ(asked("駐車場はありますか").language, "ja");
}

TEST(decide, bounds_the_work_for_a_pasted_document) {
  std::string pasted;
  while (pasted.size() < 100'000)
    pasted += "lorem ipsum dolor? ";
  EXPECT_EQ(asked(pasted).kind, decision::hand_off);
  EXPECT_EQ(asked(std::string(100'000, 'x')).kind, decision::hand_off);
  EXPECT_EQ(asked(std::string(100'000, '\xff')).kind, decision::hand_off);
}

TEST(decide, gives_the_same_answer_to_the_same_question) {
  const auto a = asked("how long does shipping take");
  const auto b = asked("how long does shipping take");
  EXPECT_EQ(a.text, b.text);
  EXPECT_EQ(a.confidence, b.confidence);
}

TEST(reason_sentence, knows_every_reason_and_passes_others_through) {
  for (const auto* reason :
       {"agreed", "courtesy", "asked_for_human", "no_text", "no_knowledge",
        "no_match", "rankers_disagree", "terms_not_covered",
        "two_entries_close", "low_confidence", "too_many_questions",
        "answer_too_long"})
    EXPECT_NE(reason_sentence(reason), reason);
  EXPECT_EQ(reason_sentence("provider_down"), "provider_down");
}

} // namespace
} // namespace assistly::answers
