#include "protocol/webhook/event_time.hpp"

#include <gtest/gtest.h>

namespace assistly::webhook {
namespace {

TEST(event_time, tells_seconds_from_milliseconds_by_their_size) {
  EXPECT_EQ(read_time("1795132800"), from_unix_ms(1795132800000));
  EXPECT_EQ(read_time("1795132800350"), from_unix_ms(1795132800350));
  EXPECT_EQ(read_time("99999999999"), from_unix_ms(99999999999000));
  EXPECT_EQ(read_time("100000000000"), from_unix_ms(100000000000));
}

TEST(event_time, reads_numeric_strings) {
  EXPECT_EQ(read_time("\"1795132800\""), from_unix_ms(1795132800000));
  EXPECT_EQ(read_time("\"1795132800000\""), from_unix_ms(1795132800000));
}

TEST(event_time, finds_no_time_in_anything_else) {
  for (const auto* token :
       {"", "0", "-5", "1795132800.5", "1e12", "null", "\"\"", "\"soon\"",
        "\"1795132800", "1795132800x", "100000000000000",
        "99999999999999999999", "{", "true", "\"2026-11-20T00:00:00+0000\""})
    EXPECT_FALSE(read_time(token)) << token;
}

} // namespace
} // namespace assistly::webhook
