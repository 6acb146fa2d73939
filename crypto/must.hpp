/// For use inside crypto/ only.
#pragma once

#include <cstdio>
#include <cstdlib>

namespace assistly::crypto {

/// Ends the process when OpenSSL refuses a call that cannot fail with the
/// arguments given (no memory, no entropy, a build without the algorithm).
/// Going on would mean a weak key or unsealed text; a crash loses nothing,
/// since what was acknowledged is on disk.
inline void must(bool ok, const char* what) noexcept {
  if (ok) [[likely]]
    return;
  std::fprintf(stderr, "crypto: %s failed, cannot go on\n", what);
  std::abort();
}

} // namespace assistly::crypto
