/// What an answer being owed means on a conversation: `reply_due_at` and
/// `unanswered_since` stand together, and `answered_seq` says from where.
#pragma once

#include "model/conversation.hpp"
#include "model/policy.hpp"
#include "model/turn.hpp"

namespace assistly {

/// An answer is owed: at the end of the quiet time, but not for ever later.
void owe_answer(conversation& c, const conversation_policy& policy,
                timestamp now);

/// Every customer turn up to now is answered, or needs no answer.
void owe_nothing(conversation& c);

/// A `queued` send is cancelled. It never left, so a private reply is unused
/// again.
void forget_send(conversation& c, const outbox_row& cancelled);

/// The same, and the customer's turns it would have answered are owed again.
void owe_again(conversation& c, const outbox_row& cancelled);

/// A send is cancelled at its claim, as no longer to be said. An answer that is
/// owed already is to speak for its turns, too, and a draft of it is made anew.
/// If the customer took back a part of what the send answers while it was on
/// its way, and `others_asked`, the rest is owed an answer again.
void cancel_at_claim(conversation& c, const outbox_row& row, bool others_asked,
                     const conversation_policy& policy, timestamp now);

} // namespace assistly
