/// Ed25519 signatures (RFC 8032): what others can check without our secret,
/// such as erasure receipts.
#pragma once

#include "crypto/bytes.hpp"
#include "crypto/key.hpp"

#include <array>
#include <memory>

struct evp_pkey_st;

namespace assistly::crypto {

using signature = std::array<std::byte, 64>;
using public_key = std::array<std::byte, 32>;

/// Signs under a secret seed. Safe from any thread.
class signing_key {
public:
  explicit signing_key(const key256& seed);

  signature sign(std::span<const std::byte> message) const;
  signature sign(std::string_view message) const;

  const public_key& verifier() const noexcept {
    return verifier_;
  }

  /// The public key as published: 64 lower-case hexadecimal digits.
  std::string verifier_hex() const;

private:
  struct free_key {
    void operator()(evp_pkey_st* key) const noexcept;
  };

  std::unique_ptr<evp_pkey_st, free_key> key_;
  public_key verifier_{};
};

/// Whether `by`'s owner signed exactly this message. False, too, if `by` is no
/// point of the curve.
bool verify(const public_key& by, std::span<const std::byte> message,
            const signature& signed_with);
bool verify(const public_key& by, std::string_view message,
            const signature& signed_with);

} // namespace assistly::crypto
