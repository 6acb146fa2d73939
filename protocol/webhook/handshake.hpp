/// Meta's check that the address is ours (CONTRACT section 2).
#pragma once

#include "model/secret.hpp"

#include <cstddef>
#include <optional>
#include <string>

namespace assistly::webhook {

/// Longest challenge that is echoed, in bytes. Meta's are some ten digits.
inline constexpr std::size_t longest_challenge = 256;

/// What to answer `GET` with: 200 and these bytes as text/plain, or 403 if
/// there is nothing. The arguments are hub.mode, hub.verify_token and
/// hub.challenge, URL-decoded, absent where the query has none. Pure: it works
/// while the database is down. With no expected token everything is refused.
std::optional<std::string>
answer_handshake(const std::optional<std::string>& mode,
                 const std::optional<std::string>& token,
                 const std::optional<std::string>& challenge,
                 const secret_text& expected_token);

} // namespace assistly::webhook
