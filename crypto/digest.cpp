#include "crypto/digest.hpp"

#include "crypto/must.hpp"

#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/kdf.h>

namespace assistly::crypto {
namespace {

/// Fetched once: a fetch by name costs more than the hash of a short text.
const EVP_MD* algorithm() noexcept {
  static EVP_MD* const fetched = EVP_MD_fetch(nullptr, "SHA256", nullptr);
  must(fetched != nullptr, "EVP_MD_fetch");
  return fetched;
}

} // namespace

void sha256_stream::free_context::operator()(
  evp_md_ctx_st* context) const noexcept {
  EVP_MD_CTX_free(context);
}

sha256_stream::sha256_stream() : context_(EVP_MD_CTX_new()) {
  must(context_ != nullptr, "EVP_MD_CTX_new");
  must(EVP_DigestInit_ex2(context_.get(), algorithm(), nullptr) == 1,
       "EVP_DigestInit");
}

void sha256_stream::update(std::span<const std::byte> bytes) noexcept {
  must(EVP_DigestUpdate(context_.get(), bytes.data(), bytes.size()) == 1,
       "EVP_DigestUpdate");
}

void sha256_stream::update(std::string_view text) noexcept {
  update(as_bytes(text));
}

digest256 sha256_stream::finish() noexcept {
  digest256 digest;
  must(EVP_DigestFinal_ex(context_.get(), raw_out(digest), nullptr) == 1,
       "EVP_DigestFinal");
  must(EVP_DigestInit_ex2(context_.get(), algorithm(), nullptr) == 1,
       "EVP_DigestInit");
  return digest;
}

digest256 sha256(std::span<const std::byte> bytes) noexcept {
  thread_local sha256_stream stream;
  stream.update(bytes);
  return stream.finish();
}

digest256 sha256(std::string_view text) noexcept {
  return sha256(as_bytes(text));
}

void hkdf_sha256(std::span<const std::byte> key,
                 std::span<const std::byte> salt, std::string_view label,
                 std::span<std::byte> out) noexcept {
  static EVP_KDF* const kdf = EVP_KDF_fetch(nullptr, "HKDF", nullptr);
  must(kdf != nullptr, "EVP_KDF_fetch");
  std::unique_ptr<EVP_KDF_CTX, void (*)(EVP_KDF_CTX*)> context{
    EVP_KDF_CTX_new(kdf), EVP_KDF_CTX_free};
  must(context != nullptr, "EVP_KDF_CTX_new");

  // OSSL_PARAM takes mutable pointers but only reads through these.
  char digest_name[] = "SHA256";
  auto octets = [](const char* name, std::span<const std::byte> bytes) {
    return OSSL_PARAM_construct_octet_string(
      name, const_cast<std::byte*>(bytes.data()), bytes.size());
  };
  std::array<OSSL_PARAM, 5> given{
    OSSL_PARAM_construct_utf8_string(OSSL_KDF_PARAM_DIGEST, digest_name, 0),
    octets(OSSL_KDF_PARAM_KEY, key),
    octets(OSSL_KDF_PARAM_INFO, as_bytes(label)), OSSL_PARAM_construct_end(),
    OSSL_PARAM_construct_end()};
  // An absent salt is 32 zero bytes (RFC 5869 section 2.2), which OpenSSL sees
  // to; an empty one it refuses.
  if (!salt.empty())
    given[3] = octets(OSSL_KDF_PARAM_SALT, salt);
  must(EVP_KDF_derive(context.get(), raw_out(out), out.size(), given.data())
         == 1,
       "HKDF");
}

} // namespace assistly::crypto
