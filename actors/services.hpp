/// What actors use but do not own. Built once by the node, outlives every
/// actor.
#pragma once

#include "actors/app_pause.hpp"
#include "actors/background.hpp"
#include "actors/commit_pressure.hpp"
#include "actors/connection_signs.hpp"
#include "actors/message_sender.hpp"
#include "actors/sends_under_way.hpp"
#include "actors/wake_queue.hpp"
#include "answers/index.hpp"
#include "model/breaker.hpp"
#include "model/event.hpp"
#include "model/tries.hpp"
#include "storage/directory.hpp"
#include "storage/ledger.hpp"
#include "storage/reader.hpp"
#include "storage/writer.hpp"
#include "telemetry/assistly_metrics.hpp"
#include "telemetry/repeated_log.hpp"

#include <atomic>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

namespace assistly::actors {

/// A pointer that is swapped whole: readers keep what they took.
template <class T>
class swapped {
public:
  std::shared_ptr<const T> get() const {
    return held_.load(std::memory_order_acquire);
  }

  void set(std::shared_ptr<const T> next) {
    held_.store(std::move(next), std::memory_order_release);
  }

private:
  std::atomic<std::shared_ptr<const T>> held_;
};

struct node_limits {
  /// Where the tenant chose none (`answers.quiet_seconds`).
  milliseconds quiet{2'000};
  /// An idle conversation leaves memory after this.
  milliseconds passivate_after{60'000};
  /// Calls to Meta under way at once, per channel.
  std::size_t sends_at_once = 64;
  /// A send in doubt is looked up at the channel before people are told. Off
  /// only where a test shows what that is for.
  bool look_up_doubts = true;
  /// Tries to make an answer before it goes to people.
  std::int32_t most_reply_attempts = 3;
  /// Tries of an event before it is a dead letter.
  std::int32_t most_event_tries = assistly::most_event_tries;
  /// Calls without any answer before a channel is left alone for a while.
  std::int32_t outages_to_open = assistly::outages_to_open;
  /// Answers of one business being made at once; the others wait in turn, so
  /// that a busy business leaves the processors to others.
  std::size_t answers_at_once = 8;
  /// Events of a conversation in memory; more wait in the journal.
  std::size_t longest_mailbox = 256;
  /// Events of all in memory; more wait in the journal.
  std::int64_t most_in_hand = 16'384;
};

/// FAULT SWITCHES for what no event is known to do: they throw, or end the
/// process, where an event is handled. Never set outside tests.
struct event_faults {
  /// In its conversation's mailbox.
  std::function<void(const inbound_event&)> in_mailbox;
  /// In the transaction *take in*.
  std::function<void(const inbound_event&)> in_unit;
  /// Where an answer to these lines is made.
  std::function<void(const std::vector<std::string>&)> in_answer;
};

/// What storage refused is asked for again after this.
inline constexpr milliseconds retry_after = seconds{1};

class account_calls;

struct node_services {
  storage::database* db = nullptr;
  storage::writer* writer = nullptr;
  storage::reader* reader = nullptr;
  storage::ledger* ledger = nullptr;
  clock_source* clock = nullptr;
  random_source* random = nullptr;
  message_sender* sender = nullptr;
  sends_under_way* sends = nullptr;
  telemetry::assistly_metrics* metrics = nullptr;
  wake_queue* wakes = nullptr;
  background* builder = nullptr;
  swapped<storage::directory> directory;
  /// How slow commits are; null where nobody measures it.
  commit_pressure* pressure = nullptr;
  /// Hands out what the journal holds to be tried again, at a time; set by the
  /// node. May be called on any thread.
  std::function<void(timestamp)> look_at_journal;
  event_faults faults;
  app_pause apps;
  /// What else is asked of Meta about an account; null: nobody watches the
  /// subscriptions.
  account_calls* accounts = nullptr;
  webhook_record webhooks;
  traffic_record traffic;
  /// For what fails at every try while storage is full.
  telemetry::repeated_log repeated;
  node_limits limits;
};

/// Whether storage is too slow for this now; counted if so.
bool is_shed_now(node_services& services, shed_work what);

/// A tenant as its conversations see it: settings and knowledge of one moment.
struct tenant_view {
  tenant_id id;
  tenant_settings settings;
  std::vector<storage::directory_channel> channels;
  /// Null until the first build is done.
  std::shared_ptr<const answers::knowledge_index> index;

  const storage::directory_channel* channel(channel_id id) const noexcept;
  conversation_policy policy(channel_id id, milliseconds default_quiet) const;
};

} // namespace assistly::actors
