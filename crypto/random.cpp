#include "crypto/random.hpp"

#include "crypto/bytes.hpp"
#include "crypto/must.hpp"

#include <openssl/crypto.h>
#include <openssl/rand.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <climits>
#include <cstring>
#include <pthread.h>

namespace assistly::crypto {
namespace {

constexpr std::size_t pool_size = 8192;

// Raised in the child of a fork; a pool of an older generation is thrown away.
std::atomic<unsigned> process_generation{1};

void draw(std::span<std::byte> out) noexcept {
  while (!out.empty()) {
    auto part = out.first(std::min<std::size_t>(out.size(), INT_MAX));
    must(RAND_bytes(raw_out(part), static_cast<int>(part.size())) == 1,
         "RAND_bytes");
    out = out.subspan(part.size());
  }
}

class pool {
public:
  ~pool() {
    OPENSSL_cleanse(bytes_.data(), bytes_.size());
  }

  void fill(std::span<std::byte> out) noexcept {
    auto generation = process_generation.load(std::memory_order_relaxed);
    if (generation != generation_ || left_ < out.size()) {
      draw(bytes_);
      left_ = bytes_.size();
      generation_ = generation;
    }
    auto from = std::span{bytes_}.subspan(bytes_.size() - left_, out.size());
    std::memcpy(out.data(), from.data(), out.size());
    OPENSSL_cleanse(from.data(), from.size());
    left_ -= out.size();
  }

private:
  std::array<std::byte, pool_size> bytes_{};
  std::size_t left_ = 0;
  unsigned generation_ = 0;
};

void watch_forks() noexcept {
  static const int registered = pthread_atfork(nullptr, nullptr, [] {
    process_generation.fetch_add(1, std::memory_order_relaxed);
  });
  must(registered == 0, "pthread_atfork");
}

} // namespace

void system_random::fill(std::span<std::byte> out) noexcept {
  if (out.empty())
    return;
  // A large request would only churn the pool.
  if (out.size() > pool_size / 4) {
    draw(out);
    return;
  }
  watch_forks();
  thread_local pool mine;
  mine.fill(out);
}

} // namespace assistly::crypto
