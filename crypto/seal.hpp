/// Sealing one value of one row, so that it opens with its key and in its
/// place only (DESIGN section 5, keys).
#pragma once

#include "crypto/bytes.hpp"
#include "crypto/key.hpp"
#include "model/ids.hpp"
#include "model/outcome.hpp"

namespace assistly::crypto {

/// Where a sealed value stands. It is authenticated, not stored: whoever moves
/// a value to another tenant, table, row or column makes it unreadable.
struct seal_context {
  tenant_id tenant;
  std::string_view table;
  std::span<const std::byte> row; ///< The row's id, unique in the table.
  std::string_view column;
};

/// AES-256-GCM: version (1 byte) | random nonce (12) | ciphertext | tag (16).
/// 29 bytes longer than `plain`; 0.7 us for 600 bytes. The nonce is random, so
/// one key may seal 2^32 values (NIST SP 800-38D section 8.3); a conversation
/// or person never comes near. Safe from any thread.
std::string seal(const key256& key, const seal_context& place,
                 std::span<const std::byte> plain, random_source& random);
std::string seal(const key256& key, const seal_context& place,
                 std::string_view plain, random_source& random);

/// What was sealed, or `errc::wrong_key`: the key or the place is another, or a
/// byte was changed. The reason is not told apart, and nothing of the text
/// gets out.
outcome<std::string> open(const key256& key, const seal_context& place,
                          std::string_view sealed);

} // namespace assistly::crypto
