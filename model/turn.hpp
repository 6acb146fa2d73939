/// One line of a conversation, and one message that must still leave.
#pragma once

#include "model/event.hpp"
#include "model/ids.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace assistly {

enum class author : std::uint8_t {
  customer = 1,
  ai = 2,
  human = 3,  ///< A member, or somebody in the Page inbox or another app.
  phone = 4,  ///< Typed in the WhatsApp Business app.
  system = 5, ///< A note to the team; never leaves the business.
};

std::string_view to_string(author who) noexcept;

/// received: of a customer, or a note. The others: how far an outgoing one got.
///
/// queued --(claimed)--> sending --(receipt)--> sent -> delivered -> read
/// queued --(overtaken, taken over)--> cancelled
/// sending --(clear refusal)--> failed;  sending --(try later)--> queued
/// sending --(nobody knows)--> unknown --(echo, status)--> sent | failed
enum class turn_state : std::uint8_t {
  received = 0,
  queued = 1,
  sending = 2,
  sent = 3,
  delivered = 4,
  read = 5,
  failed = 6,
  unknown = 7,
  cancelled = 8,
  withdrawn = 9, ///< The customer took it back; its text is gone.
};

std::string_view to_string(turn_state state) noexcept;

enum class turn_kind : std::uint8_t {
  text = 1,
  public_reply = 2,  ///< An answer under a comment.
  private_reply = 3, ///< A message to a comment's author, once ever.
  note = 4,          ///< For the team.
};

std::string_view to_string(turn_kind kind) noexcept;

/// A turn as it is kept. `seq` is the order of acceptance and never changes; it
/// is shown in the order (at, seq).
struct turn {
  turn_id id;
  std::int64_t seq = 0;
  author who = author::customer;
  turn_kind kind = turn_kind::text;
  turn_state state = turn_state::received;
  /// The channel's own time; for our own sends the time of writing.
  timestamp at{};
  timestamp received_at{};
  /// Came more than 2 s older than the last one answered.
  bool late = false;
  std::string text;
  /// mid, wamid or comment id; empty until Meta has given one.
  std::string external_id;
  std::string reply_to;
  std::int32_t failure_code = 0;

  bool outgoing() const noexcept {
    return who != author::customer && who != author::system;
  }
};

/// What must still be sent. Its id is the turn's: one outgoing turn has at most
/// one row, and Meta gives the id back in echoes and statuses.
struct outbox_row {
  turn_id id;
  conversation_id conversation;
  channel_id channel;
  std::int64_t seq = 0; ///< of the turn
  turn_kind kind = turn_kind::text;
  author who = author::ai;
  turn_state state = turn_state::queued;
  /// Ownership epoch the text was written under.
  std::int64_t epoch = 0;
  /// The customer's turns this answers, (from, to]. Both 0 for a human's line.
  std::int64_t answers_after = 0;
  std::int64_t answers_to = 0;
  std::int32_t attempts = 0;
  timestamp created_at{};
  /// In `unknown`: when people are to be told of it; zero once they were.
  timestamp next_try_at{};
  std::optional<timestamp> claimed_at;
};

/// The epoch of a send whose question was taken back while it was on its way: a
/// conversation's own are greater, so it never leaves a second time.
inline constexpr std::int64_t question_gone = 0;

} // namespace assistly
