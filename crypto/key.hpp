/// A symmetric key of 256 bits.
#pragma once

#include "model/clock.hpp"

#include <array>
#include <iosfwd>
#include <string>

namespace assistly::crypto {

/// The raw bytes of a key: caching these and keying a context anew costs less
/// memory and time than caching contexts (60 against 1,188 bytes). Wiped when
/// it ends, whichever copy that is. Neither printed nor compared.
struct key256 {
  std::array<std::byte, 32> bytes{};

  key256() = default;

  explicit key256(const std::array<std::byte, 32>& from) noexcept
    : bytes(from) {}

  key256(const key256&) = default;
  key256& operator=(const key256&) = default;
  ~key256();
};

std::ostream& operator<<(std::ostream&, const key256&) = delete;

/// A key nobody has had before.
key256 make_key(random_source& random) noexcept;

/// Overwrites the text with zeros and empties it, for buffers that held key
/// material or opened text. Not removed by the optimiser.
void wipe(std::string& text) noexcept;

} // namespace assistly::crypto
