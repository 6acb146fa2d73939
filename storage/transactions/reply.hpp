/// The transactions *decide*, *claim* and *settle*, and what a member does by
/// hand.
#pragma once

#include "model/decide.hpp"
#include "model/outbox_rules.hpp"
#include "storage/writer.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace assistly::storage {

struct decided {
  bool found = false;
  bool stale = false;
  bool unsendable = false;
  std::optional<conversation> now;
  /// In state `queued`, or already `sending` with `claim_now`.
  std::vector<outbox_row> sends;
  std::vector<turn> turns;
};

/// Writes what a draft leads to, if the conversation is still as it was made
/// for. With `claim_now` the rows are written as claimed: the channel is idle,
/// and one commit does the work of two.
decided decide(work& w, tenant_id tenant, conversation_id id, const draft& made,
               const conversation_policy& policy, bool claim_now);

/// One more failed try to make the answer owed; returns how many there were.
std::int32_t count_failed_reply(work& w, tenant_id tenant, conversation_id id);

enum class member_act : std::uint8_t { take_over, hand_back, reply };

/// A member's act from the inbox. `not_found` if there is no such conversation,
/// or none any more; a reply may be refused (`reply_as_human`). What is refused
/// changes nothing.
outcome<decided> act_as_member(work& w, tenant_id tenant, conversation_id id,
                               member_act act, std::string_view text,
                               const conversation_policy& policy);

/// What a claimed send needs; nothing if there is nothing to send.
struct claimed_send {
  claim_verdict verdict = claim_verdict::overtaken;
  bool found = false;
  outbox_row row;
  correspondent to;
  std::string text;
  /// The conversation changed with it (handed over, or more is owed an answer):
  /// the mailbox of this hash is to be told, and to read its lines anew.
  bool changed = false;
  lookup_hash hash;
};

claimed_send claim(work& w, tenant_id tenant, turn_id id);

/// A claim that was not used: the row waits in `queued` again, and its try does
/// not count. Nothing happens to a row that is not in `sending`.
void put_back(work& w, tenant_id tenant, turn_id id);

struct settled {
  /// Nothing if the conversation is gone, or the row was settled by an echo.
  std::optional<conversation_id> conversation;
  lookup_hash hash;
  settlement how;
  /// The send is lost and people took over: the mailbox is to be told.
  bool changed = false;
};

/// The result of a POST. `private_recipient` is the direct-message id that a
/// private reply's answer names: the only link between a comment's author and
/// their messages (CONTRACT 10).
settled settle(work& w, tenant_id tenant, channel_kind kind,
               const std::string& account_id, turn_id id,
               const send_report& report,
               const std::optional<alias>& private_recipient);

} // namespace assistly::storage
