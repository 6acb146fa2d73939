#include "protocol/webhook/verify_signature.hpp"

#include "crypto/constant_time.hpp"
#include "crypto/encoding.hpp"

#include <array>
#include <utility>

namespace assistly::webhook {

namespace {

constexpr std::string_view scheme = "sha256=";

fault refused(const char* why) {
  return {errc::bad_signature, why};
}

} // namespace

signature_verifier::signature_verifier(
  const std::vector<secret_text>& app_secrets) {
  keyed_.reserve(app_secrets.size());
  for (const auto& secret : app_secrets)
    if (!secret.empty())
      keyed_.emplace_back(std::string_view{secret.reveal()});
}

outcome<verified_webhook> signature_verifier::verify(std::string body,
                                                     std::string_view header,
                                                     std::size_t header_count) {
  if (header_count == 0)
    return refused("the request is not signed");
  if (header_count > 1)
    return refused("the signature header stands there more than once");
  std::array<std::byte, 32> given{};
  if (!header.starts_with(scheme)
      || !crypto::from_hex(header.substr(scheme.size()), given))
    return refused("the signature header is malformed");

  // No early exit: which of several secrets is in use stays untold.
  bool matched = false;
  for (auto& key : keyed_) {
    const auto expected = key.sign(body);
    matched |= crypto::equal(expected, given);
  }
  if (!matched)
    return refused("the signature does not match the body");

  if (body.capacity() - body.size() < body_padding)
    body.reserve(body.size() + body_padding);
  return verified_webhook{std::move(body)};
}

} // namespace assistly::webhook
