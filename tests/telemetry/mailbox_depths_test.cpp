#include "telemetry/mailbox_depths.hpp"

#include <gtest/gtest.h>

namespace assistly::telemetry {
namespace {

TEST(mailbox_depths, tell_the_deepest_and_the_sum) {
  mailbox_depths all;
  EXPECT_EQ(all.deepest(), 0);
  for (std::size_t i = 0; i < 3; ++i)
    all.grown(i);
  all.grown(0);
  EXPECT_EQ(all.deepest(), 3);
  EXPECT_EQ(all.total(), 4);
  all.shrunk(3);
  EXPECT_EQ(all.deepest(), 2);
  all.gone(2);
  EXPECT_EQ(all.deepest(), 1);
  EXPECT_EQ(all.total(), 1);
  all.shrunk(1);
  EXPECT_EQ(all.deepest(), 0);
  EXPECT_EQ(all.total(), 0);
}

TEST(mailbox_depths, of_a_mailbox_that_went_empty_change_nothing) {
  mailbox_depths all;
  all.gone(0);
  EXPECT_EQ(all.deepest(), 0);
}

TEST(mailbox_depths, beyond_what_is_counted_apart_are_told_as_that) {
  mailbox_depths all;
  for (std::size_t i = 0; i < mailbox_depths::counted + 10; ++i)
    all.grown(i);
  EXPECT_EQ(all.deepest(), std::int64_t{mailbox_depths::counted});
  all.gone(mailbox_depths::counted + 10);
  EXPECT_EQ(all.deepest(), 0);
}

} // namespace
} // namespace assistly::telemetry
