/// Any bytes under a right signature: the parser must neither crash, nor hang,
/// nor keep an event that breaks its own rules.
#include "crypto/encoding.hpp"
#include "protocol/webhook/parse_webhook.hpp"

#include <cstdlib>

namespace {

using namespace assistly;
using namespace assistly::webhook;

void require(bool holds) {
  if (!holds)
    std::abort();
}

void check(const parsed_webhook& parsed) {
  require(parsed.quarantine.size() == parsed.unreadable_parts);
  for (const auto& event : parsed.events) {
    require(!event.dedupe_key.empty());
    require(event.raw.empty() == (event.kind != event_kind::other));
    require(event.what.empty() == (event.kind != event_kind::other));
    if (event.kind == event_kind::customer_text) {
      require(!event.text.empty());
      require(!event.external_id.empty());
      require(!event.account_id.empty());
      require(event.text.find('\0') == std::string::npos);
    }
  }
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes,
                                      std::size_t size) {
  static signature_verifier verifier{{secret_text{"fuzz"}}};
  static crypto::hmac_sha256 key{std::string_view{"fuzz"}};
  std::string body{reinterpret_cast<const char*>(bytes), size};
  const auto header = "sha256=" + crypto::to_hex(key.sign(body));
  const auto verified = verifier.verify(std::move(body), header, 1);
  require(static_cast<bool>(verified));
  const auto parsed = parse_webhook(*verified);
  if (parsed)
    check(*parsed);
  else
    require(parsed.error().code == errc::unreadable);
  return 0;
}
