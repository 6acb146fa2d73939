/// From a draft to what is sent: the decision and its effect (DESIGN section
/// 2).
#pragma once

#include "model/conversation.hpp"
#include "model/outcome.hpp"
#include "model/policy.hpp"
#include "model/turn.hpp"
#include "model/window.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace assistly {

enum class draft_kind : std::uint8_t { answer = 1, hand_off = 2, silence = 3 };

struct draft_message {
  turn_kind kind = turn_kind::text;
  std::string text;
};

/// What an answer in flight came back with, and for which state of the
/// conversation it was made.
struct draft {
  draft_kind kind = draft_kind::hand_off;
  std::int64_t epoch = 0;
  std::int64_t for_seq = 0; ///< `customer_seq` it was made for
  std::vector<draft_message> messages;
  /// For the team; only with a hand-off.
  std::string note;
};

struct decide_result {
  /// The draft was made for an earlier state; nothing happens.
  bool stale = false;
  /// Nothing could be sent (window closed): it became a hand-off without words.
  /// A private reply that the channel does not allow is not missed: it is an
  /// extra that a comment gets at most once.
  bool unsendable = false;
  conversation after;
  std::vector<turn> turns;
  std::vector<outbox_row> sends;
};

/// On a channel that was turned off meanwhile, and in a conversation that is
/// past its end, the AI says nothing, and owes nothing.
decide_result decide(const conversation& before, const draft& made,
                     const conversation_policy& policy, timestamp now,
                     random_source& random);

/// A member's line from the inbox: taken over first if the AI had it. What is
/// longer than one message of the channel becomes several, in order; a comment
/// takes only one. `window_closed` when the channel allows no reply any more,
/// `invalid` if there is nothing to read in it or it is too long.
outcome<decide_result> reply_as_human(const conversation& before,
                                      std::string_view text,
                                      const conversation_policy& policy,
                                      timestamp now, random_source& random);

/// Messages that one reply may become.
inline constexpr std::size_t most_reply_parts = 10;

} // namespace assistly
