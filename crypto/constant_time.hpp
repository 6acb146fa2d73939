/// Comparing what an attacker can guess at.
#pragma once

#include "crypto/bytes.hpp"

namespace assistly::crypto {

/// Whether both hold the same bytes. The time taken depends on the length
/// alone, never on where they differ; different lengths are told at once.
bool equal(std::span<const std::byte> a, std::span<const std::byte> b) noexcept;
bool equal(std::string_view a, std::string_view b) noexcept;

} // namespace assistly::crypto
