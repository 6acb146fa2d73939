/// Long because every message between actors stands here: facts and orders,
/// named by what they mean.
/// What is large goes by `shared_ptr<const …>`. All stay within the process, so
/// none is ever serialised.
#pragma once

#include "actors/adapter_gate.hpp"
#include "actors/services.hpp"
#include "protocol/graph/history.hpp"
#include "protocol/graph/subscription.hpp"
#include "storage/erasure.hpp"
#include "storage/journal.hpp"
#include "storage/outbox.hpp"
#include "storage/subscriptions.hpp"
#include "storage/transactions/look_up.hpp"
#include "storage/transactions/reply.hpp"
#include "storage/transactions/take_in.hpp"
#include "storage/transactions/undelivered.hpp"

#include <caf/actor_addr.hpp>
#include <caf/allowed_unsafe_message_type.hpp>
#include <caf/type_id.hpp>

#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace assistly::actors {

class answer_pass;

using entries = std::shared_ptr<const std::vector<storage::journal_entry>>;

// -- to INGRESS and CHANNEL DIRECTORY ----------------------------------------

/// Fact from the writer: these events are durable, and acknowledged.
struct events_committed {
  entries batch;
};

/// Order: read the journal from the start and hand out what it holds. At start,
/// and whenever somebody who had work in hand died.
struct replay_journal {};

/// Order: hand out what is to be tried again by then.
struct look_at_journal {
  timestamp at{};
};

/// Order: read the page of the journal behind `after`.
struct read_journal_page {
  tenant_id tenant;
  journal_id after;
};

/// Fact: the page was read; null if it could not be.
struct journal_page_read {
  read_journal_page order;
  entries page;
};

/// Fact: it is written down that these are tried again.
struct tries_begun {
  entries group;
  outcome<storage::begun_tries> result = fault{};
};

/// Fact: so many of what was handed out are not worked off.
struct group_seen {
  entries group;
  std::size_t left = 0;
};

/// Order: the tenants, channels or knowledge changed on disk.
struct refresh_directory {
  /// Called when the new picture is in force.
  std::shared_ptr<const std::function<void()>> done;
};

/// Fact: a new picture was read.
struct directory_read {
  std::shared_ptr<const storage::directory> picture;
  std::shared_ptr<const std::function<void()>> done;
};

// -- to a TENANT --------------------------------------------------------------

/// Events of one tenant, in order; `which` are their places in the batch.
struct tenant_events {
  entries batch;
  std::vector<std::uint32_t> which;
};

/// Fact: the settings in force, or that the tenant is gone.
struct tenant_changed {
  std::shared_ptr<const storage::directory> picture;
};

/// Fact: knowledge of this revision is ready to be asked; null if it could not
/// be read and is to be read again.
struct index_built {
  std::int64_t revision = 0;
  std::shared_ptr<const answers::knowledge_index> index;
};

/// Fact: an event that names nobody belongs to this conversation.
struct event_routed {
  entries batch;
  std::uint32_t which = 0;
  lookup_hash conversation;
};

/// A CONVERSATION is done with all it was given, and more waits in the journal.
struct mailbox_empty {
  lookup_hash conversation;
};

/// Fact: what the journal holds of a conversation and nobody has tried; null if
/// it could not be read.
struct mailbox_rows {
  lookup_hash conversation;
  entries rows;
};

/// A CONVERSATION has nothing to do; it had `received` events from the tenant.
struct conversation_idle {
  lookup_hash conversation;
  std::uint64_t received = 0;
};

/// Fact, from a member's act or an erasure: what is cached is void.
struct conversation_changed {
  tenant_id tenant;
  lookup_hash conversation;
  /// Sends that the act queued.
  std::vector<outbox_row> sends;
};

// -- to a CONVERSATION --------------------------------------------------------

struct event_accepted {
  entries batch;
  std::uint32_t which = 0;
};

struct event_taken_in {
  entries batch;
  std::uint32_t which = 0;
  outcome<storage::taken_in> result = fault{};
};

/// Fact: an event's try was refused, and counted; the journal has it.
struct event_given_back {};

/// A due time may have come: the one that was armed, where it matters which.
struct look_at_clock {
  timestamp armed_for{};
};

/// The tenant agrees: leave memory.
struct leave_memory {};

/// The customer's unanswered lines, read back after a restart.
struct lines_read {
  std::int64_t epoch = 0;
  std::int64_t for_seq = 0;
  std::vector<std::string> lines;
};

struct draft_made {
  draft made;
};

