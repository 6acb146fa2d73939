#include "crypto/random.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <set>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>
#include <vector>

namespace assistly::crypto {
namespace {

using block = std::array<std::byte, 16>;

block draw() {
  block bytes{};
  system_random{}.fill(bytes);
  return bytes;
}

TEST(system_random, never_gives_the_same_block_twice) {
  std::set<block> seen;
  for (int i = 0; i < 5000; ++i)
    EXPECT_TRUE(seen.insert(draw()).second);
}

TEST(system_random, fills_any_size_to_the_last_byte) {
  for (std::size_t size : {0, 1, 12, 2048, 2049, 8191, 8192, 20'000}) {
    std::vector<std::byte> bytes(size + 1, std::byte{0});
    // A byte that is random stays zero 20 times in a row once in 2^160.
    bool touched = size == 0;
    for (int i = 0; i < 20 && !touched; ++i) {
      system_random{}.fill(std::span{bytes}.first(size));
      touched = bytes[size - 1] != std::byte{0};
    }
    EXPECT_TRUE(touched) << size;
    EXPECT_EQ(bytes[size], std::byte{0}) << size;
  }
}

TEST(system_random, gives_each_thread_its_own_bytes) {
  std::array<block, 4> drawn{};
  std::vector<std::thread> threads;
  for (auto& mine : drawn)
    threads.emplace_back([&mine] { mine = draw(); });
  for (auto& thread : threads)
    thread.join();
  EXPECT_EQ(std::set<block>(drawn.begin(), drawn.end()).size(), drawn.size());
}

TEST(system_random, gives_a_forked_child_other_bytes_than_its_parent) {
  draw(); // The pool is full now, and the fork copies it.
  int ends[2];
  ASSERT_EQ(pipe(ends), 0);
  auto child = fork();
  ASSERT_GE(child, 0);
  if (child == 0) {
    auto mine = draw();
    auto sent = write(ends[1], mine.data(), mine.size());
    _exit(sent == static_cast<ssize_t>(mine.size()) ? 0 : 1);
  }
  auto parents = draw();
  block childs{};
  EXPECT_EQ(read(ends[0], childs.data(), childs.size()),
            static_cast<ssize_t>(childs.size()));
  int status = 1;
  waitpid(child, &status, 0);
  close(ends[0]);
  close(ends[1]);
  EXPECT_EQ(status, 0);
  EXPECT_NE(parents, childs);
}

} // namespace
} // namespace assistly::crypto
