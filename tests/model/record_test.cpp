#include "model/record.hpp"

#include <gtest/gtest.h>

#include <limits>
#include <rapidcheck/gtest.h>

namespace assistly {
namespace {

RC_GTEST_PROP(record, gives_back_every_integer_and_text,
              (const std::vector<std::int64_t>& numbers,
               const std::vector<std::string>& texts)) {
  record_writer w;
  for (auto n : numbers)
    w.integer(n);
  for (const auto& t : texts)
    w.text(t);
  auto bytes = std::move(w).take();
  record_reader r{bytes};
  for (auto n : numbers)
    RC_ASSERT(r.integer() == n);
  for (const auto& t : texts)
    RC_ASSERT(r.text() == t);
  RC_ASSERT(!r.broken());
  RC_ASSERT(!r.ran_out());
}

RC_GTEST_PROP(record, reads_any_bytes_without_harm,
              (const std::string& bytes)) {
  record_reader r{bytes};
  for (int i = 0; i < 20; ++i) {
    r.integer();
    RC_ASSERT(r.text().size() <= bytes.size());
  }
}

TEST(record, keeps_the_ends_of_the_integers) {
  for (auto n : {std::numeric_limits<std::int64_t>::min(),
                 std::numeric_limits<std::int64_t>::max(), std::int64_t{0},
                 std::int64_t{-1}, std::int64_t{1}}) {
    record_writer w;
    w.integer(n);
    auto bytes = std::move(w).take();
    EXPECT_EQ(record_reader{bytes}.integer(), n);
  }
}

TEST(record, spends_one_byte_on_small_numbers) {
  for (std::int64_t n : {0, 1, -1, 63, -64}) {
    record_writer w;
    w.integer(n);
    EXPECT_EQ(std::move(w).take().size(), 1u) << n;
  }
}

TEST(record, reads_a_field_past_the_end_as_empty_and_says_so) {
  auto bytes = record_writer{}.integer(5).text("x").integer(9);
  auto text = std::move(bytes).take();
  record_reader r{text};
  r.integer();
  r.text();
  r.integer();
  EXPECT_FALSE(r.ran_out());
  EXPECT_EQ(r.integer(), 0);
  EXPECT_EQ(r.text(), "");
  EXPECT_TRUE(r.ran_out());
  EXPECT_FALSE(r.broken());
}

TEST(record, is_broken_when_cut_inside_a_field) {
  record_writer w;
  w.text("hello");
  auto bytes = std::move(w).take();
  bytes.pop_back();
  record_reader r{bytes};
  EXPECT_EQ(r.text(), "");
  EXPECT_TRUE(r.broken());
  record_writer number;
  number.integer(1'000'000);
  auto cut = std::move(number).take();
  cut.pop_back();
  record_reader n{cut};
  n.integer();
  EXPECT_TRUE(n.broken());
}

TEST(record, does_not_believe_a_length_beyond_its_end) {
  record_writer w;
  w.integer(std::numeric_limits<std::int64_t>::max());
  auto bytes = std::move(w).take() + "abc";
  record_reader r{bytes};
  EXPECT_EQ(r.text(), "");
  EXPECT_TRUE(r.broken());
  record_writer negative;
  negative.integer(-3);
  auto below = std::move(negative).take() + "abc";
  record_reader s{below};
  EXPECT_EQ(s.text(), "");
  EXPECT_TRUE(s.broken());
}

} // namespace
} // namespace assistly
