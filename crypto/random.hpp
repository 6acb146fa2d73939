/// The real source of chance: keys, nonces, ids.
#pragma once

#include "model/clock.hpp"

namespace assistly::crypto {

/// OpenSSL's generator behind a pool of 8 kB per thread: a call of RAND_bytes
/// costs more than sealing a message (0.75 us against 0.4 us), a share of a
/// pool 0.01 us. Bytes handed out are wiped from the pool at once, and a fork
/// empties the child's pool, so no two processes draw the same bytes.
/// Safe from any thread. Ends the process if the system has no entropy.
class system_random final : public random_source {
public:
  void fill(std::span<std::byte> out) noexcept override;
};

} // namespace assistly::crypto
