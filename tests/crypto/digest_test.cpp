#include "crypto/digest.hpp"
#include "crypto/encoding.hpp"

#include <gtest/gtest.h>

#include <vector>

namespace assistly::crypto {
namespace {

std::string from(std::string_view hex) {
  return from_hex(hex).value();
}

std::string hkdf(std::string_view key, std::string_view salt,
                 std::string_view label, std::size_t size) {
  std::vector<std::byte> out(size);
  hkdf_sha256(as_bytes(key), as_bytes(salt), label, out);
  return to_hex(out);
}

TEST(sha256, agrees_with_the_nist_examples) {
  EXPECT_EQ(to_hex(sha256("abc")),
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  EXPECT_EQ(to_hex(sha256("")),
            "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  EXPECT_EQ(
    to_hex(sha256("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq")),
    "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
}

TEST(sha256_stream, gives_the_same_digest_for_the_same_bytes_in_pieces) {
  sha256_stream stream;
  stream.update("a");
  stream.update("");
  stream.update("bc");
  EXPECT_EQ(stream.finish(), sha256("abc"));
}

TEST(sha256_stream, starts_anew_after_it_was_finished) {
  sha256_stream stream;
  stream.update("something else");
  EXPECT_NE(stream.finish(), sha256("abc"));
  stream.update("abc");
  EXPECT_EQ(stream.finish(), sha256("abc"));
}

// RFC 5869, appendix A.
TEST(hkdf_sha256, agrees_with_rfc_5869) {
  EXPECT_EQ(hkdf(std::string(22, '\x0b'), from("000102030405060708090a0b0c"),
                 from("f0f1f2f3f4f5f6f7f8f9"), 42),
            "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf"
            "34007208d5b887185865");
  std::string key, salt, label;
  for (int i = 0; i < 80; ++i) {
    key += static_cast<char>(i);
    salt += static_cast<char>(0x60 + i);
    label += static_cast<char>(0xb0 + i);
  }
  EXPECT_EQ(hkdf(key, salt, label, 82),
            "b11e398dc80327a1c8e7f78c596a49344f012eda2d4efad8a050cc4c19afa97c"
            "59045a99cac7827271cb41c65e590e09da3275600c2f09b8367793a9aca3db71"
            "cc30c58179ec3e87c14c01d5c1f3434f1d87");
  EXPECT_EQ(hkdf(std::string(22, '\x0b'), "", "", 42),
            "8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d"
            "9d201395faa4b61a96c8");
}

TEST(hkdf_sha256, gives_unlike_bytes_for_unlike_labels) {
  EXPECT_NE(hkdf("key", "", "one", 32), hkdf("key", "", "two", 32));
}

} // namespace
} // namespace assistly::crypto
