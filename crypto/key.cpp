#include "crypto/key.hpp"

#include <openssl/crypto.h>

namespace assistly::crypto {

key256::~key256() {
  OPENSSL_cleanse(bytes.data(), bytes.size());
}

key256 make_key(random_source& random) noexcept {
  key256 key;
  random.fill(key.bytes);
  return key;
}

void wipe(std::string& text) noexcept {
  OPENSSL_cleanse(text.data(), text.size());
  text.clear();
}

} // namespace assistly::crypto
