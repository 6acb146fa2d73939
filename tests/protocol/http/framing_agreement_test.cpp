#include "tests/fuzz/framing_comparison.hpp"
#include "tests/protocol/http/framing_corpus.hpp"

#include <gtest/gtest.h>

#include <random>
#include <string>

namespace assistly::http {

namespace {

constexpr std::uint64_t max_body = 4096;

TEST(framing_agreement, of_all_parsers_on_the_corpus) {
  for (const auto& entry : framing_corpus())
    EXPECT_EQ(disagreement(entry.raw, {}, max_body), "") << entry.name;
}

// What the fuzz target does with coverage and for hours, in short and without
// clang: mutants of the corpus, always the same ones.
TEST(framing_agreement, of_all_parsers_on_mutants_of_the_corpus) {
  const framing_limits limits{
    .request_line = 128, .headers = 256, .fields = 8, .chunk_extension = 16};
  const std::string pieces = "\r\n\r \t:;,=\"\\\0\x7f\x80"
                             "05aF/?#*@[]TEHCL";
  std::mt19937 random{8112024};
  const auto below = [&](std::size_t n) { return random() % n; };
  std::size_t accepted = 0;
  for (int round = 0; round < 100; ++round)
    for (const auto& entry : framing_corpus()) {
      if (entry.raw.size() > 400)
        continue;
      std::string mutant = entry.raw;
      for (auto changes = 1 + below(3); changes != 0; --changes) {
        const auto at = below(mutant.size());
        const char c = pieces[below(pieces.size())];
        switch (below(4)) {
        case 0:
          mutant[at] = c;
          break;
        case 1:
          mutant.insert(at, 1, c);
          break;
        case 2:
          mutant.erase(at, 1 + below(2));
          break;
        default:
          mutant.insert(at, mutant.substr(at, below(30)));
          break;
        }
        if (mutant.empty())
          mutant = entry.raw;
      }
      ASSERT_EQ(disagreement(mutant, limits, 64), "")
        << testing::PrintToString(mutant);
      accepted += strict_reference{mutant, limits, 64}.read().what
                  == reference_result::kind::accepted;
    }
  // Mutants that are all refused would prove little.
  EXPECT_GT(accepted, 1000U);
}

} // namespace

} // namespace assistly::http
