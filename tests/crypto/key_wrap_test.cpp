#include "crypto/encoding.hpp"
#include "crypto/key_wrap.hpp"
#include "crypto/random.hpp"
#include "crypto/seal.hpp"
#include "tests/crypto/chosen_random.hpp"

#include <gtest/gtest.h>

#include <array>

namespace assistly::crypto {
namespace {

constexpr std::array subject_1{std::byte{1}, std::byte{2}, std::byte{3},
                               std::byte{4}};
constexpr std::array subject_2{std::byte{9}};

wrap_context owner() {
  return {tenant_id{7}, "person", subject_1, 3};
}

errc refusal(const outcome<key256>& unwrapped) {
  return unwrapped ? errc::none : unwrapped.error().code;
}

// Made by another implementation, as in seal_test.
TEST(wrap_key, keeps_its_format) {
  key256 parent, key;
  counting_random{0}.fill(parent.bytes);
  key.bytes.fill(std::byte{0x55});
  counting_random random{0xa0};
  EXPECT_EQ(to_hex(as_bytes(wrap_key(parent, owner(), key, random))),
            "01a0a1a2a3a4a5a6a7a8a9aaabb34d2978109e57ea3730d286522f958b25f90c45"
            "c7e21739c95b73d32afe205445107ea29815f071922d26a94b4f2b26");
}

TEST(unwrap_key, gives_back_the_key) {
  system_random random;
  auto parent = make_key(random);
  auto key = make_key(random);
  auto wrapped = wrap_key(parent, owner(), key, random);
  EXPECT_EQ(wrapped.size(), 61U);
  auto back = unwrap_key(parent, owner(), wrapped);
  ASSERT_TRUE(back);
  EXPECT_EQ(back->bytes, key.bytes);
}

TEST(unwrap_key, refuses_a_change_of_any_byte_and_any_other_length) {
  system_random random;
  auto parent = make_key(random);
  const auto wrapped = wrap_key(parent, owner(), make_key(random), random);
  for (std::size_t i = 0; i < wrapped.size(); ++i) {
    auto changed = wrapped;
    changed[i] = static_cast<char>(changed[i] ^ 0x40);
    EXPECT_EQ(refusal(unwrap_key(parent, owner(), changed)), errc::wrong_key)
      << i;
    EXPECT_EQ(refusal(unwrap_key(parent, owner(), wrapped.substr(0, i))),
              errc::wrong_key);
  }
  EXPECT_EQ(refusal(unwrap_key(parent, owner(), wrapped + 'x')),
            errc::wrong_key);
}

TEST(unwrap_key, refuses_another_parent) {
  system_random random;
  auto wrapped = wrap_key(make_key(random), owner(), make_key(random), random);
  EXPECT_EQ(refusal(unwrap_key(make_key(random), owner(), wrapped)),
            errc::wrong_key);
}

TEST(unwrap_key, refuses_every_other_owner) {
  system_random random;
  auto parent = make_key(random);
  auto wrapped = wrap_key(parent, owner(), make_key(random), random);
  ASSERT_TRUE(unwrap_key(parent, owner(), wrapped));

  auto other = owner();
  other.tenant = tenant_id{8};
  EXPECT_EQ(refusal(unwrap_key(parent, other, wrapped)), errc::wrong_key);
  other = owner();
  other.kind = "conversation";
  EXPECT_EQ(refusal(unwrap_key(parent, other, wrapped)), errc::wrong_key);
  other = owner();
  other.subject = subject_2;
  EXPECT_EQ(refusal(unwrap_key(parent, other, wrapped)), errc::wrong_key);
  other = owner();
  other.generation = 2;
  EXPECT_EQ(refusal(unwrap_key(parent, other, wrapped)), errc::wrong_key);
}

TEST(unwrap_key, refuses_a_sealed_value_in_place_of_a_key) {
  system_random random;
  auto parent = make_key(random);
  auto sealed = seal(parent, {tenant_id{7}, "person", subject_1, ""},
                     std::string(32, 'k'), random);
  EXPECT_EQ(refusal(unwrap_key(parent, owner(), sealed)), errc::wrong_key);
}

} // namespace
} // namespace assistly::crypto
