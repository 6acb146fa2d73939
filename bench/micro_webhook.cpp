/// What a webhook costs before it is kept: its signature and its JSON.
#include "crypto/encoding.hpp"
#include "protocol/webhook/parse_webhook.hpp"

#include <benchmark/benchmark.h>

namespace assistly {
namespace {

constexpr std::string_view app_secret = "a secret for measurements";

std::string message(int number) {
  return R"({"sender":{"id":"7000000000000001"},"recipient":{"id":)"
         R"("100200300400501"},"timestamp":1795132800000,"message":{"mid":"m_)"
         + std::to_string(1'000'000 + number)
         + R"(","text":"Hi, is the city bike still in stock?"}})";
}

/// One webhook with so many messages; Meta sends up to 1,000 in one.
std::string body_with(std::int64_t messages) {
  std::string body =
    R"({"object":"page","entry":[{"id":"100200300400501","time":)"
    R"(1795132800350,"messaging":[)";
  for (int i = 0; i < messages; ++i)
    (body += i == 0 ? "" : ",") += message(i);
  body += "]}]}";
  body.reserve(body.size() + webhook::body_padding);
  return body;
}

/// A body as the server hands it over: with room behind it.
std::string padded_copy(const std::string& body) {
  std::string copy;
  copy.reserve(body.size() + webhook::body_padding);
  copy = body;
  return copy;
}

std::string header_for(std::string_view body) {
  crypto::hmac_sha256 key{app_secret};
  return "sha256=" + crypto::to_hex(key.sign(body));
}

void count_bytes(benchmark::State& state, const std::string& body) {
  state.SetBytesProcessed(static_cast<std::int64_t>(body.size())
                          * state.iterations());
  state.SetItemsProcessed(state.range(0) * state.iterations());
}

void verify_signature(benchmark::State& state) {
  webhook::signature_verifier verifier{{secret_text{std::string{app_secret}}}};
  const auto body = body_with(state.range(0));
  const auto header = header_for(body);
  for (auto _ : state) {
    auto verified = verifier.verify(padded_copy(body), header, 1);
    if (!verified)
      state.SkipWithError("a right signature was refused");
    benchmark::DoNotOptimize(verified);
  }
  count_bytes(state, body);
}

void parse_webhook(benchmark::State& state) {
  webhook::signature_verifier verifier{{secret_text{std::string{app_secret}}}};
  const auto body = body_with(state.range(0));
  const auto verified = verifier.verify(padded_copy(body), header_for(body), 1);
  if (!verified) {
    state.SkipWithError("a right signature was refused");
    return;
  }
  for (auto _ : state) {
    auto parsed = webhook::parse_webhook(*verified);
    if (!parsed
        || parsed->events.size() != static_cast<std::size_t>(state.range(0)))
      state.SkipWithError("not every message was read");
    benchmark::DoNotOptimize(parsed);
  }
  count_bytes(state, body);
}

BENCHMARK(verify_signature)->Arg(1)->Arg(100);
BENCHMARK(parse_webhook)->Arg(1)->Arg(100);

} // namespace
} // namespace assistly
