#include "model/retention.hpp"
#include "tests/fakes/manual_clock.hpp"

#include <gtest/gtest.h>

namespace assistly {
namespace {

TEST(erase_at, is_the_last_activity_and_the_retention_period) {
  retention_policy policy;
  policy.conversation = days{30};
  EXPECT_EQ(erase_at(fakes::some_morning, policy),
            fakes::some_morning + days{30});
  policy.conversation = minutes{15};
  EXPECT_EQ(erase_at(fakes::some_morning, policy),
            fakes::some_morning + minutes{15});
}

TEST(erase_at, rounds_up_to_the_whole_second) {
  retention_policy policy;
  policy.conversation = minutes{15};
  EXPECT_EQ(erase_at(fakes::some_morning + milliseconds{1}, policy),
            fakes::some_morning + minutes{15} + seconds{1});
  EXPECT_EQ(erase_at(fakes::some_morning + milliseconds{999}, policy),
            fakes::some_morning + minutes{15} + seconds{1});
}

TEST(is_expired, is_true_at_the_second_and_never_before) {
  conversation c;
  c.erase_at = fakes::some_morning;
  EXPECT_FALSE(is_expired(c, fakes::some_morning - milliseconds{1}));
  EXPECT_TRUE(is_expired(c, fakes::some_morning));
}

TEST(is_expired, heeds_a_hold_however_long_ago_the_end_was) {
  conversation c;
  c.erase_at = fakes::some_morning;
  c.hold = true;
  EXPECT_FALSE(is_expired(c, fakes::some_morning + days{3'650}));
}

} // namespace
} // namespace assistly
