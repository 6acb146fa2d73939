#include "crypto/signing.hpp"

#include "crypto/encoding.hpp"
#include "crypto/must.hpp"

#include <openssl/evp.h>

namespace assistly::crypto {
namespace {

struct free_context {
  void operator()(EVP_MD_CTX* context) const noexcept {
    EVP_MD_CTX_free(context);
  }
};

using digest_context = std::unique_ptr<EVP_MD_CTX, free_context>;

digest_context make_context() {
  digest_context context{EVP_MD_CTX_new()};
  must(context != nullptr, "EVP_MD_CTX_new");
  return context;
}

} // namespace

void signing_key::free_key::operator()(evp_pkey_st* key) const noexcept {
  EVP_PKEY_free(key);
}

signing_key::signing_key(const key256& seed)
  : key_(EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, nullptr,
                                      raw(seed.bytes), seed.bytes.size())) {
  must(key_ != nullptr, "EVP_PKEY_new_raw_private_key");
  std::size_t size = verifier_.size();
  must(EVP_PKEY_get_raw_public_key(key_.get(), raw_out(verifier_), &size) == 1,
       "EVP_PKEY_get_raw_public_key");
}

signature signing_key::sign(std::span<const std::byte> message) const {
  auto context = make_context();
  signature made;
  std::size_t size = made.size();
  must(EVP_DigestSignInit(context.get(), nullptr, nullptr, nullptr, key_.get())
           == 1
         && EVP_DigestSign(context.get(), raw_out(made), &size, raw(message),
                           message.size())
              == 1,
       "EVP_DigestSign");
  return made;
}

signature signing_key::sign(std::string_view message) const {
  return sign(as_bytes(message));
}

std::string signing_key::verifier_hex() const {
  return to_hex(verifier_);
}

bool verify(const public_key& by, std::span<const std::byte> message,
            const signature& signed_with) {
  std::unique_ptr<EVP_PKEY, void (*)(EVP_PKEY*)> key{
    EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, nullptr, raw(by), by.size()),
    EVP_PKEY_free};
  if (!key)
    return false;
  auto context = make_context();
  return EVP_DigestVerifyInit(context.get(), nullptr, nullptr, nullptr,
                              key.get())
           == 1
         && EVP_DigestVerify(context.get(), raw(signed_with),
                             signed_with.size(), raw(message), message.size())
              == 1;
}

bool verify(const public_key& by, std::string_view message,
            const signature& signed_with) {
  return verify(by, as_bytes(message), signed_with);
}

} // namespace assistly::crypto
