#include "model/secret.hpp"
#include "telemetry/log.hpp"
#include "telemetry/log_capture.hpp"

#include <gtest/gtest.h>

#include <string>
#include <thread>
#include <type_traits>
#include <vector>

namespace assistly::telemetry {
namespace {

// Neither a secret nor a pointer nor a single character becomes a value.
static_assert(!std::is_constructible_v<field_value, secret_text>);
static_assert(!std::is_constructible_v<field_value, int*>);
static_assert(!std::is_constructible_v<field_value, char>);
static_assert(std::is_constructible_v<field_value, std::uint16_t>);

TEST(log, writes_an_event_with_its_fields) {
  const log_capture capture;
  const std::string address = "127.0.0.1";
  log(level::info, "server_started", {{"address", address}, {"port", 8080}});
  ASSERT_EQ(capture.lines().size(), 1U);
  EXPECT_NE(capture.lines()[0].find(
              "info    server_started address=127.0.0.1 port=8080"),
            std::string::npos);
}

TEST(log, writes_json_where_it_is_asked_for) {
  const log_capture capture{{level::debug, log_format::json}};
  log(level::debug, "tick", {});
  ASSERT_EQ(capture.lines().size(), 1U);
  EXPECT_EQ(capture.lines()[0].front(), '{');
  EXPECT_NE(capture.lines()[0].find("\"event\":\"tick\""), std::string::npos);
}

TEST(log, leaves_out_what_is_below_the_level) {
  const log_capture capture{{level::warning, log_format::text}};
  log(level::debug, "below");
  log(level::info, "below");
  log(level::warning, "kept");
  log(level::error, "kept");
  EXPECT_EQ(capture.lines().size(), 2U);
  EXPECT_FALSE(would_log(level::info));
  EXPECT_TRUE(would_log(level::error));
}

TEST(log, redacts_a_secret_by_its_field_name) {
  const log_capture capture;
  log(level::error, "call_failed", {{"authorization", "Bearer EAAcanary"}});
  ASSERT_EQ(capture.lines().size(), 1U);
  EXPECT_EQ(capture.lines()[0].find("EAAcanary"), std::string::npos);
}

TEST(log, takes_lines_from_many_threads_whole) {
  const log_capture capture;
  std::vector<std::thread> writers;
  for (int writer = 0; writer < 4; ++writer)
    writers.emplace_back([] {
      for (int i = 0; i < 250; ++i)
        log(level::info, "line", {{"number", i}});
    });
  for (auto& each : writers)
    each.join();
  const auto lines = capture.lines();
  ASSERT_EQ(lines.size(), 1000U);
  for (const auto& line : lines)
    EXPECT_NE(line.find(" line number="), std::string::npos);
}

TEST(log, writes_everything_that_waits_before_it_stops) {
  testing::internal::CaptureStderr();
  start_log({level::info, log_format::text});
  for (int i = 0; i < 500; ++i)
    log(level::info, "waiting", {{"number", i}});
  stop_log();
  const std::string written = testing::internal::GetCapturedStderr();
  EXPECT_NE(written.find("waiting number=0\n"), std::string::npos);
  EXPECT_NE(written.find("waiting number=499\n"), std::string::npos);
}

TEST(log, is_json_where_standard_error_is_no_terminal) {
  testing::internal::CaptureStderr();
  start_log({level::info, log_format::automatic});
  log(level::info, "once");
  stop_log();
  EXPECT_EQ(testing::internal::GetCapturedStderr().front(), '{');
}

TEST(log, says_warnings_even_before_it_was_started) {
  testing::internal::CaptureStderr();
  log(level::info, "early_note");
  log(level::warning, "early_warning");
  const std::string written = testing::internal::GetCapturedStderr();
  EXPECT_EQ(written.find("early_note"), std::string::npos);
  EXPECT_NE(written.find("early_warning"), std::string::npos);
}

TEST(log, knows_its_levels_and_formats_by_name) {
  for (const level each :
       {level::debug, level::info, level::warning, level::error})
    EXPECT_EQ(parse_level(to_string(each)), each);
  EXPECT_FALSE(parse_level("loud"));
  EXPECT_EQ(parse_log_format("auto"), log_format::automatic);
  EXPECT_EQ(parse_log_format("json"), log_format::json);
  EXPECT_EQ(parse_log_format("text"), log_format::text);
  EXPECT_FALSE(parse_log_format(""));
}

} // namespace
} // namespace assistly::telemetry
