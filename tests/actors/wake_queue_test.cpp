#include "actors/wake_queue.hpp"
#include "tests/fakes/manual_clock.hpp"

#include <gtest/gtest.h>

#include <memory>

namespace assistly::actors {
namespace {

TEST(wake_queue, calls_what_is_due_in_order_and_nothing_else) {
  fakes::manual_clock clock{fakes::some_morning};
  wake_queue queue{clock};
  std::string called;
  queue.arm(clock.now() + seconds{2}, [&] { called += 'b'; });
  queue.arm(clock.now() + seconds{1}, [&] { called += 'a'; });
  queue.arm(clock.now() + seconds{3}, [&] { called += 'c'; });
  clock.advance(seconds{2});
  EXPECT_EQ(queue.run_due(), 2u);
  EXPECT_EQ(called, "ab");
}

TEST(wake_queue, wakes_everybody_when_the_clock_was_set_back) {
  fakes::manual_clock clock{fakes::some_morning};
  wake_queue queue{clock};
  queue.run_due();
  int called = 0;
  queue.arm(clock.now() + seconds{30}, [&] { ++called; });
  clock.advance(-days{1});
  queue.run_due();
  EXPECT_EQ(called, 1) << "or it would wait for a day";
}

TEST(wake_queue, keeps_nothing_that_is_armed_after_the_stop) {
  fakes::manual_clock clock{fakes::some_morning};
  wake_queue queue{clock};
  queue.stop();
  auto held = std::make_shared<int>();
  queue.arm(clock.now(), [held] { *held = 1; });
  EXPECT_EQ(held.use_count(), 1);
  EXPECT_FALSE(queue.next());
}

} // namespace
} // namespace assistly::actors
