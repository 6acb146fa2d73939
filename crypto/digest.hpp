/// SHA-256 and what is derived with it.
#pragma once

#include "crypto/bytes.hpp"

#include <array>
#include <memory>

struct evp_md_ctx_st;

namespace assistly::crypto {

using digest256 = std::array<std::byte, 32>;

/// SHA-256 (FIPS 180-4) of one piece.
digest256 sha256(std::span<const std::byte> bytes) noexcept;
digest256 sha256(std::string_view text) noexcept;

/// SHA-256 of what comes in pieces. Not safe from two threads.
class sha256_stream {
public:
  sha256_stream();

  void update(std::span<const std::byte> bytes) noexcept;
  void update(std::string_view text) noexcept;

  /// The digest of everything since the start or the last `finish`.
  digest256 finish() noexcept;

private:
  struct free_context {
    void operator()(evp_md_ctx_st* context) const noexcept;
  };

  std::unique_ptr<evp_md_ctx_st, free_context> context_;
};

/// HKDF with SHA-256 (RFC 5869): as many bytes as `out` holds, at most 8,160.
/// `label` keeps the uses of one key apart; `salt` may be empty.
void hkdf_sha256(std::span<const std::byte> key,
                 std::span<const std::byte> salt, std::string_view label,
                 std::span<std::byte> out) noexcept;

} // namespace assistly::crypto
