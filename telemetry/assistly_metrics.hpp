/// Every metric of the program, once (INTERFACE section 5). Adding one means a
/// line in `metric_names`, a handle in `assistly_metrics` and a line in the
/// interface page.
#pragma once

#include "model/channel.hpp"
#include "model/event.hpp"
#include "model/shedding.hpp"
#include "model/tries.hpp"
#include "telemetry/mailbox_depths.hpp"
#include "telemetry/metrics.hpp"

#include <array>
#include <cstdint>
#include <string_view>

namespace assistly::telemetry {

/// How a `POST /webhooks/meta` ended.
enum class webhook_outcome : std::uint8_t {
  accepted,        ///< 200, its events are durable.
  unreadable,      ///< 200, signed but no JSON of ours: quarantined.
  unknown_account, ///< 200, nobody's account.
  bad_signature,   ///< 401.
  malformed,       ///< 4xx or 5xx of the HTTP layer: no whole, proper request.
  too_large,       ///< 413.
  busy,            ///< 503, a limit was reached before the body was kept.
  storage_failed,  ///< 503, it could not be made durable.
};

/// What was decided about an answer that was owed.
enum class reply_decision : std::uint8_t {
  answer,        ///< Sent by itself.
  clarify,       ///< A question back.
  hand_off,      ///< Given to people.
  draft,         ///< Waits for a person's approval.
  private_reply, ///< To a comment, as a message.
  silent,        ///< Nothing may or need be said.
};

/// How one attempt to send ended.
enum class send_outcome : std::uint8_t {
  sent,      ///< Meta took it.
  retried,   ///< Refused for now; it stays queued.
  failed,    ///< Refused for good.
  unknown,   ///< In doubt; to be reconciled.
  cancelled, ///< Withdrawn before the call.
};

/// What the watch-dog found or did about a subscription.
enum class subscription_event : std::uint8_t {
  missing,  ///< Meta does not tell us of the account.
  restored, ///< Subscribed again.
  refused,  ///< Meta does not let us.
};

/// Why something was erased.
enum class erasure_reason : std::uint8_t {
  retention,     ///< Its end date came.
  request,       ///< A person or member asked.
  operator_act,  ///< `assistly erase`.
  meta_callback, ///< Meta's data-deletion callback.
  withdrawn,     ///< The customer took it back.
  cancellation,  ///< The business left.
};

template <>
struct label_of<channel_kind> {
  static constexpr std::string_view name = "channel";
  static constexpr std::array<std::string_view, 5> values{
    "messenger", "instagram", "whatsapp", "page_comments",
    "instagram_comments"};

  static constexpr std::size_t index(channel_kind value) noexcept {
    return static_cast<std::size_t>(value) - 1;
  }
};

template <>
struct label_of<event_kind> {
  static constexpr std::string_view name = "kind";
  static constexpr std::array<std::string_view, 6> values{
    "customer_text", "echo", "status", "watermark", "withdrawn", "other"};

  static constexpr std::size_t index(event_kind value) noexcept {
    return static_cast<std::size_t>(value) - 1;
  }
};

template <>
struct label_of<webhook_outcome> {
  static constexpr std::string_view name = "outcome";
  static constexpr std::array<std::string_view, 8> values{
    "accepted",  "unreadable", "unknown_account", "bad_signature", "malformed",
    "too_large", "busy",       "storage_failed"};

  static constexpr std::size_t index(webhook_outcome value) noexcept {
    return static_cast<std::size_t>(value);
  }
};

template <>
struct label_of<reply_decision> {
  static constexpr std::string_view name = "decision";
  static constexpr std::array<std::string_view, 6> values{
    "answer", "clarify", "hand_off", "draft", "private_reply", "silent"};

  static constexpr std::size_t index(reply_decision value) noexcept {
    return static_cast<std::size_t>(value);
  }
};

template <>
struct label_of<send_outcome> {
  static constexpr std::string_view name = "outcome";
  static constexpr std::array<std::string_view, 5> values{
    "sent", "retried", "failed", "unknown", "cancelled"};

  static constexpr std::size_t index(send_outcome value) noexcept {
    return static_cast<std::size_t>(value);
  }
};

template <>
struct label_of<subscription_event> {
  static constexpr std::string_view name = "outcome";
  static constexpr std::array<std::string_view, 3> values{"missing", "restored",
                                                          "refused"};

  static constexpr std::size_t index(subscription_event value) noexcept {
    return static_cast<std::size_t>(value);
  }
};

template <>
struct label_of<erasure_reason> {
  static constexpr std::string_view name = "reason";
  static constexpr std::array<std::string_view, 6> values{
    "retention",     "request",   "operator_act",
    "meta_callback", "withdrawn", "cancellation"};

  static constexpr std::size_t index(erasure_reason value) noexcept {
    return static_cast<std::size_t>(value);
  }
};

template <>
struct label_of<shed_work> {
  static constexpr std::string_view name = "work";
  static constexpr std::array<std::string_view, 4> values{"read", "answer",
                                                          "send", "inbox"};

