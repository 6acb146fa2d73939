#include "model/subscription_rules.hpp"
#include "tests/fakes/manual_clock.hpp"

#include <gtest/gtest.h>

namespace assistly {
namespace {

const timestamp now = fakes::some_morning;

TEST(first_look, spreads_many_over_a_minute) {
  EXPECT_EQ(first_look(now, 0, 0), now);
  EXPECT_EQ(first_look(now, 0, 4), now);
  EXPECT_EQ(first_look(now, 3, 4), now + seconds{45});
  EXPECT_LT(first_look(now, 9'999, 10'000), now + first_looks_within);
}

TEST(was_away, begins_with_what_meta_does_not_repair_by_itself) {
  EXPECT_FALSE(was_away(std::nullopt, now)) << "the first start of all";
  EXPECT_FALSE(was_away(now - outage_counts_from + milliseconds{1}, now));
  EXPECT_TRUE(was_away(now - outage_counts_from, now));
  EXPECT_FALSE(was_away(now + hours{1}, now)) << "the clock was set back";
}

TEST(fill_from, reaches_back_a_day_but_not_to_before_the_channel_was_ours) {
  EXPECT_EQ(fill_from(now - days{90}, now), now - hours{24});
  EXPECT_EQ(fill_from(now - hours{3}, now), now - hours{3});
}

TEST(watch_period, keeps_the_promise_of_five_minutes) {
  EXPECT_LE(watch_period, minutes{5});
  EXPECT_LT(watch_again_after, watch_period);
}

} // namespace
} // namespace assistly
