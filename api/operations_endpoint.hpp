/// `/healthz`, `/readyz`, `/metrics`: for whoever runs the server.
#pragma once

#include "protocol/http/message.hpp"
#include "protocol/http/responder.hpp"
#include "storage/reader.hpp"
#include "storage/writer.hpp"
#include "telemetry/assistly_metrics.hpp"

#include <atomic>

namespace assistly::api {

/// Ready means: a webhook that came now would be kept. So while storage refuses
/// to write, each question is answered by trying, and the server is ready again
/// as soon as a try or a webhook was written.
class operations_endpoint {
public:
  operations_endpoint(storage::writer& writer, storage::reader& reader,
                      const telemetry::registry& registry,
                      telemetry::assistly_metrics& metrics)
    : writer_(&writer), reader_(&reader), registry_(&registry),
      metrics_(&metrics) {}

  /// Before the first call and after the stop has begun it is not ready.
  /// Returns what held before.
  bool set_serving(bool serving) noexcept {
    return serving_.exchange(serving);
  }

  void take(const http::request& request, http::responder responder);

private:
  void tell_ready(http::responder responder);
  http::response figures();

  storage::writer* writer_;
  storage::reader* reader_;
  const telemetry::registry* registry_;
  telemetry::assistly_metrics* metrics_;
  std::atomic<bool> serving_{false};
  std::atomic<bool> trying_{false};
};

} // namespace assistly::api
