/// AES-256-GCM (NIST SP 800-38D) in its bare form. For use inside crypto/ only:
/// everything else seals by crypto/seal.hpp or crypto/key_wrap.hpp, which bind
/// a value to its place.
#pragma once

#include "crypto/bytes.hpp"
#include "crypto/key.hpp"

#include <array>
#include <string>

namespace assistly::crypto {

inline constexpr std::size_t nonce_size = 12;
inline constexpr std::size_t tag_size = 16;

using gcm_nonce = std::array<std::byte, nonce_size>;

/// Encrypts into `out`, which is as long as `plain` and the tag of 16 bytes
/// together. A nonce must never come twice under one key.
void gcm_encrypt(const key256& key, const gcm_nonce& nonce,
                 std::span<const std::byte> associated,
                 std::span<const std::byte> plain,
                 std::span<std::byte> out) noexcept;

/// Decrypts ciphertext and tag into `out`, which is 16 bytes shorter. False if
/// anything does not fit; `out` is then all zeros.
bool gcm_decrypt(const key256& key, const gcm_nonce& nonce,
                 std::span<const std::byte> associated,
                 std::span<const std::byte> sealed,
                 std::span<std::byte> out) noexcept;

/// What a value is bound to, spelled so that two different lists of fields
/// never give the same bytes: numbers are 8 bytes, texts follow their length.
class associated_data {
public:
  /// `purpose` keeps seals and wrapped keys apart. The bytes live in a buffer
  /// of the thread, so only one may be in use at a time.
  explicit associated_data(char purpose);

  associated_data& number(std::uint64_t value);
  associated_data& text(std::string_view value);

  std::span<const std::byte> bytes() const noexcept {
    return as_bytes(buffer_);
  }

private:
  std::string& buffer_;
};

/// version | nonce | ciphertext | tag, as kept in the database.
inline constexpr char seal_version = 1;
inline constexpr std::size_t seal_overhead = 1 + nonce_size + tag_size;

std::string seal_bytes(const key256& key, const associated_data& bound_to,
                       std::span<const std::byte> plain, random_source& random);

/// Opens into `out`, which must be as long as the plain text; false if the
/// length, the version, the key, the binding or any byte is not right.
bool open_bytes(const key256& key, const associated_data& bound_to,
                std::string_view sealed, std::span<std::byte> out) noexcept;

} // namespace assistly::crypto
