#include "model/dedupe.hpp"
#include "tests/fakes/manual_clock.hpp"

#include <gtest/gtest.h>

namespace assistly {
namespace {

TEST(filed_at, is_the_events_own_time_whenever_it_arrives) {
  inbound_event e;
  e.has_time = true;
  e.at = fakes::some_morning;
  EXPECT_EQ(filed_at(e, fakes::some_morning + days{6}), fakes::some_morning);
}

TEST(fetched_place, is_where_the_same_event_is_filed_when_it_is_fetched) {
  inbound_event delivered;
  delivered.has_time = true;
  delivered.at = fakes::some_morning + milliseconds{999};
  auto fetched = delivered;
  fetched.at = fakes::some_morning;
  EXPECT_EQ(fetched_place(filed_at(delivered, fakes::some_morning)),
            filed_at(fetched, fakes::some_morning + hours{1}));
}

TEST(filed_at, is_the_day_of_arrival_for_an_event_without_time) {
  inbound_event e;
  auto day = std::chrono::floor<days>(fakes::some_morning);
  EXPECT_EQ(filed_at(e, day), day);
  EXPECT_EQ(filed_at(e, day + hours{23} + minutes{59}), day);
  EXPECT_EQ(filed_at(e, day + hours{24}), day + days{1});
}

TEST(seen_for, outlasts_whatsapps_week_of_retries) {
  EXPECT_GT(seen_for, days{7});
}

} // namespace
} // namespace assistly
