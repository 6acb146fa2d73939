/// Webhooks on their way to the server: signed, tried again when it fails.
#pragma once

#include "crypto/hmac.hpp"
#include "model/clock.hpp"
#include "model/secret.hpp"
#include "sandbox/webhook_body.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace assistly::sandbox {

/// One POST to make now.
struct webhook_delivery {
  std::uint64_t id = 0;
  std::string body;
  std::string signature; ///< Value of X-Hub-Signature-256.
  milliseconds timeout{0};
};

/// Which line waits for it, if any.
struct line_reference {
  std::string thread;
  std::string id;
};

/// Meta's three ways (CONTRACT 3.2). They differ in how long it goes on.
enum class webhook_kind : std::uint8_t { messaging, graph, whatsapp };

/// What came of an attempt.
struct webhook_result {
  bool accepted = false;
  bool dropped = false; ///< Meta gives up.
  std::optional<line_reference> about;
  webhook_kind kind = webhook_kind::messaging;
  std::string account; ///< As given to `add`.
};

struct webhook_counts {
  std::uint64_t queued = 0;
  std::uint64_t attempts = 0;
  std::uint64_t accepted = 0; ///< Answered 200.
  std::uint64_t failed = 0;   ///< Attempts with any other end.
  std::uint64_t dropped = 0;  ///< Given up, or over the bound.
};

/// Pure: the caller makes the POSTs it is told to and reports how they ended.
class webhook_queue {
public:
  /// Longest queue; what comes on top is dropped and counted.
  static constexpr std::size_t most_waiting = 100000;

  explicit webhook_queue(const secret_text& app_secret)
    : signer_(app_secret.reveal()) {}

  /// `when` may lie in the future: a report that follows its message.
  void add(webhook_kind kind, webhook_body body, timestamp now, timestamp when,
           std::optional<line_reference> about = {}, std::string account = {});

  /// Nothing more waits for that account.
  void drop_of(std::string_view account);

  /// What must leave now, oldest first, at most `most`. Each is owed a
  /// `finished`.
  std::vector<webhook_delivery> take_due(timestamp now, std::size_t most);

  /// `status` is 0 if no answer came. Only 200 is success. A failure is tried
  /// again at once, then after 0.5, 1, 2, 4 … seconds, at most an hour apart,
  /// until an hour (messaging), 36 hours (Graph) or 7 days (WhatsApp) have gone
  /// by.
  webhook_result finished(std::uint64_t id, int status, timestamp now);

  /// When the next one is due.
  std::optional<timestamp> next_due() const noexcept;

  /// Waiting or under way.
  std::size_t waiting() const noexcept {
    return due_.size() + under_way_.size();
  }

  const webhook_counts& counts() const noexcept {
    return counts_;
  }

  void clear() {
    due_.clear();
  }

private:
  struct pending {
    webhook_kind kind;
    webhook_body body;
    timestamp since;
    int failures = 0;
    std::optional<line_reference> about;
    std::string account;
  };

  crypto::hmac_sha256 signer_;
  std::uint64_t last_id_ = 0;
  // By time, then by age: a retry goes behind what was due before.
  std::map<std::pair<timestamp, std::uint64_t>, pending> due_;
  std::unordered_map<std::uint64_t, pending> under_way_;
  webhook_counts counts_;
};

/// How long after its n-th failure (n >= 1) a webhook is tried again.
milliseconds gap_after(int failures) noexcept;

} // namespace assistly::sandbox
