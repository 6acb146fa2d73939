#include "telemetry/log_capture.hpp"
#include "telemetry/repeated_log.hpp"
#include "tests/fakes/manual_clock.hpp"

#include <gtest/gtest.h>

#include <string>

namespace assistly::telemetry {
namespace {

const fault full{errc::storage_full, "the disk is full"};
const fault broken{errc::storage_failed, "the database broke"};

class a_repeated_log : public testing::Test {
protected:
  void tell(const fault& why) {
    log.log(clock.now(), level::error, "not_kept", why);
  }

  std::size_t lines() const {
    return capture.lines().size();
  }

  bool last_says(const std::string& part) const {
    return capture.lines().back().find(part) != std::string::npos;
  }

  fakes::manual_clock clock{fakes::some_morning};
  log_capture capture;
  repeated_log log;
};

TEST_F(a_repeated_log, writes_the_first_of_a_kind_at_once) {
  tell(full);
  ASSERT_EQ(lines(), 1U);
  EXPECT_TRUE(last_says("not_kept"));
  EXPECT_TRUE(last_says("code=storage_full"));
  EXPECT_TRUE(last_says("the disk is full"));
  EXPECT_FALSE(last_says("suppressed"));
}

TEST_F(a_repeated_log, then_writes_one_line_a_minute_with_the_count) {
  for (int i = 0; i < 600; ++i) {
    tell(full);
    clock.advance(milliseconds{100});
  }
  EXPECT_EQ(lines(), 1U) << "a minute has passed, and nothing happened since";
  tell(full);
  ASSERT_EQ(lines(), 2U);
  EXPECT_TRUE(last_says("suppressed=599"));
  clock.advance(minutes{1});
  tell(full);
  ASSERT_EQ(lines(), 3U);
  EXPECT_FALSE(last_says("suppressed")) << "the count begins anew";
}

TEST_F(a_repeated_log, hides_no_reason_behind_another) {
  tell(full);
  tell(broken);
  log.log(clock.now(), level::warning, "not_decided", full);
  EXPECT_EQ(lines(), 3U);
}

TEST_F(a_repeated_log, goes_on_when_the_clock_is_set_back) {
  tell(full);
  clock.set(clock.now() - hours{5});
  tell(full);
  EXPECT_EQ(lines(), 2U);
  tell(full);
  EXPECT_EQ(lines(), 2U);
}

} // namespace
} // namespace assistly::telemetry
