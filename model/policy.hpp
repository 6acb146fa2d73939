/// What a tenant decided about its conversations, as plain values.
#pragma once

#include "model/channel.hpp"
#include "model/clock.hpp"

#include <string>
#include <vector>

namespace assistly {

/// How long content lives.
struct retention_policy {
  /// Last activity + this = the end.
  milliseconds conversation = days{30};
  /// No turn lives longer, however busy its conversation.
  milliseconds turn = days{365};

  bool operator==(const retention_policy&) const = default;
};

/// What to do with a comment that holds one of the words (INTERFACE section 4).
struct comment_rule {
  channel_kind channel = channel_kind::page_comments;
  /// Lower-case words; empty = every comment.
  std::vector<std::string> match;
  /// Fixed text under the comment; "answer" = the grounded answer; empty =
  /// none.
  std::string public_reply;
  /// The same for the message to its author.
  std::string private_reply;

  bool operator==(const comment_rule&) const = default;
};

struct conversation_policy {
  channel_mode mode = channel_mode::automatic;
  /// How long the customer must be silent before an answer is made.
  milliseconds quiet = seconds{2};
  /// The AI may speak again after this without a human turn.
  milliseconds return_after = minutes{120};
  retention_policy retention;
};

/// The answer is made at the latest this many quiet times after the first
/// unanswered message, however much the customer goes on writing.
inline constexpr int longest_wait_in_quiet_times = 5;

/// A turn this much older than the newest answered one is late.
inline constexpr milliseconds late_after = seconds{2};

/// How long a foreign-looking echo waits for one of our sends in doubt.
inline constexpr milliseconds echo_grace = seconds{30};

/// How long after its claim a send in doubt may be what an echo is of. A call
/// ends within seconds and its echo follows at once; what comes a minute later
/// is somebody's own, however long the send stays `unknown`.
inline constexpr milliseconds echo_follows = seconds{60};

/// A send that nobody vouched for this long after its claim is shown to people.
/// One that a restart left in doubt has this long from there: Meta tells again
/// what it could not tell meanwhile.
inline constexpr milliseconds doubt_shown_after = seconds{60};

} // namespace assistly
