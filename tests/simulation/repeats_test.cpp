// P2: a webhook delivered several times has one effect.
#include "tests/simulation/seeds.hpp"

#include <gtest/gtest.h>

#include <cstdio>

namespace assistly::simulation {
namespace {

plan many_deliveries(std::uint64_t wanted_deliveries) {
  plan order;
  order.answers = false;
  // Each act is told three times and more, on 15 channels.
  order.acts = static_cast<int>(wanted_deliveries / 15 / 3);
  // Some hundred restarts, however long the run is.
  order.crash_one_in = wanted_deliveries / 60;
  return order;
}

TEST(repeats, P2_have_one_effect_through_shuffles_and_restarts) {
  auto least = wanted("ASSISTLY_DELIVERIES", 10'000);
  seed_bed bed;
  auto v = run(bed, many_deliveries(least));
  EXPECT_TRUE(v.broken.empty()) << report(v);
  EXPECT_GE(v.deliveries, least);
  EXPECT_GE(v.crashes, 10);
  std::printf("repeats: %llu deliveries, %d restarts, %zu duplicate effects\n",
              static_cast<unsigned long long>(v.deliveries), v.crashes,
              v.broken.size());
}

TEST(repeats, P2_are_found_where_nothing_is_known_again) {
  auto order = many_deliveries(1'000);
  order.off = defect::no_dedupe;
  seed_bed bed;
  EXPECT_FALSE(run(bed, order).broken.empty());
}

} // namespace
} // namespace assistly::simulation