/// Its sends, and the place that was kept for them, went to the ADAPTER.
struct draft_decided {
  outcome<storage::decided> result = fault{};
};

/// The state read back from storage; nothing if the conversation is gone.
struct state_read {
  outcome<std::optional<conversation>> result = fault{};
};

/// The ADAPTER has room for another call, or the business for another answer
/// to be made.
struct place_free {};

/// An AI REPLY ended without a draft.
struct draft_failed {
  std::int64_t epoch = 0;
  std::int64_t for_seq = 0;
};

// -- to AI REPLY --------------------------------------------------------------

struct make_draft {
  std::shared_ptr<const tenant_view> tenant;
  channel_id channel;
  channel_kind kind = channel_kind::messenger;
  std::int64_t epoch = 0;
  std::int64_t for_seq = 0;
  std::vector<std::string> lines;
  /// Its business's; given back when this message goes.
  std::shared_ptr<const answer_pass> pass;
};

// -- to a CHANNEL ADAPTER -----------------------------------------------------

/// Orders to send: rows in `queued`, or already claimed by *decide*. Without
/// rows it only gives the pass back.
struct send_rows {
  std::vector<outbox_row> rows;
  std::vector<turn> turns;
  correspondent to;
  std::shared_ptr<const gate_pass> pass;
};

/// A CONVERSATION has an answer, and found no room; it is told of the next.
struct place_wanted {
  caf::actor_addr who;
};

struct send_claimed {
  turn_id id;
  conversation_id conversation;
  outcome<storage::claimed_send> result = fault{};
};

struct send_answered {
  turn_id id;
  conversation_id conversation;
  std::shared_ptr<const send_answer> answer;
  /// It could not be written down before.
  bool again = false;
  /// A stop waits for it while this lives.
  std::shared_ptr<const counted_send> counted;
};

struct settle_done {
  send_answered answered;
  outcome<storage::settled> result = fault{};
};

/// A claim was given back: the send waits again.
struct send_put_back {
  turn_id id;
  conversation_id conversation;
};

struct queue_read {
  outcome<std::vector<storage::waiting_send>> rows = fault{};
};

struct channel_changed {
  storage::directory_channel channel;
};

/// Order, the first: see what is in doubt, then go on with the queue. What the
/// adapter before this one had under way is in doubt as well, whether that died
/// or its tenant; whoever sends this has put the new one in its place.
struct recover {};

/// Fact: what is in doubt.
struct doubts_read {
  outcome<std::vector<storage::waiting_send>> result = fault{};
};

/// Order: no echo and no status came; look at the channel.
struct look_up_doubt {
  turn_id id;
  int tries = 0;
};

/// Order: look the next one up, if there is one.
struct look_up_next {};

/// Fact: whom the send was for, if it is still in doubt.
struct doubt_opened {
  look_up_doubt order;
  outcome<storage::opened_doubt> result = fault{};
};

struct doubt_looked_up {
  look_up_doubt order;
  std::shared_ptr<const look_up_answer> answer;
};

/// Fact: what the channel's record meant for the send.
struct look_up_settled {
  look_up_doubt order;
  outcome<storage::settled_look_up> result = fault{};
};

/// Order: the send's time is over; people are to be told.
struct show_doubt {
  turn_id id;
};

/// Fact: whose conversation people have now, if anybody's, or when to ask
/// again.
struct doubt_shown {
  show_doubt order;
  outcome<storage::told_doubt> result = fault{};
};

// -- to the SUBSCRIPTION WATCH ---------------------------------------------

/// A subscription: at Instagram's address or Facebook's, and its node there.
using point_name = std::pair<bool, std::string>;

/// Fact: what was written down before.
struct watch_read {
  outcome<storage::watch_book> result = fault{};
};

/// Fact: whether Meta tells us of the account.
struct subscription_looked {
  point_name point;
  graph::subscription_seen seen = graph::subscription_seen::unclear;
};

/// Fact: Meta took the subscription, or did not.
struct subscription_made {
  point_name point;
  bool made = false;
};

/// Order: go on with the gap of that number.
struct fill_next {
  std::uint64_t gap = 0;
};

/// Facts: a page of it; null if there was none to read.
struct conversations_told {
  std::uint64_t gap = 0;
  std::shared_ptr<const graph::told_conversations> page;
};

struct messages_told {
  std::uint64_t gap = 0;
  std::shared_ptr<const graph::told_messages> page;
};

/// Fact: one conversation's messages are durable; how many were new.
struct fetched_kept {
  std::uint64_t gap = 0;
  outcome<std::size_t> added = fault{};
};

