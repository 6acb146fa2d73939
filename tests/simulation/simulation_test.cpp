// Random schedules with injected faults, by seed (RELIABILITY sections 3 and
// 10).
#include "tests/simulation/seeds.hpp"

#include <gtest/gtest.h>

#include <cstdio>

namespace assistly::simulation {
namespace {

TEST(simulation, P2_P4_keeps_its_promises_whatever_dies_and_when) {
  auto all = run_seeds({}, wanted("ASSISTLY_SEEDS", 200));
  EXPECT_EQ(all.broken, 0u) << all.first_report;
  // A run in which nothing happens proves nothing.
  EXPECT_GT(all.crashes, static_cast<int>(all.seeds));
  EXPECT_GT(all.arrived, all.seeds);
  EXPECT_GT(all.doubts, all.seeds);
  EXPECT_GT(all.erased, all.seeds);
  std::printf("simulation: %s\n", all.figures().c_str());
}

TEST(simulation, P24_repeats_a_seed_to_the_byte) {
  seed_bed bed;
  for (std::uint64_t seed = 1; seed <= 10; ++seed) {
    plan order;
    order.seed = seed;
    auto once = run(bed, order);
    auto again = run(bed, order);
    EXPECT_EQ(once.hash, again.hash) << "seed " << seed;
    EXPECT_EQ(once.steps, again.steps) << "seed " << seed;
  }
}

TEST(simulation, P24_takes_no_step_of_a_seed_from_what_ran_before_it) {
  plan order;
  order.seed = 7;
  seed_bed one;
  auto first = run(one, order).hash;
  order.seed = 8;
  static_cast<void>(run(one, order));
  order.seed = 7;
  seed_bed another;
  EXPECT_EQ(run(another, order).hash, first);
}

TEST(simulation, tells_how_to_see_a_broken_run_again) {
  verdict v;
  v.seed = 41;
  v.broken = {"something"};
  v.last = "the last step\n";
  auto text = report(v);
  EXPECT_NE(text.find("--seed 41 --trace"), std::string::npos);
  EXPECT_NE(text.find("something"), std::string::npos);
  EXPECT_NE(text.find("the last step"), std::string::npos);
}

} // namespace
} // namespace assistly::simulation
