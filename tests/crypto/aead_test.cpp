#include "crypto/aead.hpp"
#include "crypto/encoding.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <vector>

namespace assistly::crypto {
namespace {

// Test case 16 of "The Galois/Counter Mode of Operation" (McGrew, Viega), the
// submission to NIST behind SP 800-38D.
struct case_16 {
  key256 key;
  gcm_nonce nonce;
  std::string associated =
    from_hex("feedfacedeadbeeffeedfacedeadbeefabaddad2").value();
  std::string plain =
    from_hex("d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a"
             "721c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b39")
      .value();
  std::string sealed =
    from_hex("522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1"
             "aa8cb08e48590dbb3da7b08b1056828838c5f61e6393ba7a0abcc9f66276fc"
             "6ece0f4e1768cddf8853bb2d551b")
      .value();

  case_16() {
    EXPECT_TRUE(from_hex("feffe9928665731c6d6a8f9467308308"
                         "feffe9928665731c6d6a8f9467308308",
                         key.bytes));
    EXPECT_TRUE(from_hex("cafebabefacedbaddecaf888", nonce));
  }
};

TEST(gcm_encrypt, agrees_with_the_test_case_sent_to_nist) {
  case_16 given;
  std::vector<std::byte> out(given.plain.size() + tag_size);
  gcm_encrypt(given.key, given.nonce, as_bytes(given.associated),
              as_bytes(given.plain), out);
  EXPECT_EQ(to_hex(out), to_hex(as_bytes(given.sealed)));
}

TEST(gcm_decrypt, opens_the_test_case_sent_to_nist) {
  case_16 given;
  std::vector<std::byte> out(given.plain.size());
  ASSERT_TRUE(gcm_decrypt(given.key, given.nonce, as_bytes(given.associated),
                          as_bytes(given.sealed), out));
  EXPECT_EQ(as_text(out), given.plain);
}

TEST(gcm_decrypt, gives_zeros_instead_of_text_it_cannot_vouch_for) {
  case_16 given;
  given.sealed.back() = static_cast<char>(given.sealed.back() ^ 1);
  std::vector<std::byte> out(given.plain.size(), std::byte{0x11});
  EXPECT_FALSE(gcm_decrypt(given.key, given.nonce, as_bytes(given.associated),
                           as_bytes(given.sealed), out));
  EXPECT_TRUE(
    std::ranges::all_of(out, [](auto b) { return b == std::byte{}; }));
}

TEST(associated_data, never_spells_two_lists_of_fields_alike) {
  auto spelled = [](auto add) {
    associated_data data{'x'};
    add(data);
    return std::string{as_text(data.bytes())};
  };
  auto split_early = spelled([](auto& d) { d.text("a").text("bc"); });
  auto split_late = spelled([](auto& d) { d.text("ab").text("c"); });
  auto joined = spelled([](auto& d) { d.text("abc"); });
  auto with_empty = spelled([](auto& d) { d.text("abc").text(""); });
  EXPECT_NE(split_early, split_late);
  EXPECT_NE(joined, with_empty);
  EXPECT_NE(spelled([](auto& d) { d.number(1).number(2); }),
            spelled([](auto& d) { d.number(2).number(1); }));
}

} // namespace
} // namespace assistly::crypto
