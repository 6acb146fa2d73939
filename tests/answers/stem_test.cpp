#include "answers/stem.hpp"

#include <gtest/gtest.h>

#include <string>
#include <thread>

namespace assistly::answers {
namespace {

TEST(stem, brings_forms_of_a_word_together) {
  EXPECT_EQ(stem("en", "opening"), stem("en", "opened"));
  EXPECT_EQ(stem("es", "envíos"), stem("es", "envío"));
  EXPECT_EQ(stem("ru", "доставка"), stem("ru", "доставки"));
}

TEST(stem, leaves_words_of_other_languages_alone) {
  EXPECT_FALSE(can_stem("he"));
  EXPECT_FALSE(can_stem(""));
  EXPECT_FALSE(can_stem("english"));
  EXPECT_EQ(stem("he", "משלוחים"), "משלוחים");
}

TEST(stem, opens_every_language_it_claims) {
  for (const auto* language :
       {"ar", "ca", "da", "de", "el", "en", "es", "eu", "fi",
        "fr", "ga", "hi", "hu", "hy", "id", "it", "lt", "ne",
        "nl", "no", "pt", "ro", "ru", "sr", "sv", "tr"})
    EXPECT_TRUE(can_stem(language)) << language;
  EXPECT_NE(stem("tr", "kitaplar"), "kitaplar");
  EXPECT_NE(stem("ar", "الكتاب"), "الكتاب");
}

TEST(stem, gives_each_thread_its_own_stemmer) {
  std::string other;
  std::thread([&] { other = stem("en", "deliveries"); }).join();
  EXPECT_EQ(other, stem("en", "deliveries"));
}

} // namespace
} // namespace assistly::answers
