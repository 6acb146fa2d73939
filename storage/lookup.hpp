/// Keyed hashes of what the outside world calls things; the only form in which
/// an external id is indexed.
#pragma once

#include "crypto/hmac.hpp"
#include "crypto/key.hpp"
#include "model/channel.hpp"
#include "model/ids.hpp"

#include <algorithm>

namespace assistly::storage {

inline lookup_hash shorten(const crypto::digest256& digest) noexcept {
  lookup_hash hash;
  std::copy_n(digest.begin(), hash.bytes.size(), hash.bytes.begin());
  return hash;
}

inline lookup_hash hash_of(const crypto::key256& lookup_key,
                           std::string_view key_text) {
  crypto::hmac_sha256 mac{std::span<const std::byte>{lookup_key.bytes}};
  return shorten(mac.sign(key_text));
}

/// The 63-bit form in which a dedupe key stands in `seen`.
inline std::int64_t seen_hash(const lookup_hash& hash) noexcept {
  std::uint64_t value = 0;
  for (std::size_t i = 0; i < 8; ++i)
    value = value << 8 | std::to_integer<std::uint64_t>(hash.bytes[i]);
  return static_cast<std::int64_t>(value >> 1);
}

/// An account is found before its tenant is known, so its hash is keyed by the
/// operator's own directory key.
inline lookup_hash account_hash(const crypto::key256& directory_key,
                                channel_kind kind, std::string_view account) {
  crypto::hmac_sha256 mac{std::span<const std::byte>{directory_key.bytes}};
  return shorten(mac.sign(to_string(kind), std::string_view{"\x1f"}, account));
}

} // namespace assistly::storage
