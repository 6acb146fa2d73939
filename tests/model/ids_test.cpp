#include "model/ids.hpp"
#include "tests/fakes/manual_clock.hpp"
#include "tests/fakes/seeded_random.hpp"

#include <gtest/gtest.h>

#include <set>
#include <unordered_set>

namespace assistly {
namespace {

TEST(make_uuid, carries_the_version_and_variant_of_rfc_9562) {
  fakes::seeded_random random{1};
  for (int i = 0; i < 200; ++i) {
    auto text = to_string(make_uuid(fakes::some_morning, random));
    EXPECT_EQ(text[14], '7') << text;
    EXPECT_NE(std::string{"89ab"}.find(text[19]), std::string::npos) << text;
  }
}

TEST(make_uuid, begins_with_the_milliseconds_of_its_making) {
  fakes::seeded_random random{1};
  auto text = to_string(make_uuid(from_unix_ms(0x0123456789ab), random));
  EXPECT_EQ(text.substr(0, 13), "01234567-89ab");
}

TEST(make_uuid, sorts_by_the_time_of_making) {
  fakes::seeded_random random{2};
  auto now = fakes::some_morning;
  auto before = make_uuid(now, random);
  for (int i = 0; i < 200; ++i) {
    now += milliseconds{1};
    auto after = make_uuid(now, random);
    EXPECT_LT(before, after);
    before = after;
  }
}

TEST(make_uuid, is_another_one_within_the_same_millisecond) {
  fakes::seeded_random random{3};
  std::unordered_set<uuid> seen;
  for (int i = 0; i < 1'000; ++i)
    seen.insert(make_uuid(fakes::some_morning, random));
  EXPECT_EQ(seen.size(), 1'000u);
}

TEST(parse_uuid, reads_what_to_string_wrote) {
  fakes::seeded_random random{4};
  for (int i = 0; i < 200; ++i) {
    auto id = make_uuid(fakes::some_morning, random);
    EXPECT_EQ(parse_uuid(to_string(id)), id);
  }
}

TEST(parse_uuid, takes_upper_case) {
  EXPECT_TRUE(parse_uuid("018CC251-F400-7000-8000-ABCDEFABCDEF"));
}

TEST(parse_uuid, refuses_anything_else) {
  for (const auto* text : {"", "018cc251", "018cc251f40070008000abcdefabcdef",
                           "018cc251-f400-7000-8000-abcdefabcde",
                           "018cc251-f400-7000-8000-abcdefabcdefa",
                           "018cc251+f400-7000-8000-abcdefabcdef",
                           "018cc251-f400-7000-8000-abcdefabcdeg",
                           " 018cc251-f400-7000-8000-abcdefabcde"})
    EXPECT_FALSE(parse_uuid(text)) << text;
}

TEST(shard_of, is_the_first_ten_bits_of_the_hash) {
  lookup_hash hash;
  EXPECT_EQ(shard_of(hash), 0);
  hash.bytes[0] = std::byte{0xff};
  EXPECT_EQ(shard_of(hash), 0x3fc);
  hash.bytes[1] = std::byte{0xff};
  EXPECT_EQ(shard_of(hash), 1023);
  hash.bytes[0] = std::byte{0x00};
  hash.bytes[1] = std::byte{0x40};
  EXPECT_EQ(shard_of(hash), 1);
}

} // namespace
} // namespace assistly
