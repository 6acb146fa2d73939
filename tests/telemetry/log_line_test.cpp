#include "telemetry/log_line.hpp"

#include <gtest/gtest.h>

#include <limits>
#include <string>

namespace assistly::telemetry {
namespace {

// 2026-11-24T03:46:26.123Z
constexpr timestamp moment = from_unix_ms(1795491986123);

TEST(log_line, writes_time_level_event_and_fields_for_people) {
  const std::string address = "127.0.0.1:8080";
  EXPECT_EQ(text_line(moment, level::info, "server_started",
                      {{"address", address}, {"tls", false}, {"cores", 2}}),
            "2026-11-24T03:46:26.123Z info    server_started "
            "address=127.0.0.1:8080 tls=false cores=2");
}

TEST(log_line, writes_one_json_object_for_machines) {
  EXPECT_EQ(
    json_line(moment, level::warning, "slow_commit",
              {{"waited", 1.5}, {"engine", "sqlite"}, {"rows", 7}}),
    R"({"time":"2026-11-24T03:46:26.123Z","level":"warning",)"
    R"("event":"slow_commit","waited":1.5,"engine":"sqlite","rows":7})");
}

TEST(log_line, quotes_a_text_that_would_look_like_another_field) {
  EXPECT_EQ(text_line(moment, level::info, "x", {{"reason", "a b=\"c\""}}),
            R"(2026-11-24T03:46:26.123Z info    x reason="a b=\"c\"")");
  EXPECT_NE(text_line(moment, level::info, "x", {{"reason", ""}}).find("=\"\""),
            std::string::npos);
}

TEST(log_line, keeps_a_forged_line_on_its_own_line) {
  const std::string forged = "x\r\n2026-11-24T03:46:26.123Z error fake";
  for (const std::string& line :
       {text_line(moment, level::info, "e", {{"reason", forged}}),
        json_line(moment, level::info, "e", {{"reason", forged}})}) {
    EXPECT_EQ(line.find('\n'), std::string::npos);
    EXPECT_EQ(line.find('\r'), std::string::npos);
  }
}

TEST(log_line, escapes_a_backslash_and_a_quote_in_json) {
  EXPECT_NE(json_line(moment, level::info, "e", {{"reason", "\n\"\\"}})
              .find(R"("reason":"\\n\"\\\\")"),
            std::string::npos);
}

TEST(log_line, writes_what_is_no_number_as_null_in_json) {
  EXPECT_NE(json_line(moment, level::info, "e",
                      {{"ratio", std::numeric_limits<double>::infinity()}})
              .find("\"ratio\":null"),
            std::string::npos);
}

TEST(escaped, shows_control_characters_and_terminal_sequences) {
  EXPECT_EQ(escaped("a\r\n\tb"), "a\\r\\n\\tb");
  EXPECT_EQ(escaped("\x1b[31mred"), "\\x1b[31mred");
  EXPECT_EQ(escaped(std::string_view{"\0\x7f", 2}), "\\x00\\x7f");
  EXPECT_EQ(escaped("\xc2\x9b"), "\\u009b");
  EXPECT_EQ(escaped("back\\slash"), "back\\\\slash");
}

TEST(escaped, shows_line_separators_and_direction_marks) {
  EXPECT_EQ(escaped("\xe2\x80\xa8"), "\\u2028");
  EXPECT_EQ(escaped("\xe2\x80\xae"), "\\u202e");
  EXPECT_EQ(escaped("\xf3\xa0\x80\x81"), "\\U000e0001");
}

TEST(escaped, shows_broken_utf8_byte_by_byte) {
  EXPECT_EQ(escaped("\xff"), "\\xff");
  EXPECT_EQ(escaped("\xc3"), "\\xc3");
  EXPECT_EQ(escaped("\xc0\xaf"), "\\xc0\\xaf");
  EXPECT_EQ(escaped("\xed\xa0\x80"), "\\xed\\xa0\\x80");
}

TEST(escaped, leaves_other_languages_alone) {
  EXPECT_EQ(escaped("ñandú 漢字 🚲"), "ñandú 漢字 🚲");
}

TEST(escaped, never_takes_more_than_its_limit) {
  EXPECT_EQ(escaped(std::string(200, 'a')), std::string(200, 'a'));
  const std::string cut = escaped(std::string(201, 'a'));
  EXPECT_EQ(cut, std::string(197, 'a') + "...");
  EXPECT_LE(escaped(std::string(5000, '\x01')).size(), max_field_bytes);
}

TEST(escaped, cuts_between_characters) {
  std::string bicycles;
  for (int i = 0; i < 100; ++i)
    bicycles += "🚲";
  const std::string cut = escaped(bicycles);
  ASSERT_EQ(cut.size() % 4, 3U);
  EXPECT_EQ(cut, bicycles.substr(0, cut.size() - 3) + "...");
}

TEST(is_redacted, knows_names_of_secrets_and_of_content) {
  for (const char* name :
       {"token", "access_token", "tokens", "app_secret", "apikey_secret",
        "password", "authorization", "api_key", "key", "text", "reply_text",
        "body", "request_body", "message", "phone", "customer_email"})
    EXPECT_TRUE(is_redacted(name, false)) << name;
}

TEST(is_redacted, leaves_harmless_names_alone) {
  for (const char* name : {"address", "port", "monkey", "context", "messages",
                           "reason", "bodies", "option", "trace"})
    EXPECT_FALSE(is_redacted(name, false)) << name;
}

TEST(is_redacted, lets_a_measure_through_but_no_text_under_its_name) {
  EXPECT_FALSE(is_redacted("body_bytes", true));
  EXPECT_TRUE(is_redacted("body_bytes", false));
  EXPECT_TRUE(is_redacted("phone", true));
}

TEST(log_line, redacts_in_both_formats) {
  const std::string canary = "EAAcanary";
  EXPECT_EQ(text_line(moment, level::info, "e", {{"access_token", canary}}),
            "2026-11-24T03:46:26.123Z info    e access_token=[redacted]");
  const std::string json =
    json_line(moment, level::info, "e", {{"text", canary}, {"phone", 49170}});
  EXPECT_EQ(json.find(canary), std::string::npos);
  EXPECT_EQ(json.find("49170"), std::string::npos);
}

} // namespace
} // namespace assistly::telemetry
