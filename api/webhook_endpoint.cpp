#include "api/webhook_endpoint.hpp"

#include "protocol/webhook/handshake.hpp"
#include "protocol/webhook/parse_webhook.hpp"

namespace assistly::api {

using telemetry::webhook_outcome;

namespace {

/// Webhooks that may wait for their commit at once; beyond it Meta is told to
/// come again, which it does.
constexpr std::size_t most_in_flight = 4'096;

} // namespace

/// One POST: all of its events in one unit.
class webhook_endpoint::accept_unit final : public storage::unit {
public:
  accept_unit(webhook_endpoint& home, http::responder responder,
              std::vector<storage::journal_entry> entries,
              std::vector<std::string> unreadable, webhook_outcome good,
              http::steady_time began)
    : home_(&home), responder_(std::move(responder)),
      entries_(std::move(entries)), unreadable_(std::move(unreadable)),
      good_(good), began_(began) {}

  void apply(storage::work& w) override {
    storage::accept(w, entries_);
    for (const auto& body : unreadable_)
      storage::quarantine(w, home_->services_->db->root(), body);
  }

  bool promises() const noexcept override {
    return true;
  }

  /// A POST is of one account, and thus of one business.
  tenant_id share() const noexcept override {
    return entries_.empty() ? tenant_id{} : entries_.front().tenant;
  }

