#include "crypto/encoding.hpp"
#include "crypto/signing.hpp"

#include <gtest/gtest.h>

#include <vector>

namespace assistly::crypto {
namespace {

struct vector {
  std::string seed, verifier, message, made;
};

// RFC 8032 section 7.1, tests 1 to 3.
const std::vector<vector> rfc_8032{
  {"9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
   "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a", "",
   "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e06522490155"
   "5fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b"},
  {"4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
   "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c", "72",
   "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
   "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00"},
  {"c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7",
   "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025", "af82",
   "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac"
   "18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a"}};

key256 seed_of(const vector& given) {
  key256 seed;
  EXPECT_TRUE(from_hex(given.seed, seed.bytes));
  return seed;
}

TEST(signing_key, agrees_with_rfc_8032) {
  for (auto& given : rfc_8032) {
    signing_key key{seed_of(given)};
    EXPECT_EQ(key.verifier_hex(), given.verifier);
    EXPECT_EQ(to_hex(key.sign(from_hex(given.message).value())), given.made);
  }
}

TEST(verify, accepts_the_signatures_of_rfc_8032) {
  for (auto& given : rfc_8032) {
    public_key by;
    signature made;
    ASSERT_TRUE(from_hex(given.verifier, by));
    ASSERT_TRUE(from_hex(given.made, made));
    EXPECT_TRUE(verify(by, from_hex(given.message).value(), made));
  }
}

TEST(verify, refuses_a_change_of_any_byte) {
  signing_key key{seed_of(rfc_8032[0])};
  const std::string message = "erased: 3 conversations";
  const auto made = key.sign(message);
  ASSERT_TRUE(verify(key.verifier(), message, made));
  for (std::size_t i = 0; i < message.size(); ++i) {
    auto changed = message;
    changed[i] = static_cast<char>(changed[i] ^ 1);
    EXPECT_FALSE(verify(key.verifier(), changed, made)) << i;
  }
  for (std::size_t i = 0; i < made.size(); ++i) {
    auto changed = made;
    changed[i] ^= std::byte{1};
    EXPECT_FALSE(verify(key.verifier(), message, changed)) << i;
  }
}

TEST(verify, refuses_another_signer_and_what_is_no_key) {
  signing_key key{seed_of(rfc_8032[0])};
  signing_key other{seed_of(rfc_8032[1])};
  auto made = key.sign("text");
  EXPECT_FALSE(verify(other.verifier(), "text", made));
  public_key no_point;
  no_point.fill(std::byte{0xff});
  EXPECT_FALSE(verify(no_point, "text", made));
}

} // namespace
} // namespace assistly::crypto
