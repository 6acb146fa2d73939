/// Claim, settle and what a restart makes of a send (DESIGN section 2).
#pragma once

#include "model/conversation.hpp"
#include "model/turn.hpp"

#include <optional>
#include <string>

namespace assistly {

enum class claim_verdict : std::uint8_t {
  proceed,
  not_yet,       ///< Its next try is later.
  overtaken,     ///< No longer to be said: cancel it.
  window_closed, ///< Fail it; never retry.
};

/// What happened beside the conversation since the row was written.
struct claim_facts {
  /// Of the channel, as the business has it now.
  channel_mode mode = channel_mode::automatic;
  /// A person said something after the row's turn.
  bool person_spoke = false;
  /// A person's line before this one has not left: when it may have.
  std::optional<timestamp> earlier_line_due;
};

/// Asked in the transaction that would write `sending`.
claim_verdict claim(const conversation& c, const outbox_row& row,
                    const claim_facts& since, timestamp now);

/// What the answer to a POST means for its row.
enum class send_class : std::uint8_t {
  sent,       ///< Accepted; an external id is known.
  refused,    ///< Clear and final.
  try_later,  ///< Clearly not sent; may be tried again.
  in_doubt,   ///< Perhaps sent; never repeated blindly.
  token_dead, ///< Clearly not sent; the channel must be connected again.
};

struct send_report {
  send_class what = send_class::in_doubt;
  std::string external_id;
  std::int32_t code = 0;
  /// With `try_later`: no connection was made, so it is the way that failed and
  /// not the message.
  bool unreached = false;
  /// Meta's own waiting time; zero if it gave none.
  milliseconds retry_after{0};
};

struct settlement {
  turn_state state = turn_state::unknown;
  /// As in the row: with `unknown`, when people are to be told.
  timestamp next_try_at{};
  std::int32_t failure_code = 0;
  /// False: not the message's fault, so the try is not one of its tries.
  bool counts = true;
};

settlement settle(const outbox_row& row, const send_report& report,
                  timestamp now);

/// What a row in `sending` is after a restart: nobody knows.
constexpr turn_state after_restart(turn_state state) noexcept {
  return state == turn_state::sending ? turn_state::unknown : state;
}

/// May `to` follow `from`? A state never goes back (CONTRACT 7).
bool advances(turn_state from, turn_state to) noexcept;

/// Tries of a send that was clearly refused for now.
inline constexpr int most_send_attempts = 8;

} // namespace assistly
