// P4: at most one copy of each answer by our fault, none lost in silence,
// wherever the process dies.
#include "tests/simulation/seeds.hpp"

#include <gtest/gtest.h>

#include <cstdio>

namespace assistly::simulation {
namespace {

class crash_points : public testing::TestWithParam<crash_point> {};

TEST_P(crash_points, P4_lose_and_double_nothing) {
  plan order;
  order.only = GetParam();
  auto crashes = wanted("ASSISTLY_CRASHES", 20);
  seed_bed bed;
  total all;
  for (order.seed = 1; static_cast<std::uint64_t>(all.crashes) < crashes;
       ++order.seed) {
    // A point that is never met would make this endless.
    ASSERT_LT(order.seed, 20 * crashes) << all.figures();
    all.add(run(bed, order));
    ASSERT_EQ(all.broken, 0u) << to_string(GetParam()) << "\n"
                              << all.first_report;
  }
  std::printf("%s: %s\n", std::string{to_string(GetParam())}.c_str(),
              all.figures().c_str());
}

INSTANTIATE_TEST_SUITE_P(all, crash_points, testing::ValuesIn(all_crash_points),
                         [](const auto& of) {
                           return std::string{to_string(of.param)};
                         });

} // namespace
} // namespace assistly::simulation
