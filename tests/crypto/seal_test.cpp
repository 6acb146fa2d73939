#include "crypto/encoding.hpp"
#include "crypto/random.hpp"
#include "crypto/seal.hpp"
#include "tests/crypto/chosen_random.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <thread>
#include <unordered_set>
#include <vector>

namespace assistly::crypto {
namespace {

constexpr std::array row_1{std::byte{1}, std::byte{2}, std::byte{3},
                           std::byte{4}};
constexpr std::array row_2{std::byte{1}, std::byte{2}, std::byte{3},
                           std::byte{5}};

seal_context place() {
  return {tenant_id{7}, "turns", row_1, "body"};
}

key256 counted_key() {
  key256 key;
  counting_random{0}.fill(key.bytes);
  return key;
}

errc refusal(const outcome<std::string>& opened) {
  return opened ? errc::none : opened.error().code;
}

// Made by another implementation from the layout that seal.hpp describes. If
// this fails, databases written before can no longer be read.
TEST(seal, keeps_its_format) {
  counting_random random{0xa0};
  EXPECT_EQ(to_hex(as_bytes(seal(counted_key(), place(), "hello", random))),
            "01a0a1a2a3a4a5a6a7a8a9aaab8e7d10412a988ef9461f03939d36541e7bc27a8"
            "70d");
}

TEST(open, gives_back_what_was_sealed) {
  system_random random;
  auto key = make_key(random);
  for (std::size_t size : {0, 1, 15, 16, 17, 600, 100'000}) {
    std::string plain(size, 'x');
    auto sealed = seal(key, place(), plain, random);
    EXPECT_EQ(sealed.size(), size + 29);
    auto opened = open(key, place(), sealed);
    ASSERT_TRUE(opened);
    EXPECT_EQ(*opened, plain);
  }
}

TEST(open, keeps_zero_bytes_and_text_in_any_script) {
  system_random random;
  auto key = make_key(random);
  const std::string plain{"a\0b \xd0\x96 \xf0\x9f\x98\x80", 11};
  EXPECT_EQ(*open(key, place(), seal(key, place(), plain, random)), plain);
}

TEST(open, refuses_a_change_of_any_bit) {
  system_random random;
  auto key = make_key(random);
  const auto sealed = seal(key, place(), "when do you open?", random);
  for (std::size_t i = 0; i < sealed.size(); ++i)
    for (int bit = 0; bit < 8; ++bit) {
      auto changed = sealed;
      changed[i] = static_cast<char>(changed[i] ^ (1 << bit));
      EXPECT_EQ(refusal(open(key, place(), changed)), errc::wrong_key)
        << i << ' ' << bit;
    }
}

TEST(open, refuses_any_shorter_or_longer_text) {
  system_random random;
  auto key = make_key(random);
  const auto sealed = seal(key, place(), "hello", random);
  for (std::size_t size = 0; size < sealed.size(); ++size)
    EXPECT_EQ(refusal(open(key, place(), sealed.substr(0, size))),
              errc::wrong_key);
  EXPECT_EQ(refusal(open(key, place(), sealed + '\0')), errc::wrong_key);
}

TEST(open, refuses_every_other_place) {
  system_random random;
  auto key = make_key(random);
  const auto sealed = seal(key, place(), "hello", random);
  ASSERT_TRUE(open(key, place(), sealed));

  auto elsewhere = place();
  elsewhere.tenant = tenant_id{8};
  EXPECT_EQ(refusal(open(key, elsewhere, sealed)), errc::wrong_key);
  elsewhere = place();
  elsewhere.table = "notes";
  EXPECT_EQ(refusal(open(key, elsewhere, sealed)), errc::wrong_key);
  elsewhere = place();
  elsewhere.row = row_2;
  EXPECT_EQ(refusal(open(key, elsewhere, sealed)), errc::wrong_key);
  elsewhere = place();
  elsewhere.column = "draft";
  EXPECT_EQ(refusal(open(key, elsewhere, sealed)), errc::wrong_key);
}

TEST(open, refuses_a_place_whose_names_only_join_to_the_same_text) {
  system_random random;
  auto key = make_key(random);
  const std::array x{std::byte{'x'}};
  auto sealed = seal(key, {tenant_id{7}, "turns", x, "body"}, "hi", random);
  EXPECT_EQ(refusal(open(key, {tenant_id{7}, "turnsx", {}, "body"}, sealed)),
            errc::wrong_key);
}

TEST(open, refuses_another_key) {
  system_random random;
  auto sealed = seal(make_key(random), place(), "hello", random);
  EXPECT_EQ(refusal(open(make_key(random), place(), sealed)), errc::wrong_key);
}

TEST(open, tells_nothing_of_the_text_in_its_refusal) {
  system_random random;
  auto sealed = seal(make_key(random), place(), "my address", random);
  auto refused = open(make_key(random), place(), sealed);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().text.find("address"), std::string::npos);
  EXPECT_EQ(refused.error().text.find("turns"), std::string::npos);
}

TEST(seal, never_uses_a_nonce_twice_in_100000_seals) {
  system_random random;
  auto key = make_key(random);
  std::unordered_set<std::string> nonces;
  for (int i = 0; i < 100'000; ++i)
    nonces.insert(seal(key, place(), "x", random).substr(1, 12));
  EXPECT_EQ(nonces.size(), 100'000U);
}

TEST(seal, may_be_used_by_several_threads_at_once) {
  std::array<int, 4> opened{};
  std::vector<std::thread> threads;
  for (auto& mine : opened)
    threads.emplace_back([&mine] {
      system_random random;
      auto key = make_key(random);
      for (int i = 0; i < 500; ++i) {
        auto text = std::to_string(i);
        auto back = open(key, place(), seal(key, place(), text, random));
        mine += back && *back == text ? 1 : 0;
      }
    });
  for (auto& thread : threads)
    thread.join();
  EXPECT_EQ(opened, (std::array{500, 500, 500, 500}));
}

} // namespace
} // namespace assistly::crypto
