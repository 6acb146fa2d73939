/// Every kind of failure the program tells apart, and what its caller does.
#pragma once

#include <cstdint>
#include <string_view>

namespace assistly {

enum class errc : std::uint8_t {
  none,
  bad_signature, ///< Not from Meta. Answer 401, keep nothing.
  unreadable,    ///< Signed, but not JSON we can read. Quarantine, answer 200.
  unknown_account, ///< No tenant owns the account. Count, answer 200.
  not_found,       ///< The thing named does not exist. Tell the caller.
  invalid,  ///< The caller's input is wrong. Tell the caller, change nothing.
  conflict, ///< It is already so, or somebody else's. Change nothing.
  window_closed,  ///< The reply window is over. Never retry.
  not_permitted,  ///< Policy or ownership forbids it now. Never retry as is.
  busy,           ///< A limit is reached. Try again after the delay given.
  storage_full,   ///< The disk is full. Nothing was kept; answer 503.
  storage_failed, ///< The database refused or broke. Nothing was kept; answer
                  ///< 503.
  wrong_key,      ///< A seal did not open: wrong key, wrong place, or altered.
  key_destroyed,  ///< The key is gone by erasure. The content is gone with it.
  network_failed, ///< No connection was made; nothing was sent.
  in_doubt,       ///< Sent, but nobody knows whether it arrived. Never repeat
                  ///< blindly.
  io_failed,      ///< A file could not be read or written.
  internal,       ///< A bug. Logged by kind; the caller gets a plain failure.
};

/// The name of the code as written above, for logs and metrics.
std::string_view to_string(errc code) noexcept;

} // namespace assistly
