#include "crypto/aead.hpp"

#include "crypto/must.hpp"

#include <openssl/evp.h>

#include <algorithm>
#include <memory>

namespace assistly::crypto {
namespace {

struct free_context {
  void operator()(EVP_CIPHER_CTX* context) const noexcept {
    EVP_CIPHER_CTX_free(context);
  }
};

using cipher_context = std::unique_ptr<EVP_CIPHER_CTX, free_context>;

const EVP_CIPHER* algorithm() noexcept {
  static EVP_CIPHER* const fetched =
    EVP_CIPHER_fetch(nullptr, "AES-256-GCM", nullptr);
  must(fetched != nullptr, "EVP_CIPHER_fetch");
  return fetched;
}

/// The thread's own context, keyed anew for each call: half the cost of a new
/// one, and far less memory than one kept per key.
EVP_CIPHER_CTX* keyed_context(const key256& key, const gcm_nonce& nonce,
                              bool encrypting) noexcept {
  thread_local const cipher_context context = [] {
    cipher_context made{EVP_CIPHER_CTX_new()};
    must(made != nullptr, "EVP_CIPHER_CTX_new");
    must(
      EVP_CipherInit_ex2(made.get(), algorithm(), nullptr, nullptr, 1, nullptr)
        == 1,
      "EVP_CipherInit");
    return made;
  }();
  must(EVP_CipherInit_ex2(context.get(), nullptr, raw(key.bytes), raw(nonce),
                          encrypting ? 1 : 0, nullptr)
         == 1,
       "EVP_CipherInit");
  return context.get();
}

/// Feeds any length through OpenSSL's `int`. `out` is null for associated data.
bool feed(EVP_CIPHER_CTX* context, std::span<const std::byte> in,
          unsigned char* out) noexcept {
  constexpr std::size_t most = std::size_t{1} << 30;
  while (!in.empty()) {
    auto part = in.first(std::min(in.size(), most));
    int written = 0;
    if (EVP_CipherUpdate(context, out, &written, raw(part),
                         static_cast<int>(part.size()))
        != 1)
      return false;
    if (out != nullptr)
      out += written;
    in = in.subspan(part.size());
  }
  return true;
}

} // namespace

void gcm_encrypt(const key256& key, const gcm_nonce& nonce,
                 std::span<const std::byte> associated,
                 std::span<const std::byte> plain,
                 std::span<std::byte> out) noexcept {
  must(out.size() == plain.size() + tag_size, "gcm_encrypt: room for output");
  auto* context = keyed_context(key, nonce, true);
  must(feed(context, associated, nullptr), "EVP_CipherUpdate");
  must(feed(context, plain, raw_out(out)), "EVP_CipherUpdate");
  int written = 0;
  must(EVP_CipherFinal_ex(context, raw_out(out) + plain.size(), &written) == 1,
       "EVP_CipherFinal");
  must(EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_GET_TAG, tag_size,
                           raw_out(out) + plain.size())
         == 1,
       "EVP_CTRL_AEAD_GET_TAG");
}

bool gcm_decrypt(const key256& key, const gcm_nonce& nonce,
                 std::span<const std::byte> associated,
                 std::span<const std::byte> sealed,
                 std::span<std::byte> out) noexcept {
  if (sealed.size() != out.size() + tag_size)
    return false;
  auto cipher = sealed.first(out.size());
  std::array<std::byte, tag_size> tag;
  std::ranges::copy(sealed.last(tag_size), tag.begin());

  auto* context = keyed_context(key, nonce, false);
  int written = 0;
  unsigned char no_block[16];
  bool opened =
    EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_SET_TAG, tag_size, tag.data())
      == 1
    && feed(context, associated, nullptr) && feed(context, cipher, raw_out(out))
    && EVP_CipherFinal_ex(context, no_block, &written) == 1;
  // Unauthenticated text must not get out.
  if (!opened)
    std::ranges::fill(out, std::byte{0});
  return opened;
}

associated_data::associated_data(char purpose)
  : buffer_([]() -> std::string& {
      thread_local std::string buffer;
      return buffer;
    }()) {
  buffer_.assign({purpose, seal_version});
}

associated_data& associated_data::number(std::uint64_t value) {
  for (int shift = 56; shift >= 0; shift -= 8)
    buffer_ += static_cast<char>(value >> shift & 0xff);
  return *this;
}

associated_data& associated_data::text(std::string_view value) {
  number(value.size());
  buffer_ += value;
  return *this;
}

std::string seal_bytes(const key256& key, const associated_data& bound_to,
                       std::span<const std::byte> plain,
                       random_source& random) {
  gcm_nonce nonce;
  random.fill(nonce);
  std::string sealed(plain.size() + seal_overhead, '\0');
  sealed[0] = seal_version;
  sealed.replace(1, nonce_size, as_text(nonce));
  gcm_encrypt(
    key, nonce, bound_to.bytes(), plain,
    std::as_writable_bytes(std::span{sealed}).subspan(1 + nonce_size));
  return sealed;
}

bool open_bytes(const key256& key, const associated_data& bound_to,
                std::string_view sealed, std::span<std::byte> out) noexcept {
  if (sealed.size() != out.size() + seal_overhead || sealed[0] != seal_version)
    return false;
  auto bytes = as_bytes(sealed);
  gcm_nonce nonce;
  std::ranges::copy(bytes.subspan(1, nonce_size), nonce.begin());
  return gcm_decrypt(key, nonce, bound_to.bytes(),
                     bytes.subspan(1 + nonce_size), out);
}

} // namespace assistly::crypto
