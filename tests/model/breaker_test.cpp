#include "model/breaker.hpp"
#include "tests/fakes/manual_clock.hpp"

#include <gtest/gtest.h>

namespace assistly {
namespace {

constexpr auto morning = fakes::some_morning;

breaker outages(breaker b, int count, timestamp now = morning) {
  for (int i = 0; i < count; ++i)
    b = after_call(b, call_end::outage, now);
  return b;
}

TEST(breaker, opens_after_so_many_outages_in_a_row_and_not_before) {
  auto b = outages({}, outages_to_open - 1);
  EXPECT_EQ(b.state, breaker_state::closed);
  EXPECT_EQ(calls_allowed(b, 64), 64u);
  b = outages(b, 1);
  EXPECT_EQ(b.state, breaker_state::open);
  EXPECT_EQ(calls_allowed(b, 64), 0u);
  EXPECT_EQ(b.open_until, morning + first_opening);
}

TEST(breaker, forgets_outages_with_the_first_answer) {
  auto b = outages({}, outages_to_open - 1);
  b = after_call(b, call_end::answered, morning);
  b = outages(b, outages_to_open - 1);
  EXPECT_EQ(b.state, breaker_state::closed);
}

TEST(breaker, lets_one_call_pass_when_its_time_is_over_and_never_earlier) {
  auto b = outages({}, outages_to_open);
  auto end = b.open_until;
  EXPECT_EQ(at_time(b, end - milliseconds{1}).state, breaker_state::open);
  b = at_time(b, end);
  EXPECT_EQ(b.state, breaker_state::half_open);
  EXPECT_EQ(calls_allowed(b, 64), 1u);
  EXPECT_EQ(calls_allowed(b, 0), 0u);
}

TEST(breaker, closes_when_the_call_was_answered) {
  auto b = at_time(outages({}, outages_to_open), morning + first_opening);
  b = after_call(b, call_end::answered, morning + first_opening);
  EXPECT_EQ(b.state, breaker_state::closed);
  EXPECT_EQ(calls_allowed(b, 64), 64u);
  EXPECT_EQ(outages(b, outages_to_open).open_until, morning + first_opening)
    << "and the next opening is a short one again";
}

TEST(breaker, opens_for_twice_as_long_each_time_up_to_the_longest) {
  auto now = morning;
  auto b = outages({}, outages_to_open, now);
  auto expected = first_opening;
  for (int i = 0; i < 12; ++i) {
    EXPECT_EQ(b.open_until - now, expected) << i;
    now = b.open_until;
    b = outages(at_time(b, now), 1, now);
    EXPECT_EQ(b.state, breaker_state::open);
    expected = std::min(2 * expected, longest_opening);
  }
}

TEST(breaker, is_not_prolonged_by_calls_that_began_before_it_opened) {
  auto b = outages({}, outages_to_open);
  auto end = b.open_until;
  b = outages(b, 60, morning + seconds{3});
  EXPECT_EQ(b.open_until, end);
  EXPECT_EQ(b.openings, 1);
}

TEST(breaker, ends_an_opening_that_a_clock_set_back_would_prolong) {
  auto b = outages({}, outages_to_open);
  EXPECT_EQ(at_time(b, morning - hours{5}).state, breaker_state::half_open);
}

} // namespace
} // namespace assistly
