#include "crypto/encoding.hpp"

#include <gtest/gtest.h>

#include <array>
#include <utility>
#include <vector>

namespace assistly::crypto {
namespace {

// RFC 4648 section 10.
const std::vector<std::pair<std::string, std::string>> rfc_4648{
  {"", ""},
  {"f", "Zg=="},
  {"fo", "Zm8="},
  {"foo", "Zm9v"},
  {"foob", "Zm9vYg=="},
  {"fooba", "Zm9vYmE="},
  {"foobar", "Zm9vYmFy"}};

std::string every_byte() {
  std::string bytes;
  for (int i = 0; i < 256; ++i)
    bytes += static_cast<char>(i);
  return bytes;
}

TEST(hex, writes_lower_case_and_reads_it_back) {
  EXPECT_EQ(to_hex(as_bytes(std::string_view{"\x00\xaf\xff", 3})), "00afff");
  EXPECT_EQ(from_hex(to_hex(as_bytes(every_byte()))), every_byte());
}

TEST(hex, refuses_upper_case_odd_lengths_and_other_characters) {
  for (auto text : {"AF", "a", "abc", "0g", "0x", " a", "a\n"})
    EXPECT_FALSE(from_hex(text)) << text;
  EXPECT_FALSE(from_hex(std::string_view{"a\0", 2}));
}

TEST(hex, refuses_a_length_other_than_the_buffer) {
  std::array<std::byte, 2> out{};
  EXPECT_TRUE(from_hex("beef", out));
  EXPECT_EQ(out[0], std::byte{0xbe});
  EXPECT_EQ(out[1], std::byte{0xef});
  EXPECT_FALSE(from_hex("bee", out));
  EXPECT_FALSE(from_hex("beefee", out));
  EXPECT_FALSE(from_hex("", out));
}

TEST(base64, agrees_with_rfc_4648) {
  for (auto& [bytes, text] : rfc_4648) {
    EXPECT_EQ(to_base64(as_bytes(bytes)), text);
    EXPECT_EQ(from_base64(text), bytes) << text;
  }
}

TEST(base64, reads_back_every_byte_at_every_length) {
  auto bytes = every_byte();
  for (std::size_t size = 0; size <= bytes.size(); ++size) {
    auto part = bytes.substr(0, size);
    EXPECT_EQ(from_base64(to_base64(as_bytes(part))), part);
    EXPECT_EQ(from_base64url(to_base64url(as_bytes(part))), part);
  }
}

TEST(base64, refuses_what_is_not_canonical) {
  for (auto text : {"Zg", "Zg=", "Zh==", "Zm9=", "Zm9v=", "Zm9v====", "=",
                    "====", "Z===", "Zg==Zg==", "Zm 9v", "Zm9v\n", "-_-_"})
    EXPECT_FALSE(from_base64(text)) << text;
}

TEST(base64url, uses_no_padding_and_its_own_two_digits) {
  EXPECT_EQ(to_base64url(as_bytes(std::string_view{"\xfb\xff\xfe\xff"})),
            "-__-_w");
  EXPECT_EQ(from_base64url("-__-_w"), "\xfb\xff\xfe\xff");
}

TEST(base64url, refuses_padding_plain_digits_and_bits_left_over) {
  for (auto text : {"-__-_w==", "+//+/w", "-__-_x", "A", "AAAAA"})
    EXPECT_FALSE(from_base64url(text)) << text;
}

} // namespace
} // namespace assistly::crypto
