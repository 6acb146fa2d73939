/// Keys kept under other keys: root -> key-encryption key -> tenant -> leaves
/// (DESIGN section 5, keys).
#pragma once

#include "crypto/bytes.hpp"
#include "crypto/key.hpp"
#include "model/ids.hpp"
#include "model/outcome.hpp"

namespace assistly::crypto {

/// Whose key it is: the row of the key table, authenticated with the key.
struct wrap_context {
  tenant_id tenant; ///< 0 for the operator's own keys.
  std::string_view kind;
  std::span<const std::byte> subject; ///< Id of the person, conversation, ...
  std::int64_t generation = 0;
};

/// `key` sealed under `parent`: 61 bytes, 0.6 us.
std::string wrap_key(const key256& parent, const wrap_context& owner,
                     const key256& key, random_source& random);

/// The key, or `errc::wrong_key` if the parent or the owner is another or a
/// byte was changed.
outcome<key256> unwrap_key(const key256& parent, const wrap_context& owner,
                           std::string_view wrapped);

} // namespace assistly::crypto
