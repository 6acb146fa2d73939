#include "crypto/hmac.hpp"

#include "crypto/must.hpp"

#include <openssl/core_names.h>
#include <openssl/evp.h>

namespace assistly::crypto {

void hmac_sha256::free_context::operator()(
  evp_mac_ctx_st* context) const noexcept {
  EVP_MAC_CTX_free(context);
}

hmac_sha256::hmac_sha256(std::span<const std::byte> key) {
  static EVP_MAC* const mac = EVP_MAC_fetch(nullptr, "HMAC", nullptr);
  must(mac != nullptr, "EVP_MAC_fetch");
  context_.reset(EVP_MAC_CTX_new(mac));
  must(context_ != nullptr, "EVP_MAC_CTX_new");

  char digest_name[] = "SHA256";
  OSSL_PARAM given[] = {
    OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, digest_name, 0),
    OSSL_PARAM_construct_end()};
  // A null pointer would mean "keep the key there is", so an empty key must
  // still point somewhere.
  static constexpr unsigned char nothing = 0;
  must(EVP_MAC_init(context_.get(), key.empty() ? &nothing : raw(key),
                    key.size(), given)
         == 1,
       "EVP_MAC_init");
}

hmac_sha256::hmac_sha256(std::string_view key) : hmac_sha256(as_bytes(key)) {}

void hmac_sha256::begin() noexcept {
  // No key: the one set in the constructor, already expanded.
  must(EVP_MAC_init(context_.get(), nullptr, 0, nullptr) == 1, "EVP_MAC_init");
}

void hmac_sha256::update(std::span<const std::byte> bytes) noexcept {
  must(EVP_MAC_update(context_.get(), raw(bytes), bytes.size()) == 1,
       "EVP_MAC_update");
}

digest256 hmac_sha256::finish() noexcept {
  digest256 code;
  must(EVP_MAC_final(context_.get(), raw_out(code), nullptr, code.size()) == 1,
       "EVP_MAC_final");
  return code;
}

} // namespace assistly::crypto
