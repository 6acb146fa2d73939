/// One person on one channel; for comments, one person under one post.
#pragma once

#include "model/channel.hpp"
#include "model/event.hpp"
#include "model/ids.hpp"

#include <optional>
#include <string>
#include <vector>

namespace assistly {

/// Who may speak. Every change raises the conversation's epoch, and an answer
/// written under an older epoch is never sent.
///
/// ai --(hand-off, takeover, a human's echo)--> human
/// human --(handed back, or no human turn for return_after)--> ai
enum class speaker : std::uint8_t { ai = 0, human = 1 };

/// What is needed to write to the person; sealed with the conversation's key.
struct correspondent {
  /// The leading id first.
  std::vector<alias> aliases;
  /// Comments: the post, the newest comment and its parent if it is a reply.
  std::string thread_id;
  std::string comment_id;
  std::string comment_parent_id;

  bool operator==(const correspondent&) const = default;
};

struct conversation {
  conversation_id id;
  tenant_id tenant;
  channel_id channel;
  channel_kind kind = channel_kind::messenger;
  lookup_hash hash;
  person_id person;
  /// A comment, its private reply and later direct messages share one case.
  uuid case_id;

  speaker owner = speaker::ai;
  std::int64_t epoch = 1;
  /// When an unattended human's turn ends and the AI may speak again.
  std::optional<timestamp> ai_returns_at;

  std::int64_t seq = 0;          ///< last one given
  std::int64_t customer_seq = 0; ///< last customer turn
  std::int64_t answered_seq =
    0; ///< customer turns up to here are answered or not owed
  /// Channel time of the newest turn that was answered.
  timestamp answered_at{};
  /// Acceptance time of the oldest turn an answer is owed for.
  std::optional<timestamp> unanswered_since;
  /// When the answer is to be made; set exactly while one is owed by the AI.
  std::optional<timestamp> reply_due_at;
  /// Failed tries to make this answer; past the limit it goes to a human.
  std::int32_t reply_attempts = 0;

  timestamp created_at{};
  timestamp last_activity{};
  /// Channel time of the customer's newest act; the reply window starts there.
  std::optional<timestamp> customer_acted_at;
  /// The second the conversation erases itself.
  timestamp erase_at{};
  bool hold = false;
  /// A private reply was queued; there is one per comment, ever (CONTRACT 10).
  bool private_reply_used = false;

  correspondent to;
};

} // namespace assistly