  static constexpr std::size_t index(shed_work value) noexcept {
    return static_cast<std::size_t>(value);
  }
};

template <>
struct label_of<dead_reason> {
  static constexpr std::string_view name = "reason";
  static constexpr std::array<std::string_view, 3> values{"unreadable",
                                                          "failed", "died"};

  static constexpr std::size_t index(dead_reason value) noexcept {
    return static_cast<std::size_t>(value) - 1;
  }
};

/// The names, and what each one tells.
namespace metric_names {

inline constexpr metric_description webhook_requests_total{
  "assistly_webhook_requests_total", "Webhook POSTs answered, by outcome."};
inline constexpr metric_description webhook_seconds{
  "assistly_webhook_seconds",
  "Seconds from a webhook's first byte to its answer."};
inline constexpr metric_description events_total{
  "assistly_events_total", "Events accepted, by channel and kind."};
inline constexpr metric_description events_duplicate_total{
  "assistly_events_duplicate_total", "Events seen before and dropped."};
inline constexpr metric_description replies_total{
  "assistly_replies_total", "Answers owed, by what was decided."};
inline constexpr metric_description sends_total{
  "assistly_sends_total", "Attempts to send, by outcome."};
inline constexpr metric_description send_seconds{
  "assistly_send_seconds", "Seconds of one call to Meta's send interface."};
inline constexpr metric_description answer_seconds{
  "assistly_answer_seconds", "Seconds from a question to the draft."};
inline constexpr metric_description subscriptions_total{
  "assistly_subscriptions_total",
  "Subscriptions found missing, restored, or refused by Meta."};
inline constexpr metric_description events_filled_total{
  "assistly_events_filled_total",
  "Messages that no webhook told of, fetched from Meta, by channel."};
inline constexpr metric_description conversations_resident{
  "assistly_conversations_resident", "Conversations held in memory."};
inline constexpr metric_description mailbox_depth{
  "assistly_mailbox_depth", "Events waiting in the deepest mailbox."};
inline constexpr metric_description inbox_backlog{
  "assistly_inbox_backlog", "Events accepted and not yet worked off."};
inline constexpr metric_description outbox_backlog{
  "assistly_outbox_backlog", "Messages that still must be sent."};
inline constexpr metric_description dead_letters{
  "assistly_dead_letters", "Events given up, that wait for people."};
inline constexpr metric_description dead_letters_total{
  "assistly_dead_letters_total", "Events given up, by reason."};
inline constexpr metric_description breaker_openings_total{
  "assistly_breaker_openings_total",
  "Times that a channel was left alone because Meta answered nobody."};
inline constexpr metric_description shed_total{
  "assistly_shed_total",
  "Times that work was not done because storage was slow, by work."};
inline constexpr metric_description erasures_owed{
  "assistly_erasures_owed", "Erasures asked for or begun, and not done."};
inline constexpr metric_description erasures_total{
  "assistly_erasures_total", "Erasures carried out, by reason."};
inline constexpr metric_description retention_lateness_seconds{
  "assistly_retention_lateness_seconds",
  "Seconds between an end date and the erasure."};
inline constexpr metric_description commit_seconds{
  "assistly_commit_seconds", "Seconds of one durable commit."};
inline constexpr metric_description commit_batch{
  "assistly_commit_batch", "Units of work in one commit."};

inline constexpr std::array all{webhook_requests_total,
                                webhook_seconds,
                                events_total,
                                events_duplicate_total,
                                replies_total,
                                sends_total,
                                send_seconds,
                                answer_seconds,
                                subscriptions_total,
                                events_filled_total,
                                conversations_resident,
                                mailbox_depth,
                                inbox_backlog,
                                outbox_backlog,
                                dead_letters,
                                dead_letters_total,
                                breaker_openings_total,
                                shed_total,
                                erasures_owed,
                                erasures_total,
                                retention_lateness_seconds,
                                commit_seconds,
                                commit_batch};

} // namespace metric_names

/// The handles. Made once from the registry and passed on by reference.
struct assistly_metrics {
  explicit assistly_metrics(registry& all);

  counter_family<webhook_outcome> webhook_requests_total;
  histogram& webhook_seconds;
  counter_family<channel_kind, event_kind> events_total;
  counter& events_duplicate_total;
  counter_family<channel_kind, reply_decision> replies_total;
  counter_family<channel_kind, send_outcome> sends_total;
  histogram& send_seconds;
  histogram& answer_seconds;
  counter_family<channel_kind, subscription_event> subscriptions_total;
  counter_family<channel_kind> events_filled_total;
  gauge& conversations_resident;
  gauge& mailbox_depth;
  gauge& inbox_backlog;
  gauge& outbox_backlog;
  gauge& dead_letters;
  counter_family<dead_reason> dead_letters_total;
  counter_family<channel_kind> breaker_openings_total;
  counter_family<shed_work> shed_total;
  gauge& erasures_owed;
  counter_family<erasure_reason> erasures_total;
  histogram& retention_lateness_seconds;
  histogram& commit_seconds;
  histogram& commit_batch;

  /// Where `mailbox_depth` comes from.
  mailbox_depths mailboxes;
};

} // namespace assistly::telemetry
