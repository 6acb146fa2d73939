#include "crypto/constant_time.hpp"

#include <openssl/crypto.h>

namespace assistly::crypto {

bool equal(std::span<const std::byte> a,
           std::span<const std::byte> b) noexcept {
  return a.size() == b.size()
         && CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0;
}

bool equal(std::string_view a, std::string_view b) noexcept {
  return equal(as_bytes(a), as_bytes(b));
}

} // namespace assistly::crypto
