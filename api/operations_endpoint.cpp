#include "api/operations_endpoint.hpp"

#include "storage/dead_letters.hpp"
#include "storage/erase_requests.hpp"
#include "storage/journal.hpp"
#include "storage/outbox.hpp"
#include "storage/room.hpp"

#include <memory>

namespace assistly::api {

namespace {

http::response ready() {
  return http::response::text(200, "ready\n");
}

http::response not_ready(std::string_view why) {
  auto answer = http::response::problem(503, "Not ready", why);
  answer.headers.emplace_back(
    "Retry-After", std::to_string(http::default_retry_after.count()));
  return answer;
}

http::response not_writing(errc why) {
  return not_ready(why == errc::storage_full
                     ? "The disk is full; webhooks are answered 503."
                     : "The database cannot be written; webhooks are answered "
                       "503.");
}

} // namespace

void operations_endpoint::take(const http::request& request,
                               http::responder responder) {
  const bool known = request.path == "/healthz" || request.path == "/readyz"
                     || request.path == "/metrics";
  if (!known)
    return std::move(responder).send(
      http::response::problem(404, "There is nothing at this address",
                              "/healthz, /readyz and /metrics are here."));
  if (request.method != "GET" && request.method != "HEAD") {
    auto answer = http::response::problem(405, "Only GET and HEAD are known");
    answer.headers.emplace_back("Allow", "GET, HEAD");
    return std::move(responder).send(std::move(answer));
  }
  if (request.path == "/readyz")
    return tell_ready(std::move(responder));
  std::move(responder).send(request.path == "/healthz"
                              ? http::response::text(200, "live\n")
                              : figures());
}

void operations_endpoint::tell_ready(http::responder responder) {
  if (!serving_.load())
    return std::move(responder).send(
      not_ready("The server is starting or stopping."));
  const auto trouble = writer_->trouble();
  if (trouble == errc::none)
    return std::move(responder).send(ready());
  // One try at a time: who asks often must not fill the writer's queue.
  if (trying_.exchange(true))
    return std::move(responder).send(not_writing(trouble));
  auto held = std::make_shared<http::responder>(std::move(responder));
  writer_->submit(storage::prove_room, [this, held](const outcome<void>& done) {
    trying_.store(false);
    std::move(*held).send(done ? ready() : not_writing(done.error().code));
  });
}

http::response operations_endpoint::figures() {
  std::int64_t inbox = 0;
  std::int64_t outbox = 0;
  std::int64_t dead = 0;
  std::int64_t erasures = 0;
  auto read = reader_->run([&](storage::session& s) {
    inbox = storage::count_journal(*s.db);
    outbox = storage::count_outbox(*s.db);
    dead = storage::count_dead_letters(*s.db);
    erasures = storage::count_erasures(*s.db).count;
  });
  if (read) {
    metrics_->inbox_backlog.set(inbox);
    metrics_->outbox_backlog.set(outbox);
    metrics_->dead_letters.set(dead);
    metrics_->erasures_owed.set(erasures);
  }
  metrics_->mailbox_depth.set(metrics_->mailboxes.deepest());
  auto answer = http::response::text(200, registry_->render());
  answer.content_type = "text/plain; version=0.0.4; charset=utf-8";
  return answer;
}

} // namespace assistly::api
