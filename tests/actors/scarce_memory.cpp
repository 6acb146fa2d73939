#include "tests/actors/scarce_memory.hpp"

#include <atomic>
#include <cstdlib>
#include <new>
#include <pthread.h>
#include <string_view>

namespace assistly::fakes {

namespace {

std::atomic<std::size_t> refused{0};

/// As the framework names its workers.
bool runs_actors() noexcept {
  char name[16]{};
  return pthread_getname_np(pthread_self(), name, sizeof name) == 0
         && std::string_view{name} == "caf.multiplexer";
}

bool refuses(std::size_t bytes) noexcept {
  auto wanted = bytes;
  return bytes != 0 && refused.load(std::memory_order_relaxed) == bytes
         && runs_actors() && refused.compare_exchange_strong(wanted, 0);
}

} // namespace

void refuse_once(std::size_t bytes) noexcept {
  refused.store(bytes);
}

bool is_refusing() noexcept {
  return refused.load() != 0;
}

} // namespace assistly::fakes

// Replaced for the whole program, as the language allows (new.delete.single).
void* operator new(std::size_t bytes) {
  if (!assistly::fakes::refuses(bytes))
    if (auto* memory = std::malloc(bytes != 0 ? bytes : 1))
      return memory;
  throw std::bad_alloc{};
}

// The one that does not throw as well: a checker of memory has its own of it,
// which `delete` below would not fit.
void* operator new(std::size_t bytes, const std::nothrow_t&) noexcept {
  return std::malloc(bytes != 0 ? bytes : 1);
}

void operator delete(void* memory) noexcept {
  std::free(memory);
}

void operator delete(void* memory, std::size_t) noexcept {
  std::free(memory);
}
