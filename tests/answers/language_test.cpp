#include "answers/language.hpp"

#include <gtest/gtest.h>

namespace assistly::answers {
namespace {

std::string guessed(std::string_view text) {
  return guess_language(normalise(text));
}

TEST(primary_language, takes_the_first_subtag) {
  EXPECT_EQ(primary_language("pt-BR"), "pt");
  EXPECT_EQ(primary_language("ES_mx"), "es");
  EXPECT_EQ(primary_language("fil"), "fil");
}

TEST(primary_language, refuses_what_is_no_tag) {
  EXPECT_EQ(primary_language(""), "");
  EXPECT_EQ(primary_language("x"), "");
  EXPECT_EQ(primary_language("english"), "");
  EXPECT_EQ(primary_language("e1"), "");
}

TEST(guess_language, knows_scripts_of_one_language) {
  EXPECT_EQ(guessed("מתי אתם פתוחים"), "he");
  EXPECT_EQ(guessed("πότε ανοίγετε"), "el");
  EXPECT_EQ(guessed("เปิดกี่โมง"), "th");
  EXPECT_EQ(guessed("영업시간이 언제예요"), "ko");
  EXPECT_EQ(guessed("営業時間を教えてください"), "ja");
  EXPECT_EQ(guessed("你们几点开门"), "zh");
}

TEST(guess_language, tells_languages_of_one_script_by_their_small_words) {
  EXPECT_EQ(guessed("when are you open on the weekend"), "en");
  EXPECT_EQ(guessed("¿cuándo abren los domingos por la tarde?"), "es");
  EXPECT_EQ(guessed("wann haben Sie am Sonntag geöffnet und wo"), "de");
  EXPECT_EQ(guessed("коли ви працюєте"), "uk");
  EXPECT_EQ(guessed("когда вы открыты"), "ru");
}

TEST(guess_language, says_nothing_when_unsure) {
  EXPECT_EQ(guessed("wifi"), "");
  EXPECT_EQ(guessed(""), "");
  EXPECT_EQ(guessed("no"), "");
}

language_profiles english_and_spanish() {
  language_profiles p;
  p.add("en", normalise("when are you open opening hours how much is shipping "
                        "do you ship to my country can I get a refund"));
  p.add("es", normalise("cuándo abren horario de apertura cuánto cuesta el "
                        "envío hacen envíos a mi país puedo devolver algo"));
  return p;
}

TEST(language_profiles, tells_the_business_languages_apart) {
  const auto p = english_and_spanish();
  EXPECT_EQ(p.detect(normalise("opening hours"), ""), "en");
  EXPECT_EQ(p.detect(normalise("horario"), ""), "es");
}

TEST(language_profiles, lets_a_hint_decide_close_calls_only) {
  const auto p = english_and_spanish();
  EXPECT_EQ(p.detect(normalise("wifi"), ""), "");
  EXPECT_EQ(p.detect(normalise("wifi"), "es"), "es");
  EXPECT_EQ(p.detect(normalise("how much is shipping"), "es"), "en");
}

TEST(language_profiles, has_nothing_to_say_with_one_language) {
  language_profiles p;
  p.add("en", normalise("when are you open"));
  EXPECT_EQ(p.detect(normalise("when are you open"), ""), "");
  EXPECT_EQ(p.nearest(normalise("horario")), "en");
  EXPECT_EQ(language_profiles{}.nearest(normalise("horario")), "");
}

} // namespace
} // namespace assistly::answers
