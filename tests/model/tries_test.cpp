#include "model/tries.hpp"

#include <gtest/gtest.h>

namespace assistly {
namespace {

TEST(try_again_after, doubles_and_is_capped) {
  EXPECT_EQ(try_again_after(1), seconds{4});
  EXPECT_EQ(try_again_after(2), seconds{8});
  EXPECT_EQ(try_again_after(4), seconds{32});
  EXPECT_EQ(try_again_after(50), minutes{5});
  EXPECT_EQ(try_again_after(0), seconds{4}) << "there is no try before it";
}

TEST(tried_together, parts_what_was_there_at_a_death_until_each_is_alone) {
  EXPECT_EQ(tried_together(0, 512), 512u);
  EXPECT_EQ(tried_together(1, 512), 1u) << "it was refused by name";
  EXPECT_EQ(tried_together(2, 512), 32u);
  for (auto tries = 3; tries < most_event_tries; ++tries)
    EXPECT_EQ(tried_together(tries, 512), 1u);
}

TEST(dead_reason, has_a_name_that_holds_no_content) {
  EXPECT_EQ(to_string(dead_reason::unreadable), "unreadable");
  EXPECT_EQ(to_string(dead_reason::failed), "failed");
  EXPECT_EQ(to_string(dead_reason::died), "died");
}

} // namespace
} // namespace assistly
