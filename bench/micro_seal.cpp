/// What keeping a text unreadable costs, each way.
#include "crypto/random.hpp"
#include "crypto/seal.hpp"

#include <benchmark/benchmark.h>

namespace assistly {
namespace {

struct sealed_text {
  crypto::system_random random;
  crypto::key256 key = crypto::make_key(random);
  uuid row = make_uuid(from_unix_ms(1'795'132'800'000), random);
  std::string text;

  explicit sealed_text(std::int64_t size)
    : text(static_cast<std::size_t>(size), 'x') {}

  crypto::seal_context place() const {
    return {tenant_id{1}, "turn", row.span(), "text"};
  }
};

void seal(benchmark::State& state) {
  sealed_text one{state.range(0)};
  for (auto _ : state) {
    auto sealed = crypto::seal(one.key, one.place(), one.text, one.random);
    benchmark::DoNotOptimize(sealed);
  }
  state.SetBytesProcessed(state.range(0) * state.iterations());
}

void open_seal(benchmark::State& state) {
  sealed_text one{state.range(0)};
  const auto sealed = crypto::seal(one.key, one.place(), one.text, one.random);
  for (auto _ : state) {
    auto opened = crypto::open(one.key, one.place(), sealed);
    if (!opened)
      state.SkipWithError("a right seal did not open");
    benchmark::DoNotOptimize(opened);
  }
  state.SetBytesProcessed(state.range(0) * state.iterations());
}

BENCHMARK(seal)->Arg(60)->Arg(600)->Arg(6000);
BENCHMARK(open_seal)->Arg(60)->Arg(600)->Arg(6000);

} // namespace
} // namespace assistly
