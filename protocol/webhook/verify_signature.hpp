/// Only what Meta signed gets any further (CONTRACT 3.1).
#pragma once

#include "crypto/hmac.hpp"
#include "model/outcome.hpp"
#include "model/secret.hpp"

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace assistly::webhook {

/// Spare capacity behind a body, so that it can be parsed in place with SIMD
/// loads. A body that comes with it (http::body_padding) is never copied.
inline constexpr std::size_t body_padding = 64;

/// The bytes of a POST whose signature was right. Nothing else can make one,
/// and the parser takes nothing else.
class verified_webhook {
public:
  /// Exactly what was received; valid as long as this object.
  std::string_view body() const noexcept {
    return body_;
  }

private:
  friend class signature_verifier;

  explicit verified_webhook(std::string body) : body_(std::move(body)) {}

  std::string body_;
};

/// Checks `X-Hub-Signature-256` under every active app secret: several
/// products, or an old and a new secret, may sign at the same time.
///
/// Holds one keyed HMAC context per secret. Not safe from two threads: make one
/// per thread.
class signature_verifier {
public:
  /// Empty secrets are left out. Without any secret everything is refused.
  explicit signature_verifier(const std::vector<secret_text>& app_secrets);

  /// `header` is the value of X-Hub-Signature-256 and `header_count` how often
  /// the header stands in the request. Must be exactly one header, `sha256=`
  /// and 64 lower-case hex digits over the raw bytes of `body`; anything else
  /// is errc::bad_signature. The time taken tells nothing of a secret or of
  /// which one matched.
  outcome<verified_webhook> verify(std::string body, std::string_view header,
                                   std::size_t header_count);

private:
  std::vector<crypto::hmac_sha256> keyed_;
};

} // namespace assistly::webhook
