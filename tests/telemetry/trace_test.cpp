#include "telemetry/trace.hpp"

#include <gtest/gtest.h>

#include <algorithm>

namespace assistly::telemetry {
namespace {

class fixed_bytes final : public random_source {
public:
  explicit fixed_bytes(std::byte each) : each_(each) {}

  void fill(std::span<std::byte> out) noexcept override {
    std::fill(out.begin(), out.end(), each_);
  }

private:
  std::byte each_;
};

TEST(trace_id, takes_all_its_bits_from_the_random_source) {
  fixed_bytes random{std::byte{0xa5}};
  EXPECT_EQ(make_trace_id(random).value, 0xa5a5a5a5a5a5a5a5U);
}

TEST(trace_id, is_never_the_number_that_means_none) {
  fixed_bytes random{std::byte{0}};
  EXPECT_NE(make_trace_id(random), trace_id{});
}

TEST(trace_id, is_written_as_sixteen_hexadecimal_digits) {
  EXPECT_EQ(to_string(trace_id{0x1f}), "000000000000001f");
  EXPECT_EQ(to_string(trace_id{0xfedcba9876543210U}), "fedcba9876543210");
}

TEST(trace_id, is_read_back_as_it_was_written) {
  const trace_id id{0xfedcba9876543210U};
  EXPECT_EQ(parse_trace_id(to_string(id)), id);
}

TEST(trace_id, refuses_everything_else) {
  for (const char* text : {"", "1f", "000000000000001F", "00000000000000zz",
                           "000000000000001f0", " 00000000000001f"})
    EXPECT_FALSE(parse_trace_id(text)) << text;
}

} // namespace
} // namespace assistly::telemetry
