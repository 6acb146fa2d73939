#include "answers/index.hpp"

#include <gtest/gtest.h>

#include <string>
#include <thread>
#include <vector>

namespace assistly::answers {
namespace {

std::vector<knowledge_entry> shop() {
  return {{"hours",
           "Opening hours",
           "We are open Monday to Saturday, 9 to 18.",
           "",
           {"when are you open", "opening hours"},
           ""},
          {"delivery",
           "Delivery",
           "We deliver within three working days.",
           "",
           {"how long does delivery take", "how much is shipping"},
           ""},
          {"returns",
           "Returns",
           "You can return anything within 30 days.",
           "",
           {"how do I return something", "can I get a refund"},
           ""}};
}

std::string first(const knowledge_index& index, std::string_view text) {
  const auto r = index.rank(normalise(text));
  return r.best.empty() ? "" : index.entries()[r.best.front().entry].id;
}

TEST(knowledge_index, finds_the_entry_by_phrasing_title_and_answer) {
  const auto index = build_index(shop());
  EXPECT_EQ(first(*index, "how much is the shipping"), "delivery");
  EXPECT_EQ(first(*index, "returns"), "returns");
  EXPECT_EQ(first(*index, "on Saturday"), "hours");
}

TEST(knowledge_index, finds_words_under_slips_and_other_endings) {
  const auto index = build_index(shop());
  EXPECT_EQ(first(*index, "shiping"), "delivery");
  EXPECT_EQ(first(*index, "refunds"), "returns");
  EXPECT_EQ(first(*index, "oppening huors"), "hours");
}

TEST(knowledge_index, gives_the_full_score_to_its_own_phrasing) {
  const auto index = build_index(shop());
  const auto r = index->rank(normalise("can I get a refund"));
  ASSERT_FALSE(r.best.empty());
  EXPECT_NEAR(r.best.front().words, 1, 1e-3);
  EXPECT_NEAR(r.best.front().letters, 1, 1e-3);
  EXPECT_NEAR(r.best.front().covered, 1, 1e-3);
  EXPECT_LE(r.best.front().terms, 1);
  EXPECT_EQ(r.first_by_terms, 2U);
  EXPECT_EQ(r.first_by_phrasing, 2U);
}

TEST(knowledge_index, lowers_coverage_by_what_it_never_heard_of) {
  const auto index = build_index(shop());
  const auto asked = normalise("can I get a refund for my kayak paddle");
  const auto r = index->rank(asked);
  ASSERT_FALSE(r.best.empty());
  EXPECT_LT(r.best.front().covered, 0.5);
  EXPECT_LT(r.known, 0.5);
}

TEST(knowledge_index, counts_a_repeated_word_once) {
  const auto index = build_index(shop());
  const auto once = index->rank(normalise("refund kayak"));
  const auto often = index->rank(normalise("refund refund refund kayak"));
  EXPECT_FLOAT_EQ(once.best.front().covered, often.best.front().covered);
}

TEST(knowledge_index, has_nothing_for_strangers_and_for_nothing) {
  const auto index = build_index(shop());
  EXPECT_TRUE(index->rank(normalise("xyzzy")).best.empty());
  EXPECT_TRUE(index->rank(normalise("")).best.empty());
  EXPECT_TRUE(index->rank(normalise("\xff\xfe")).best.empty());
}

TEST(knowledge_index, can_be_empty) {
  const auto index = build_index({});
  EXPECT_TRUE(index->entries().empty());
  EXPECT_TRUE(index->rank(normalise("when are you open")).best.empty());
}

TEST(knowledge_index, leaves_out_entries_that_have_no_answer) {
  auto entries = shop();
  entries[1].answer.clear();
  const auto index = build_index(entries);
  EXPECT_EQ(index->entries().size(), 2U);
  EXPECT_NE(first(*index, "how much is shipping"), "delivery");
}

TEST(knowledge_index, takes_entries_with_nothing_but_an_answer) {
  const auto index =
    build_index({{"x", "", "Our parrots speak Latin.", "", {}, "en"}});
  EXPECT_EQ(first(*index, "parrots"), "x");
}

TEST(knowledge_index, reads_chinese_without_spaces) {
  const auto index = build_index(
    {{"hours", "", "九点到十八点。", "", {"你们几点开门", "营业时间"}, ""},
     {"ship", "", "三天。", "", {"多久送到", "运费多少"}, ""}});
  EXPECT_EQ(first(*index, "请问营业时间是什么"), "hours");
  EXPECT_EQ(first(*index, "运费是多少钱"), "ship");
  EXPECT_EQ(index->language_of(0), "zh");
}

TEST(knowledge_index, finds_accented_words_typed_without_accents) {
  const auto index = build_index(
    {{"info", "", "Sí.", "", {"necesito información", "más información"}, "es"},
     {"pay", "", "Sí.", "", {"formas de pago"}, "es"}});
  const auto r = index->rank(normalise("informacion"));
  ASSERT_FALSE(r.best.empty());
  EXPECT_EQ(r.best.front().entry, 0U);
  EXPECT_NEAR(r.best.front().covered, 1, 1e-3);
}

TEST(knowledge_index, guesses_the_language_of_unlabelled_entries) {
  auto entries = shop();
  entries.push_back(
    {"envios",
     "Envíos",
     "Enviamos los pedidos en tres días por toda España.",
     "",
     {"cuánto tarda el envío", "cuánto cuesta el envío a mi país"},
     ""});
  const auto index = build_index(entries);
  EXPECT_EQ(index->language_of(0), "en");
  EXPECT_EQ(index->language_of(3), "es");
}

TEST(knowledge_index, leaves_other_languages_out_when_asked_to) {
  const auto index = build_index(
    {{"wifi-en", "WiFi", "Password: sun", "", {"wifi password"}, "en"},
     {"wifi-es", "WiFi", "Clave: sol", "", {"clave del wifi"}, "es"}});
  const auto r = index->rank(normalise("wifi"), "es");
  ASSERT_EQ(r.best.size(), 1U);
  EXPECT_EQ(r.best.front().entry, 1U);
  EXPECT_TRUE(index->same_in_another_language(0, 1));
}

TEST(knowledge_index, keeps_different_entries_apart) {
  const auto index = build_index(shop());
  EXPECT_FALSE(index->same_in_another_language(0, 1));
}

TEST(knowledge_index, bounds_the_work_for_a_pasted_document) {
  auto entries = shop();
  entries[0].questions.push_back(std::string(100'000, 'a'));
  std::string words;
  for (int i = 0; i < 20'000; ++i)
    words += "w" + std::to_string(i) + " ";
  entries[0].answer = words;
  const auto index = build_index(entries);
  EXPECT_EQ(first(*index, words.substr(0, 100'000)), "hours");
  EXPECT_TRUE(index->rank(normalise("w19999")).best.empty()
              || index->rank(normalise("w19999")).known < 1);
}

TEST(knowledge_index, answers_many_threads_at_once) {
  const auto index = build_index(shop());
  std::vector<std::string> found(4);
  std::vector<std::thread> threads;
  for (auto& f : found)
    threads.emplace_back([&] {
      for (int i = 0; i < 50; ++i)
        f = first(*index, "how long does delivery take");
    });
  for (auto& t : threads)
    t.join();
  for (const auto& f : found)
    EXPECT_EQ(f, "delivery");
}

} // namespace
} // namespace assistly::answers
