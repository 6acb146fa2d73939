#include "protocol/webhook/handshake.hpp"

#include "crypto/constant_time.hpp"
#include "crypto/digest.hpp"

namespace assistly::webhook {

std::optional<std::string>
answer_handshake(const std::optional<std::string>& mode,
                 const std::optional<std::string>& token,
                 const std::optional<std::string>& challenge,
                 const secret_text& expected_token) {
  if (!mode || *mode != "subscribe" || !token || !challenge
      || expected_token.empty())
    return std::nullopt;
  if (challenge->empty() || challenge->size() > longest_challenge)
    return std::nullopt;
  // Digests have one length, so not even the length of the token shows.
  const auto given = crypto::sha256(*token);
  const auto wanted = crypto::sha256(expected_token.reveal());
  if (!crypto::equal(given, wanted))
    return std::nullopt;
  return challenge;
}

} // namespace assistly::webhook
