/// Ids that do not mix: a swapped tenant and channel does not compile.
#pragma once

#include "model/clock.hpp"

#include <array>
#include <compare>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace assistly {

/// 16 bytes of UUIDv7 (RFC 9562 section 5.7): they sort by the time of making.
struct uuid {
  std::array<std::byte, 16> bytes{};

  auto operator<=>(const uuid&) const = default;

  std::span<const std::byte> span() const noexcept {
    return bytes;
  }
};

/// The lowest UUIDv7 there can be for `t`, so that ids compare as their moments
/// do (RFC 9562 section 5.7).
uuid first_uuid_of(timestamp t) noexcept;

/// The moment a UUIDv7 was made, to the millisecond.
timestamp made_at(const uuid& id) noexcept;

/// A new UUIDv7 for `now`.
uuid make_uuid(timestamp now, random_source& random) noexcept;

/// Lower-case text with dashes, and back. Anything else is no uuid.
std::string to_string(const uuid& id);
std::optional<uuid> parse_uuid(std::string_view text) noexcept;

/// An integer id that only compares with its own kind.
template <class Tag>
struct number_id {
  std::int64_t value = 0;

  auto operator<=>(const number_id&) const = default;
};

/// A UUIDv7 that only compares with its own kind.
template <class Tag>
struct unique_id {
  uuid value;

  auto operator<=>(const unique_id&) const = default;
};

/// A business, by a number that is never given twice: a slug erased and made
/// again is another tenant.
using tenant_id = number_id<struct tenant_tag>;
/// One connected account of one kind, within its tenant.
using channel_id = number_id<struct channel_tag>;
using person_id = unique_id<struct person_tag>;
using conversation_id = unique_id<struct conversation_tag>;
using turn_id = unique_id<struct turn_tag>;
using outbox_id = unique_id<struct outbox_tag>;
using journal_id = unique_id<struct journal_tag>;

template <class Tag>
std::string to_string(const unique_id<Tag>& id) {
  return to_string(id.value);
}

template <class Tag>
std::string to_string(const number_id<Tag>& id) {
  return std::to_string(id.value);
}

/// Keyed hash of an external id (16 bytes), the only form in which one is
/// indexed (DESIGN section 5, keys).
struct lookup_hash {
  std::array<std::byte, 16> bytes{};

  auto operator<=>(const lookup_hash&) const = default;
};

/// First 10 bits of the hash: which of 1,024 shards owns the conversation.
constexpr std::uint16_t shard_of(const lookup_hash& hash) noexcept {
  return static_cast<std::uint16_t>(
    (std::to_integer<unsigned>(hash.bytes[0]) << 2)
    | (std::to_integer<unsigned>(hash.bytes[1]) >> 6));
}

} // namespace assistly

template <class Tag>
struct std::hash<assistly::number_id<Tag>> {
  std::size_t operator()(const assistly::number_id<Tag>& id) const noexcept {
    return std::hash<std::int64_t>{}(id.value);
  }
};

template <>
struct std::hash<assistly::uuid> {
  std::size_t operator()(const assistly::uuid& id) const noexcept {
    // The tail of a UUIDv7 is random, so it needs no mixing.
    std::size_t value = 0;
    for (std::size_t i = 8; i < 16; ++i)
      value = value << 8 | std::to_integer<std::size_t>(id.bytes[i]);
    return value;
  }
};

template <class Tag>
struct std::hash<assistly::unique_id<Tag>> {
  std::size_t operator()(const assistly::unique_id<Tag>& id) const noexcept {
    return std::hash<assistly::uuid>{}(id.value);
  }
};

template <>
struct std::hash<assistly::lookup_hash> {
  std::size_t operator()(const assistly::lookup_hash& h) const noexcept {
    std::size_t value = 0;
    for (std::size_t i = 0; i < 8; ++i)
      value = value << 8 | std::to_integer<std::size_t>(h.bytes[i]);
    return value;
  }
};
