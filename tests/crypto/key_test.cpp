#include "crypto/key.hpp"
#include "crypto/random.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <concepts>
#include <new>
#include <ostream>

namespace assistly::crypto {
namespace {

template <class T>
concept printable = requires(std::ostream& out, const T& value) {
  out << value;
};

static_assert(!printable<key256>, "a key must not be printed");
static_assert(!std::equality_comparable<key256>,
              "keys are not compared byte by byte");

TEST(key256, is_wiped_when_it_ends) {
  alignas(key256) std::array<std::byte, sizeof(key256)> room;
  room.fill(std::byte{0xee});
  auto* key = new (room.data()) key256;
  key->bytes.fill(std::byte{0x77});
  key->~key256();
  EXPECT_TRUE(
    std::ranges::all_of(room, [](auto b) { return b == std::byte{}; }));
}

TEST(make_key, makes_another_key_each_time) {
  system_random random;
  EXPECT_NE(make_key(random).bytes, make_key(random).bytes);
}

TEST(wipe, leaves_an_empty_text_over_zeroed_bytes) {
  std::string text(100, 'x');
  const char* bytes = text.data();
  wipe(text);
  EXPECT_TRUE(text.empty());
  EXPECT_TRUE(std::all_of(bytes, bytes + 100, [](char c) { return c == 0; }));
}

} // namespace
} // namespace assistly::crypto
