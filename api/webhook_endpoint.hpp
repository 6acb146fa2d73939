/// `/webhooks/meta`: handshake, and *accept*. 200 means committed.
#pragma once

#include "actors/node.hpp"
#include "config/settings.hpp"
#include "protocol/http/message.hpp"
#include "protocol/http/responder.hpp"
#include "protocol/http/server.hpp"
#include "protocol/webhook/verify_signature.hpp"

#include <atomic>
#include <memory>
#include <vector>

namespace assistly::api {

class webhook_endpoint {
public:
  static constexpr std::string_view path = "/webhooks/meta";

  /// Before the writer's first unit: it hooks itself behind the commits.
  webhook_endpoint(actors::node_services& services,
                   const config::meta_settings& meta);

  /// Where committed events go; set before the first request.
  void set_node(actors::node* node) {
    node_.store(node);
  }

  void get(const http::request& request, http::responder responder);
  void post(http::request request, http::responder responder);

  /// Counts what the HTTP layer answered in our place: too large, no proper
  /// request, no room.
  void refused(const http::refusal& refusal);

  /// False while more waits for its commit than may, or commits take too long
  /// for Meta: the edge answers 503 before it reads the body.
  bool accepting() const noexcept;

private:
  class accept_unit;

  void flush();
  void ask_for_picture();
  void ended(telemetry::webhook_outcome how, http::steady_time began);
  void refuse(http::responder responder, http::steady_time began, int status,
              telemetry::webhook_outcome why);

  actors::node_services* services_;
  std::vector<secret_text> secrets_;
  secret_text verify_token_;
  std::atomic<actors::node*> node_{nullptr};
  std::atomic<std::size_t> in_flight_{0};
  std::atomic<std::int64_t> picture_asked_at_{0}; ///< Unix milliseconds

  // Touched by the writer's thread only: what one batch committed.
  std::vector<std::pair<http::responder, http::response>> answers_;
  std::vector<http::steady_time> began_; ///< of each answer
  std::vector<storage::journal_entry> committed_;
};

} // namespace assistly::api
