// Bytes as an attacker may send them. If two of the parsers see two different
// messages, that is request smuggling: abort.
#include "tests/fuzz/framing_comparison.hpp"

#include <cstdint>
#include <cstdio>
#include <cstdlib>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data,
                                      std::size_t size) {
  using namespace assistly::http;
  // Small, so that short inputs reach every limit.
  const framing_limits limits{
    .request_line = 128, .headers = 256, .fields = 8, .chunk_extension = 16};
  const auto found =
    disagreement({reinterpret_cast<const char*>(data), size}, limits, 512);
  if (!found.empty()) {
    std::fprintf(stderr, "disagreement: %s\n", found.c_str());
    std::abort();
  }
  return 0;
}
