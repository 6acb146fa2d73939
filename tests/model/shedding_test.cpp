#include "model/shedding.hpp"
#include "tests/fakes/manual_clock.hpp"

#include <gtest/gtest.h>

namespace assistly {
namespace {

constexpr auto morning = fakes::some_morning;

struct row {
  milliseconds p99;
  bool read, answer, send, inbox;
};

TEST(is_shed, follows_the_table_with_the_inbox_last) {
  constexpr row table[] = {
    {milliseconds{0}, false, false, false, false},
    {milliseconds{250}, false, false, false, false},
    {milliseconds{251}, true, false, false, false},
    {milliseconds{500}, true, false, false, false},
    {milliseconds{501}, true, true, false, false},
    {milliseconds{1'000}, true, true, false, false},
    {milliseconds{1'001}, true, true, true, false},
    {milliseconds{2'000}, true, true, true, false},
    {milliseconds{2'001}, true, true, true, true},
    {hours{1}, true, true, true, true},
  };
  for (const auto& r : table) {
    EXPECT_EQ(is_shed(shed_work::read, r.p99), r.read) << r.p99.count();
    EXPECT_EQ(is_shed(shed_work::answer, r.p99), r.answer) << r.p99.count();
    EXPECT_EQ(is_shed(shed_work::send, r.p99), r.send) << r.p99.count();
    EXPECT_EQ(is_shed(shed_work::inbox, r.p99), r.inbox) << r.p99.count();
  }
}

TEST(latency_window, tells_nothing_of_nothing) {
  latency_window w;
  EXPECT_EQ(w.p99(morning), milliseconds{0});
}

TEST(latency_window, rounds_down_by_a_fifth_at_most) {
  for (auto [took, told] : {std::pair{0, 1},
                            {1, 1},
                            {8, 8},
                            {9, 9},
                            {10, 9},
                            {1'024, 897},
                            {1'025, 1'025},
                            {2'000, 1'793},
                            {2'049, 2'049},
                            {999'999, 57'345}}) {
    latency_window w;
    w.add(milliseconds{took}, morning);
    EXPECT_EQ(w.p99(morning), milliseconds{told}) << took;
  }
}

TEST(latency_window, is_not_moved_by_one_long_commit_among_others) {
  latency_window w;
  w.add(seconds{5}, morning);
  EXPECT_GT(w.p99(morning), seconds{2}) << "it is all there is";
  w.add(milliseconds{2}, morning);
  EXPECT_EQ(w.p99(morning), milliseconds{2});
  for (int i = 0; i < 1'000; ++i)
    w.add(milliseconds{2}, morning);
  EXPECT_EQ(w.p99(morning), milliseconds{2});
  for (int i = 0; i < 20; ++i)
    w.add(seconds{5}, morning);
  EXPECT_GT(w.p99(morning), seconds{2}) << "more than one in a hundred";
}

TEST(latency_window, forgets_after_ten_seconds) {
  latency_window w;
  w.add(seconds{5}, morning);
  EXPECT_GT(w.p99(morning + seconds{9}), seconds{2});
  EXPECT_EQ(w.p99(morning + seconds{10}), milliseconds{0});
  w.add(milliseconds{1}, morning + seconds{10});
  EXPECT_EQ(w.p99(morning + seconds{10}), milliseconds{1})
    << "a slot of its remainder is not mixed with a new one";
}

TEST(latency_window, ignores_what_a_clock_set_back_left_in_the_future) {
  latency_window w;
  w.add(seconds{5}, morning);
  EXPECT_EQ(w.p99(morning - hours{1}), milliseconds{0});
}

} // namespace
} // namespace assistly
