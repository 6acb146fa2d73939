#include "protocol/graph/rate_headers.hpp"

#include <gtest/gtest.h>

namespace assistly::graph {
namespace {

using fields = std::vector<std::pair<std::string, std::string>>;

TEST(rate_headers, give_the_highest_of_the_three_figures) {
  const auto usage = read_rate_headers(fields{
    {"X-App-Usage", R"({"call_count":28,"total_time":25,"total_cputime":31})"},
    {"x-page-usage", R"({"call_count":100})"}});
  EXPECT_EQ(usage.app_percent, 31);
  EXPECT_EQ(usage.page_percent, 100);
  EXPECT_EQ(usage.highest_percent(), 100);
  EXPECT_EQ(usage.longest_wait(), minutes{0});
}

TEST(rate_headers, give_each_account_and_type) {
  const auto usage = read_rate_headers(fields{
    {"x-BUSINESS-use-case-usage",
     R"({"1":[{"type":"messenger","call_count":12,"total_cputime":3,)"
     R"("total_time":4,"estimated_time_to_regain_access":0},)"
     R"({"type":"pages","call_count":96.2,"estimated_time_to_regain_access":19}],)"
     R"("2":[{"type":"instagram","total_time":7}]})"}});
  ASSERT_EQ(usage.accounts.size(), 3U);
  EXPECT_EQ(usage.accounts[0].account_id, "1");
  EXPECT_EQ(usage.accounts[0].type, "messenger");
  EXPECT_EQ(usage.accounts[0].percent, 12);
  EXPECT_EQ(usage.accounts[1].percent, 97);
  EXPECT_EQ(usage.accounts[1].regain_access, minutes{19});
  EXPECT_EQ(usage.accounts[2].account_id, "2");
  EXPECT_EQ(usage.longest_wait(), minutes{19});
}

TEST(rate_headers, count_as_absent_when_malformed) {
  for (const std::string value :
       {"", "x", "{", "[]", "null", "7", R"({"call_count":"28"})",
        R"({"call_count":-5})", R"({"call_count":null})", R"({"1":7})",
        R"({"1":[7]})", R"({"1":{"call_count":5}})"}) {
    const auto usage =
      read_rate_headers(fields{{"X-App-Usage", value},
                               {"X-Page-Usage", value},
                               {"X-Business-Use-Case-Usage", value}});
    EXPECT_EQ(usage.highest_percent(), 0) << value;
    EXPECT_TRUE(usage.accounts.empty()) << value;
  }
  EXPECT_EQ(read_rate_headers(fields{}).highest_percent(), 0);
  EXPECT_EQ(read_rate_headers(fields{{"X-App-Usages", R"({"call_count":9})"}})
              .app_percent,
            0);
}

TEST(rate_headers, stay_within_bounds) {
  std::string many = R"({"1":[)";
  for (int i = 0; i < 100; ++i)
    many += std::string{i == 0 ? "" : ","} + R"({"call_count":1e300})";
  many += "]}";
  const auto usage =
    read_rate_headers(fields{{"X-Business-Use-Case-Usage", many}});
  EXPECT_EQ(usage.accounts.size(), 32U);
  EXPECT_EQ(usage.highest_percent(), 1'000'000);
  EXPECT_EQ(read_rate_headers(
              fields{{"X-App-Usage", R"({"call_count":9,"x":")"
                                       + std::string(20000, 'x') + R"("})"}})
              .app_percent,
            0);
}

} // namespace
} // namespace assistly::graph
