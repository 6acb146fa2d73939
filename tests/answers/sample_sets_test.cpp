// Floors on public samples (tests/fixtures/answers/README.md), each a little
// below what was measured, so that a change that costs quality shows.
#include "answers/decide.hpp"

#include <gtest/gtest.h>
#include <simdjson.h>

#include <fstream>
#include <map>
#include <string>
#include <vector>

namespace assistly::answers {
namespace {

struct asked_question {
  std::string text;
  std::string entry;
};

struct sample {
  std::vector<knowledge_entry> entries;
  std::vector<asked_question> questions;
};

const std::string folder = ASSISTLY_ANSWER_SAMPLES;

std::string text_of(simdjson::dom::element value) {
  std::string_view text;
  return value.get(text) == simdjson::SUCCESS ? std::string(text) : "";
}

sample read_corpus(const std::string& language, bool labelled) {
  sample s;
  simdjson::dom::parser parser;
  simdjson::dom::array data;
  const auto path = folder + "/nlpjs-multilingual/corpus-" + language + ".json";
  EXPECT_EQ(parser.load(path)["data"].get(data), simdjson::SUCCESS) << path;
  for (const auto intent : data) {
    std::string_view name;
    simdjson::dom::array utterances;
    simdjson::dom::array tests;
    if (intent["intent"].get(name) != simdjson::SUCCESS || name == "None"
        || intent["utterances"].get(utterances) != simdjson::SUCCESS
        || intent["tests"].get(tests) != simdjson::SUCCESS)
      continue;
    knowledge_entry e;
    e.id = std::string(name) + "-" + language;
    e.answer = "The answer of " + e.id;
    e.language = labelled ? language : "";
    for (const auto u : utterances)
      e.questions.push_back(text_of(u));
    for (const auto t : tests)
      s.questions.push_back({text_of(t), e.id});
    s.entries.push_back(std::move(e));
  }
  return s;
}

struct score {
  double precision = 0; ///< Right of those answered.
  double answered = 0;  ///< Share of all questions.
};

score score_of(const knowledge_index& index,
               const std::vector<asked_question>& questions) {
  double answered = 0;
  double right = 0;
  for (const auto& q : questions) {
    const auto a = decide(index, {q.text, {}, "", 0});
    if (a.kind != decision::answer)
      continue;
    ++answered;
    right += a.sources.size() == 1 && a.sources.front().id == q.entry ? 1 : 0;
  }
  return {right / answered, answered / static_cast<double>(questions.size())};
}

TEST(sample_sets, english_questions_are_answered_right) {
  const auto s = read_corpus("en", true);
  ASSERT_EQ(s.entries.size(), 50U);
  ASSERT_EQ(s.questions.size(), 250U);
  const auto got = score_of(*build_index(s.entries), s.questions);
  EXPECT_GE(got.precision, 0.97); // measured 1.000
  EXPECT_GE(got.answered, 0.75);  // measured 0.800
}

TEST(sample_sets, spanish_questions_are_answered_right) {
  const auto s = read_corpus("es", true);
  ASSERT_EQ(s.questions.size(), 250U);
  const auto got = score_of(*build_index(s.entries), s.questions);
  EXPECT_GE(got.precision, 0.95); // measured 0.988
  EXPECT_GE(got.answered, 0.66);  // measured 0.692
}

TEST(sample_sets, two_unlabelled_languages_stay_apart) {
  auto both = read_corpus("en", false);
  const auto spanish = read_corpus("es", false);
  both.entries.insert(both.entries.end(), spanish.entries.begin(),
                      spanish.entries.end());
  const auto index = build_index(both.entries);
  const auto en = score_of(*index, both.questions);
  const auto es = score_of(*index, spanish.questions);
  EXPECT_GE(en.precision, 0.97); // measured 1.000
  EXPECT_GE(en.answered, 0.75);  // measured 0.796
  EXPECT_GE(es.precision, 0.93); // measured 0.961
  EXPECT_GE(es.answered, 0.66);  // measured 0.720
}

TEST(sample_sets, questions_out_of_scope_are_handed_off) {
  const auto index = build_index(read_corpus("en", true).entries);
  std::ifstream file(folder + "/clinc150/out_of_scope.txt");
  double asked = 0;
  double handed_off = 0;
  for (std::string line; std::getline(file, line);) {
    ++asked;
    handed_off +=
      decide(*index, {line, {}, "", 0}).kind == decision::hand_off ? 1 : 0;
  }
  ASSERT_EQ(asked, 60);
  EXPECT_GE(handed_off / asked, 0.95); // measured 1.000
}

TEST(sample_sets, what_is_sent_is_always_an_entrys_own_answer) {
  const auto s = read_corpus("en", true);
  const auto index = build_index(s.entries);
  std::map<std::string, std::string> answers;
  for (const auto& e : s.entries)
    answers[e.id] = e.answer;
  for (const auto& q : s.questions) {
    const auto a = decide(*index, {q.text, {}, "", 0});
    std::string expected;
    for (const auto& from : a.sources)
      expected += (expected.empty() ? "" : "\n\n") + answers[from.id];
    EXPECT_EQ(a.text, expected);
  }
}

} // namespace
} // namespace assistly::answers
