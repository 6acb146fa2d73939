/// Every stored answer of Meta against what a person said it means for a send:
/// expected_results.tsv has one row a file.
#include "protocol/graph/send_result.hpp"

#include <boost/json.hpp>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <set>
#include <sstream>

namespace assistly::graph {
namespace {

struct answer {
  int status = 0;
  std::string body;
  std::vector<std::pair<std::string, std::string>> headers;
};

answer load(const std::string& name) {
  std::ifstream file{std::string{ASSISTLY_FIXTURES "/responses/"} + name};
  EXPECT_TRUE(file) << name;
  const auto stored =
    boost::json::parse(std::string{std::istreambuf_iterator<char>{file}, {}});
  answer out;
  out.status = static_cast<int>(stored.at("status").as_int64());
  if (!stored.at("body").is_null())
    out.body = boost::json::serialize(stored.at("body"));
  for (const auto& [key, value] : stored.at("headers").as_object())
    out.headers.emplace_back(key, value.as_string());
  return out;
}

std::string scope_text(rate_scope scope) {
  switch (scope) {
  case rate_scope::app:
    return "app";
  case rate_scope::account:
    return "account";
  case rate_scope::pair:
    return "pair";
  case rate_scope::none:
    break;
  }
  return "none";
}

std::vector<std::vector<std::string>> expected_rows() {
  std::ifstream file{ASSISTLY_SOURCE_DIR
                     "/tests/protocol/graph/expected_results.tsv"};
  EXPECT_TRUE(file);
  std::vector<std::vector<std::string>> rows;
  std::string line;
  std::getline(file, line);
  while (std::getline(file, line)) {
    std::vector<std::string> cells;
    std::stringstream in{line};
    for (std::string cell; std::getline(in, cell, '\t');)
      cells.push_back(cell);
    rows.push_back(std::move(cells));
  }
  return rows;
}

TEST(send_result_fixtures, mean_what_the_table_says) {
  for (const auto& row : expected_rows()) {
    ASSERT_EQ(row.size(), 8U);
    const auto stored = load(row[0]);
    const auto got = classify(stored.status, stored.body, stored.headers);
    const auto or_dash = [](const std::string& text) {
      return text.empty() ? "-" : text;
    };
    EXPECT_EQ(to_string(got.what), row[1]) << row[0];
    EXPECT_EQ(scope_text(got.scope), row[2]) << row[0];
    EXPECT_EQ(got.retry_after, seconds{std::stoi(row[3])}) << row[0];
    EXPECT_EQ(got.code, std::stoi(row[4])) << row[0];
    EXPECT_EQ(got.subcode, std::stoi(row[5])) << row[0];
    EXPECT_EQ(or_dash(got.external_id), row[6]) << row[0];
    EXPECT_EQ(or_dash(got.recipient_id), row[7]) << row[0];
    const bool has_trace = stored.body.find("fbtrace_id") != std::string::npos;
    EXPECT_EQ(got.fbtrace_id, has_trace ? "A0fixtureTraceIdQx7" : "") << row[0];
  }
}

TEST(send_result_fixtures, are_all_in_the_table) {
  std::set<std::string> files;
  for (const auto& entry :
       std::filesystem::directory_iterator(ASSISTLY_FIXTURES "/responses"))
    if (entry.path().extension() == ".json")
      files.insert(entry.path().filename().string());
  std::set<std::string> listed;
  for (const auto& row : expected_rows())
    listed.insert(row.at(0));
  EXPECT_EQ(listed, files);
  EXPECT_GE(files.size(), 113U);
}

// CONTRACT 12: some errors came with HTTP 200.
TEST(send_result_fixtures, mean_the_same_whatever_the_status) {
  for (const auto& row : expected_rows()) {
    if (row[4] == "0")
      continue;
    const auto stored = load(row[0]);
    for (const int status : {200, 400, 403, 429, 500, 503})
      EXPECT_EQ(to_string(classify(status, stored.body, stored.headers).what),
                row[1])
        << row[0] << ' ' << status;
  }
}

} // namespace
} // namespace assistly::graph
