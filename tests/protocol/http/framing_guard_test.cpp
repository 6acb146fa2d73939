#include "protocol/http/framing_guard.hpp"
#include "tests/protocol/http/framing_corpus.hpp"
#include "tests/protocol/http/judge.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cctype>
#include <random>
#include <set>
#include <string>

namespace assistly::http {

// Found by GoogleTest next to the type it prints.
static void PrintTo(verdict v, std::ostream* out) {
  *out << to_string(v);
}

namespace {

constexpr std::uint64_t max_body = 4 * 1024 * 1024;

judgement judge_at_once(std::string_view raw) {
  return judge(raw, {}, max_body, [&](std::size_t) { return raw.size(); });
}

TEST(framing_guard, gives_each_request_of_the_corpus_its_verdict) {
  for (const auto& entry : framing_corpus())
    EXPECT_EQ(judge_at_once(entry.raw).what, entry.expected) << entry.name;
}

TEST(framing_guard, judges_byte_by_byte_as_it_judges_all_at_once) {
  for (const auto& entry : framing_corpus()) {
    const auto whole = judge_at_once(entry.raw);
    const auto pieces =
      judge(entry.raw, {}, max_body, [](std::size_t) { return 1U; });
    EXPECT_EQ(pieces.what, whole.what) << entry.name;
    EXPECT_EQ(pieces.size, whole.size) << entry.name;
  }
}

TEST(framing_guard, judges_any_cutting_alike) {
  std::mt19937 random{20240815};
  for (int round = 0; round < 20; ++round)
    for (const auto& entry : framing_corpus()) {
      const auto pieces = judge(entry.raw, {}, max_body, [&](std::size_t) {
        return std::size_t{1} + random() % 40;
      });
      EXPECT_EQ(pieces, judge_at_once(entry.raw)) << entry.name;
    }
}

TEST(framing_guard, reads_the_case_of_field_names_as_equal) {
  for (const auto& entry : framing_corpus()) {
    // Only framing fields and Host may decide, so flip the case of their names.
    std::string raw = entry.raw;
    for (const std::string name :
         {"Content-Length", "Transfer-Encoding", "Host"}) {
      std::string upper = name;
      std::transform(upper.begin(), upper.end(), upper.begin(), [](char c) {
        return static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
      });
      for (auto at = raw.find("\r\n" + name); at != std::string::npos;
           at = raw.find("\r\n" + name))
        raw.replace(at + 2, name.size(), upper);
    }
    EXPECT_EQ(judge_at_once(raw).what, entry.expected) << entry.name;
  }
}

TEST(framing_guard, never_takes_a_byte_of_the_next_request) {
  const std::string next = "GET /next HTTP/1.1\r\nHost: a\r\n\r\n";
  for (const auto& entry : framing_corpus()) {
    const auto alone = judge_at_once(entry.raw);
    if (alone.what == verdict::accepted) {
      EXPECT_EQ(judge_at_once(entry.raw + next), alone) << entry.name;
    }
  }
}

TEST(framing_guard, says_how_the_body_is_framed) {
  head_scanner scanner;
  const std::string_view head =
    "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 12\r\n\r\nbody";
  ASSERT_EQ(scanner.scan(head), verdict::accepted);
  EXPECT_EQ(scanner.framing().head_size, head.size() - 4);
  EXPECT_EQ(scanner.framing().content_length, 12U);
  EXPECT_FALSE(scanner.framing().chunked);
  EXPECT_FALSE(scanner.framing().http_1_0);
}

TEST(framing_guard, starts_anew_after_a_reset) {
  head_scanner scanner;
  ASSERT_EQ(scanner.scan("GET / HTTP/1.0\r\nContent-Length: 1\r\n\r\n"),
            verdict::accepted);
  scanner.reset();
  EXPECT_EQ(scanner.scan("GET / HTTP/1.1\r\n\r\n"), verdict::missing_host);
}

TEST(framing_guard, obeys_smaller_limits) {
  const framing_limits limits{
    .request_line = 20, .headers = 30, .fields = 1, .chunk_extension = 2};
  EXPECT_EQ(head_scanner{limits}.scan("GET /1234567 HTTP/1.1\r\n"),
            verdict::request_line_too_long);
  EXPECT_EQ(head_scanner{limits}.scan("GET / HTTP/1.1\r\nHost: "
                                      "aaaaaaaaaaaaaaaaaaaaaaaa\r\n"),
            verdict::headers_too_large);
  EXPECT_EQ(head_scanner{limits}.scan("GET / HTTP/1.1\r\nHost: a\r\nX: y\r\n"),
            verdict::too_many_fields);
  std::size_t taken = 0;
  EXPECT_EQ(chunk_scanner(limits, 10).scan("1;ab\r\n", taken),
            verdict::chunk_extension_too_long);
}

TEST(chunk_scanner, counts_the_data_of_all_chunks_against_the_limit) {
  std::size_t taken = 0;
  EXPECT_EQ(
    chunk_scanner({}, 6).scan("3\r\nabc\r\n3\r\ndef\r\n0\r\n\r\n", taken),
    verdict::accepted);
  EXPECT_EQ(chunk_scanner({}, 5).scan("3\r\nabc\r\n3\r\n", taken),
            verdict::body_too_large);
}

TEST(verdict, has_a_name_of_its_own_and_a_status_for_every_value) {
  std::set<std::string_view> names;
  for (std::size_t i = 0; i < verdict_count; ++i) {
    const auto v = static_cast<verdict>(i);
    names.insert(to_string(v));
    if (v != verdict::accepted && v != verdict::incomplete) {
      EXPECT_TRUE(status_of(v) >= 400 && status_of(v) <= 505) << to_string(v);
    }
  }
  EXPECT_EQ(names.size(), verdict_count);
}

TEST(framing_corpus, reaches_every_verdict_the_guard_can_give) {
  std::set<verdict> reached;
  std::set<std::string> names;
  for (const auto& entry : framing_corpus()) {
    reached.insert(entry.expected);
    EXPECT_TRUE(names.insert(entry.name).second) << entry.name;
  }
  // Only the server, which has two parsers, can find that they disagree.
  EXPECT_EQ(reached.size(), verdict_count - 1);
  EXPECT_GE(names.size(), 150U);
}

} // namespace

} // namespace assistly::http