  void finished(const outcome<void>& result) noexcept override {
    auto& metrics = *home_->services_->metrics;
    home_->in_flight_.fetch_sub(1, std::memory_order_relaxed);
    if (!result && result.error().code == errc::busy) {
      // The writer has ended, so this is not its thread: nothing that belongs
      // to it is touched, and the responder that goes says 503.
      metrics.webhook_requests_total.at(webhook_outcome::busy).add();
      return;
    }
    home_->began_.push_back(began_);
    if (!result) {
      home_->services_->webhooks.refused(home_->services_->clock->now());
      metrics.webhook_requests_total.at(webhook_outcome::storage_failed).add();
      home_->services_->repeated.log(home_->services_->clock->now(),
                                     telemetry::level::error,
                                     "webhook_not_kept", result.error());
      home_->answers_.emplace_back(std::move(responder_),
                                   http::response::unavailable());
      return;
    }
    home_->services_->webhooks.taken(home_->services_->clock->now());
    metrics.webhook_requests_total.at(good_).add();
    for (auto& e : entries_) {
      if (e.duplicate)
        metrics.events_duplicate_total.add();
      else
        metrics.events_total.at(e.event->channel, e.event->kind).add();
      // All but the ciphertext, which is written and needed no more; moved away
      // for the copy and not dropped, since a broken batch runs again.
      auto sealed = std::exchange(e.sealed, {});
      home_->committed_.push_back(e);
      e.sealed = std::move(sealed);
    }
    home_->answers_.emplace_back(std::move(responder_),
                                 http::response::empty(200));
  }

private:
  webhook_endpoint* home_;
  http::responder responder_;
  std::vector<storage::journal_entry> entries_;
  std::vector<std::string> unreadable_;
  webhook_outcome good_;
  http::steady_time began_;
};

webhook_endpoint::webhook_endpoint(actors::node_services& services,
                                   const config::meta_settings& meta)
  : services_(&services), secrets_(config::signing_secrets(meta)),
    verify_token_(meta.verify_token) {
  services.writer->after_batch([this] { flush(); });
}

bool webhook_endpoint::accepting() const noexcept {
  return in_flight_.load(std::memory_order_relaxed) < most_in_flight
         && !actors::is_shed_now(*services_, shed_work::inbox);
}

void webhook_endpoint::flush() {
  if (!answers_.empty()) {
    // One look at the clock for all: they were answered together.
    const auto now = std::chrono::steady_clock::now();
    for (auto began : began_)
      services_->metrics->webhook_seconds.observe(
        std::chrono::duration<double>(now - began).count());
    began_.clear();
    http::send_all(std::exchange(answers_, {}));
  }
  if (committed_.empty())
    return;
  if (auto* node = node_.load())
    node->events_committed(std::exchange(committed_, {}));
  else
    committed_.clear();
}

/// The picture has no key for today, as after a jump of the clock: a new one
/// has. Asked once a second, not by every webhook that finds out.
void webhook_endpoint::ask_for_picture() {
  auto now = to_unix_ms(services_->clock->now());
  auto before = picture_asked_at_.load();
  if (now - before < 1'000 && now >= before)
    return;
  if (!picture_asked_at_.compare_exchange_strong(before, now))
    return;
  if (auto* node = node_.load())
    node->refresh([] {});
}

void webhook_endpoint::get(const http::request& request,
                           http::responder responder) {
  auto answer = webhook::answer_handshake(
    http::query_parameter(request.query, "hub.mode"),
    http::query_parameter(request.query, "hub.verify_token"),
    http::query_parameter(request.query, "hub.challenge"), verify_token_);
  if (!answer)
    return std::move(responder).send(
      http::response::problem(403, "The verify token is not ours",
                              "Set the same verify token in Meta's dashboard "
                              "and in meta.verify_token."));
  auto response = http::response::text(200, std::move(*answer));
  response.content_type = "text/plain";
  std::move(responder).send(std::move(response));
}

void webhook_endpoint::ended(webhook_outcome how, http::steady_time began) {
  auto& metrics = *services_->metrics;
  metrics.webhook_requests_total.at(how).add();
  // A connection that was turned away before its first byte took no time.
  if (began == http::steady_time{})
    return;
  std::chrono::duration<double> took = std::chrono::steady_clock::now() - began;
  metrics.webhook_seconds.observe(took.count());
}

void webhook_endpoint::refused(const http::refusal& refusal) {
  if (refusal.head
      && (refusal.head->path != path || refusal.head->method != "POST"))
    return;
  switch (refusal.status) {
  case 413:
    return ended(webhook_outcome::too_large, refusal.began);
  case 503:
    services_->webhooks.refused(services_->clock->now());
    return ended(webhook_outcome::busy, refusal.began);
  default:
    return ended(webhook_outcome::malformed, refusal.began);
  }
}

void webhook_endpoint::refuse(http::responder responder,
                              http::steady_time began, int status,
                              webhook_outcome why) {
  services_->webhooks.refused(services_->clock->now());
  ended(why, began);
  std::move(responder).send(
    status == 503 ? http::response::unavailable()
                  : http::response::problem(
                    status, "The signature is missing or wrong",
                    "X-Hub-Signature-256 must be the HMAC-SHA256 of the body "
                    "under an app secret of this server."));
}

void webhook_endpoint::post(http::request request, http::responder responder) {
  const auto began = request.began;
  // Keyed contexts are not safe to share: one set a thread, per endpoint.
  thread_local const webhook_endpoint* owner = nullptr;
  thread_local std::unique_ptr<webhook::signature_verifier> verifier;
  if (owner != this) {
    verifier = std::make_unique<webhook::signature_verifier>(secrets_);
    owner = this;
  }
  auto verified = verifier->verify(std::move(request.body),
                                   request.header("X-Hub-Signature-256"),
                                   request.header_count("X-Hub-Signature-256"));
  if (!verified) {
    // The first one matters: a wrong app secret ends in Meta's unsubscribing us
    // within the hour (CONTRACT 3.2).
    services_->repeated.log(services_->clock->now(), telemetry::level::warning,
                            "webhook_signature_refused", verified.error());
    return refuse(std::move(responder), began, 401,
                  webhook_outcome::bad_signature);
  }
  auto picture = services_->directory.get();
  if (!picture)
    return refuse(std::move(responder), began, 503, webhook_outcome::busy);
  std::vector<storage::journal_entry> entries;
  std::vector<std::string> unreadable;
  auto good = webhook_outcome::accepted;
  std::size_t unknown_accounts = 0;
  auto parsed = webhook::parse_webhook(*verified);
  if (!parsed) {
    unreadable.emplace_back(verified->body());
    good = webhook_outcome::unreadable;
  } else {
    auto now = services_->clock->now();
    unreadable = std::move(parsed->quarantine);
    for (auto& event : parsed->events) {
      const auto* channel = picture->find(event.channel, event.account_id);
      const auto* tenant = channel ? picture->tenant(channel->tenant) : nullptr;
      if (!tenant) {
        ++unknown_accounts;
        continue;
      }
      auto entry = storage::make_entry(*tenant, *channel, std::move(event), now,
                                       *services_->random);
      if (!entry) {
        ask_for_picture();
        return refuse(std::move(responder), began, 503, webhook_outcome::busy);
      }
      entries.push_back(std::move(*entry));
    }
  }
  if (entries.empty() && unreadable.empty()) {
    ended(unknown_accounts > 0 ? webhook_outcome::unknown_account : good,
          began);
    return std::move(responder).send(http::response::empty(200));
  }
  in_flight_.fetch_add(1, std::memory_order_relaxed);
  services_->writer->submit(std::make_unique<accept_unit>(
    *this, std::move(responder), std::move(entries), std::move(unreadable),
    good, began));
}

} // namespace assistly::api
