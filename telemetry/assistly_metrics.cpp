#include "telemetry/assistly_metrics.hpp"

namespace assistly::telemetry {

assistly_metrics::assistly_metrics(registry& all)
  : webhook_requests_total(all, metric_names::webhook_requests_total),
    webhook_seconds(
      all.add_histogram(metric_names::webhook_seconds, second_buckets)),
    events_total(all, metric_names::events_total),
    events_duplicate_total(
      all.add_counter(metric_names::events_duplicate_total)),
    replies_total(all, metric_names::replies_total),
    sends_total(all, metric_names::sends_total),
    send_seconds(all.add_histogram(metric_names::send_seconds, second_buckets)),
    answer_seconds(
      all.add_histogram(metric_names::answer_seconds, second_buckets)),
    subscriptions_total(all, metric_names::subscriptions_total),
    events_filled_total(all, metric_names::events_filled_total),
    conversations_resident(all.add_gauge(metric_names::conversations_resident)),
    mailbox_depth(all.add_gauge(metric_names::mailbox_depth)),
    inbox_backlog(all.add_gauge(metric_names::inbox_backlog)),
    outbox_backlog(all.add_gauge(metric_names::outbox_backlog)),
    dead_letters(all.add_gauge(metric_names::dead_letters)),
    dead_letters_total(all, metric_names::dead_letters_total),
    breaker_openings_total(all, metric_names::breaker_openings_total),
    shed_total(all, metric_names::shed_total),
    erasures_owed(all.add_gauge(metric_names::erasures_owed)),
    erasures_total(all, metric_names::erasures_total),
    retention_lateness_seconds(all.add_histogram(
      metric_names::retention_lateness_seconds, lateness_buckets)),
    commit_seconds(
      all.add_histogram(metric_names::commit_seconds, second_buckets)),
    commit_batch(all.add_histogram(metric_names::commit_batch, batch_buckets)) {
}

} // namespace assistly::telemetry
