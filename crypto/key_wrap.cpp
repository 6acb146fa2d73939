#include "crypto/key_wrap.hpp"

#include "crypto/aead.hpp"

namespace assistly::crypto {
namespace {

associated_data spell(const wrap_context& owner) {
  associated_data spelled{'k'};
  spelled.number(static_cast<std::uint64_t>(owner.tenant.value))
    .text(owner.kind)
    .text(as_text(owner.subject))
    .number(static_cast<std::uint64_t>(owner.generation));
  return spelled;
}

} // namespace

std::string wrap_key(const key256& parent, const wrap_context& owner,
                     const key256& key, random_source& random) {
  return seal_bytes(parent, spell(owner), key.bytes, random);
}

outcome<key256> unwrap_key(const key256& parent, const wrap_context& owner,
                           std::string_view wrapped) {
  key256 key;
  if (!open_bytes(parent, spell(owner), wrapped, key.bytes))
    return fault{errc::wrong_key, "a wrapped key does not open: its parent or "
                                  "its owner is another, or it was changed"};
  return key;
}

} // namespace assistly::crypto
