#include "crypto/seal.hpp"

#include "crypto/aead.hpp"

namespace assistly::crypto {
namespace {

associated_data spell(const seal_context& place) {
  associated_data spelled{'s'};
  spelled.number(static_cast<std::uint64_t>(place.tenant.value))
    .text(place.table)
    .text(as_text(place.row))
    .text(place.column);
  return spelled;
}

} // namespace

std::string seal(const key256& key, const seal_context& place,
                 std::span<const std::byte> plain, random_source& random) {
  return seal_bytes(key, spell(place), plain, random);
}

std::string seal(const key256& key, const seal_context& place,
                 std::string_view plain, random_source& random) {
  return seal(key, place, as_bytes(plain), random);
}

outcome<std::string> open(const key256& key, const seal_context& place,
                          std::string_view sealed) {
  if (sealed.size() >= seal_overhead) {
    std::string plain(sealed.size() - seal_overhead, '\0');
    if (open_bytes(key, spell(place), sealed,
                   std::as_writable_bytes(std::span{plain})))
      return plain;
  }
  return fault{errc::wrong_key, "a sealed value does not open: its key or its "
                                "place is another, or it was changed"};
}

} // namespace assistly::crypto
