#include "crypto/encoding.hpp"
#include "crypto/hmac.hpp"

#include <gtest/gtest.h>

namespace assistly::crypto {
namespace {

struct vector {
  std::string key;
  std::string message;
  std::string code;
};

std::string run(int first, int last) {
  std::string bytes;
  for (int i = first; i <= last; ++i)
    bytes += static_cast<char>(i);
  return bytes;
}

// RFC 4231, cases 1 to 4, 6 and 7.
std::vector<vector> rfc_4231() {
  return {
    {std::string(20, '\x0b'), "Hi There",
     "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"},
    {"Jefe", "what do ya want for nothing?",
     "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"},
    {std::string(20, '\xaa'), std::string(50, '\xdd'),
     "773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe"},
    {run(1, 25), std::string(50, '\xcd'),
     "82558a389a443c0ea4cc819899f2083a85f0faa3e578f8077a2e3ff46729665b"},
    {std::string(131, '\xaa'),
     "Test Using Larger Than Block-Size Key - Hash Key First",
     "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54"},
    {std::string(131, '\xaa'),
     "This is a test using a larger than block-size key and a larger than "
     "block-size data. The key needs to be hashed before being used by the "
     "HMAC algorithm.",
     "9b09ffa71b942fcb27635fbcd5b0e944bfdc63644f0713938a7f51535c3a35e2"}};
}

TEST(hmac_sha256, agrees_with_rfc_4231) {
  for (auto& [key, message, code] : rfc_4231())
    EXPECT_EQ(to_hex(hmac_sha256{key}.sign(message)), code) << message;
}

// CONTRACT section 14.
TEST(hmac_sha256, makes_the_appsecret_proof_of_the_contract) {
  EXPECT_EQ(
    to_hex(hmac_sha256{std::string_view{"assistly-test-app-secret"}}.sign(
      std::string_view{"EAAtesttoken"})),
    "13be83d4fcc4612bdd4ff7b12f323e238602e22a2bb906779c2178f3315437f3");
}

TEST(hmac_sha256, signs_again_and_again_under_the_same_key) {
  hmac_sha256 mac{std::string_view{"Jefe"}};
  auto first = mac.sign(std::string_view{"what do ya want for nothing?"});
  EXPECT_NE(mac.sign(std::string_view{"something else"}), first);
  EXPECT_EQ(mac.sign(std::string_view{"what do ya want for nothing?"}), first);
}

TEST(hmac_sha256, signs_parts_as_if_they_were_joined) {
  hmac_sha256 mac{std::string_view{"Jefe"}};
  std::array part{std::byte{'w'}, std::byte{'h'}};
  EXPECT_EQ(mac.sign(part, std::string{"at do ya want "}, "for nothing?"),
            mac.sign("what do ya want for nothing?"));
}

// Python: hmac.new(b"", b"", "sha256").
TEST(hmac_sha256, takes_an_empty_key_and_an_empty_message) {
  EXPECT_EQ(to_hex(hmac_sha256{std::string_view{}}.sign(std::string_view{})),
            "b613679a0814d9ec772f95d778c35fc5ff1697c493715653c6c712144292c5ad");
}

TEST(hmac_sha256, gives_another_code_under_another_key) {
  EXPECT_NE(hmac_sha256{std::string_view{"one"}}.sign("text"),
            hmac_sha256{std::string_view{"two"}}.sign("text"));
}

} // namespace
} // namespace assistly::crypto
