/// A send that will never arrive, or of which nobody knows whether it did.
#pragma once

#include "model/conversation.hpp"
#include "model/policy.hpp"
#include "model/turn.hpp"

#include <optional>

namespace assistly {

/// Why a send ended without arriving.
enum class loss : std::uint8_t {
  refused,       ///< By Meta, clearly and for good.
  window_closed, ///< The channel's time for a reply ran out before it left.
  tries_used_up, ///< Refused for now, once too often.
};

struct handed_over {
  conversation after;
  /// For the team: what happened. Nothing if nothing changed.
  std::optional<turn> note;
};

/// People take the conversation over and are told why, for the customer waits
/// and nobody else would know. Says nothing to the customer. Nothing changes
/// for what a person wrote, or if people have the conversation already. `who`
/// wrote the send; `code` is Meta's, 0 if it gave none.
handed_over undelivered(const conversation& before, author who, loss why,
                        std::int32_t code, const conversation_policy& policy,
                        timestamp now, random_source& random);

/// Is `later` a part of the same reply as `lost`, behind it and still in the
/// queue? It makes no sense without what was to stand before it.
bool is_rest_of(const outbox_row& lost, const outbox_row& later) noexcept;

/// For the team: how many parts behind `lost` were therefore not sent.
turn rest_not_sent(conversation& c, const outbox_row& lost, std::size_t parts,
                   timestamp now, random_source& random);

/// Nobody vouched for `row` in time: people are told which turn it is, for only
/// they can see whether it arrived. Whoever wrote it, they have the
/// conversation then, so that nothing is answered a second time. `before` is
/// its conversation.
handed_over in_doubt(const conversation& before, const outbox_row& row,
                     const conversation_policy& policy, timestamp now,
                     random_source& random);

} // namespace assistly
