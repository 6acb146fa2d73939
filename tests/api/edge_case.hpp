/// The webhook's edge and what watches it, on a storage of its own and without
/// actors: what is accepted stays in the journal.
#pragma once

#include "api/operations_endpoint.hpp"
#include "api/webhook_endpoint.hpp"
#include "crypto/encoding.hpp"
#include "crypto/hmac.hpp"
#include "tests/storage/storage_node.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <future>
#include <optional>

namespace assistly::fakes {

class edge_case : public testing::Test {
protected:
  edge_case() {
    // A new writer, for hooks are set before its first unit.
    node.writer->stop();
    node.writer = std::make_unique<storage::writer>(
      *node.database, node.clock, node.random, storage::writer_options{});
    services.db = node.database.get();
    services.writer = node.writer.get();
    services.reader = node.reader.get();
    services.clock = &node.clock;
    services.random = &node.random;
    services.metrics = &metrics;
    services.directory.set(node.directory);
    webhooks.emplace(services, meta());
    operations.emplace(*node.writer, *node.reader, registry, metrics);
    operations->set_serving(true);
  }

  ~edge_case() override {
    node.writer->stop(); // which tells the endpoints
  }

  static config::meta_settings meta() {
    config::meta_settings made;
    made.app_secret = secret_text{"edge-secret"};
    return made;
  }

  /// The answer of whatever `call` hands the responder to.
  template <class Call>
  static http::response answer_of(Call call) {
    std::promise<http::response> promise;
    auto answer = promise.get_future();
    call(http::responder{[&promise](http::response given) {
      promise.set_value(std::move(given));
    }});
    return answer.get();
  }

  http::response post(std::string body, std::string signature) {
    http::request asked;
    asked.method = "POST";
    asked.set_target("/webhooks/meta");
    asked.add_header("X-Hub-Signature-256", signature);
    asked.body = std::move(body);
    asked.began = std::chrono::steady_clock::now();
    return answer_of([&](http::responder to) {
      webhooks->post(std::move(asked), std::move(to));
    });
  }

  static std::string signed_by_meta(const std::string& body) {
    crypto::hmac_sha256 key{std::string_view{"edge-secret"}};
    return "sha256=" + crypto::to_hex(key.sign(body));
  }

  /// A message of `length` bytes to the business.
  static std::string message_of(int n, std::size_t length) {
    return R"({"object":"page","entry":[{"id":"acme-page","time":1800000000000,)"
           R"("messaging":[{"sender":{"id":"7001"},"recipient":{"id":)"
           R"("acme-page"},"timestamp":1800000000000,"message":{"mid":"m_)"
           + std::to_string(n) + R"(","text":")" + std::string(length, 'x')
           + R"("}}]}]})";
  }

  int write(int n) {
    auto body = message_of(n, 2'000);
    auto signature = signed_by_meta(body);
    return post(std::move(body), std::move(signature)).status;
  }

  http::response watch(const std::string& path,
                       const std::string& method = "GET") {
    http::request asked;
    asked.method = method;
    asked.set_target(path);
    return answer_of(
      [&](http::responder to) { operations->take(asked, std::move(to)); });
  }

  std::uint64_t count(telemetry::webhook_outcome how) const {
    return metrics.webhook_requests_total.at(how).value();
  }

  void fill_the_disk() {
    auto pages = node.number("PRAGMA page_count");
    node.execute("PRAGMA max_page_count = " + std::to_string(pages + 20));
    int n = 0;
    while (write(n) == 200 && n < 10'000)
      ++n;
  }

  void make_room() {
    node.execute("PRAGMA max_page_count = 1000000");
  }

  storage_node node;
  telemetry::registry registry;
  telemetry::assistly_metrics metrics{registry};
  actors::node_services services;
  std::optional<api::webhook_endpoint> webhooks;
  std::optional<api::operations_endpoint> operations;
};

} // namespace assistly::fakes