// -- to RETENTION TIMER and ERASER --------------------------------------------

struct due_read {
  std::vector<storage::due_conversation> due;
  bool more = false;
};

/// Order: erase; `done` gets the proof or the reason why not.
struct erase_order {
  storage::erase_request request;
  std::shared_ptr<const std::function<void(outcome<storage::receipt>)>> done;
};

struct erase_stepped {
  outcome<storage::erase_progress> result = fault{};
};

/// Fact: whether nothing of what was erased is left in the database's log.
struct log_emptied {
  bool whole = false;
};

} // namespace assistly::actors

#define ASSISTLY_MESSAGES(MESSAGE)                                             \
  MESSAGE(events_committed)                                                    \
  MESSAGE(replay_journal)                                                      \
  MESSAGE(look_at_journal)                                                     \
  MESSAGE(tries_begun)                                                         \
  MESSAGE(group_seen)                                                          \
  MESSAGE(mailbox_empty)                                                       \
  MESSAGE(mailbox_rows)                                                        \
  MESSAGE(event_given_back)                                                    \
  MESSAGE(read_journal_page)                                                   \
  MESSAGE(journal_page_read)                                                   \
  MESSAGE(refresh_directory)                                                   \
  MESSAGE(directory_read)                                                      \
  MESSAGE(tenant_events)                                                       \
  MESSAGE(tenant_changed)                                                      \
  MESSAGE(index_built)                                                         \
  MESSAGE(event_routed)                                                        \
  MESSAGE(conversation_idle)                                                   \
  MESSAGE(conversation_changed)                                                \
  MESSAGE(event_accepted)                                                      \
  MESSAGE(event_taken_in)                                                      \
  MESSAGE(look_at_clock)                                                       \
  MESSAGE(leave_memory)                                                        \
  MESSAGE(lines_read)                                                          \
  MESSAGE(draft_made)                                                          \
  MESSAGE(draft_decided)                                                       \
  MESSAGE(state_read)                                                          \
  MESSAGE(draft_failed)                                                        \
  MESSAGE(make_draft)                                                          \
  MESSAGE(place_free)                                                          \
  MESSAGE(place_wanted)                                                        \
  MESSAGE(send_rows)                                                           \
  MESSAGE(send_claimed)                                                        \
  MESSAGE(send_answered)                                                       \
  MESSAGE(settle_done)                                                         \
  MESSAGE(send_put_back)                                                       \
  MESSAGE(queue_read)                                                          \
  MESSAGE(channel_changed)                                                     \
  MESSAGE(recover)                                                             \
  MESSAGE(doubts_read)                                                         \
  MESSAGE(look_up_doubt)                                                       \
  MESSAGE(look_up_next)                                                        \
  MESSAGE(doubt_opened)                                                        \
  MESSAGE(doubt_looked_up)                                                     \
  MESSAGE(look_up_settled)                                                     \
  MESSAGE(show_doubt)                                                          \
  MESSAGE(doubt_shown)                                                         \
  MESSAGE(watch_read)                                                          \
  MESSAGE(subscription_looked)                                                 \
  MESSAGE(subscription_made)                                                   \
  MESSAGE(fill_next)                                                           \
  MESSAGE(conversations_told)                                                  \
  MESSAGE(messages_told)                                                       \
  MESSAGE(fetched_kept)                                                        \
  MESSAGE(due_read)                                                            \
  MESSAGE(erase_order)                                                         \
  MESSAGE(erase_stepped)                                                       \
  MESSAGE(log_emptied)

// Never serialised, and never printed: CAF prints the content of what it cannot
// deliver, and a customer's words must not get there. Printing gives the name.
#define ASSISTLY_LOCAL_MESSAGE(name)                                           \
  CAF_ALLOW_UNSAFE_MESSAGE_TYPE(assistly::actors::name)                        \
  namespace assistly::actors {                                                 \
  inline std::string to_string(const name&) {                                  \
    return #name;                                                              \
  }                                                                            \
  }

ASSISTLY_MESSAGES(ASSISTLY_LOCAL_MESSAGE)
#undef ASSISTLY_LOCAL_MESSAGE

#define ASSISTLY_TYPE_ID(name)                                                 \
  CAF_ADD_TYPE_ID(assistly, (assistly::actors::name))

CAF_BEGIN_TYPE_ID_BLOCK(assistly, caf::first_custom_type_id)
  ASSISTLY_MESSAGES(ASSISTLY_TYPE_ID)
CAF_END_TYPE_ID_BLOCK(assistly)
#undef ASSISTLY_TYPE_ID
