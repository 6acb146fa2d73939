/// The whole machine on one page: who hears what. Every actor is typed; its
/// private messages are added in its own file.
///
///   webhook ─▶ writer ─▶ INGRESS ─▶ CHANNEL DIRECTORY ─▶ TENANT ─▶
///   CONVERSATION
///                                                          │           │  ▲
///                                                          │       AI REPLY
///                                                          ▼           ▼
///                                                       CHANNEL ADAPTER ─▶
///                                                       Meta
///   storage ─▶ RETENTION TIMER ─▶ ERASER
///   Meta ─▶ SUBSCRIPTION WATCH ─▶ writer ─▶ INGRESS
#pragma once

#include "actors/messages.hpp"

#include <caf/typed_actor.hpp>

namespace assistly::actors {

/// The INGRESS: takes committed batches from the writer, and the journal at
/// start.
using ingress_actor = caf::typed_actor<
  // Events are durable; hand them out.
  caf::reacts_to<events_committed>,
  // Hand out everything the journal holds.
  caf::reacts_to<replay_journal>,
  // Hand out what is to be tried again by a time.
  caf::reacts_to<look_at_journal>>;

/// The CHANNEL DIRECTORY: knows the tenants and starts them on demand.
using channel_directory_actor = caf::typed_actor<
  // Events of one tenant.
  caf::reacts_to<tenant_events>,
  // Something was applied: read the picture anew.
  caf::reacts_to<refresh_directory>,
  // A member acted, or something was erased.
  caf::reacts_to<conversation_changed>>;

/// A TENANT: settings, knowledge, and parent of conversations and adapters.
using tenant_actor =
  caf::typed_actor<caf::reacts_to<tenant_events>,
                   caf::reacts_to<tenant_changed>, caf::reacts_to<event_routed>,
                   caf::reacts_to<conversation_idle>,
                   caf::reacts_to<conversation_changed>,
                   caf::reacts_to<index_built>, caf::reacts_to<mailbox_empty>>;

/// A CONVERSATION: all that happens to it, in order.
using conversation_actor =
  caf::typed_actor<caf::reacts_to<event_accepted>,
                   caf::reacts_to<look_at_clock>, caf::reacts_to<leave_memory>,
                   caf::reacts_to<draft_made>, caf::reacts_to<draft_failed>,
                   caf::reacts_to<place_free>,
                   caf::reacts_to<conversation_changed>>;

/// An AI REPLY: one answer in flight; ends with it.
using ai_reply_actor = caf::typed_actor<caf::reacts_to<make_draft>>;

/// A CHANNEL ADAPTER: claims, paces, sends, settles.
using channel_adapter_actor =
  caf::typed_actor<caf::reacts_to<send_rows>, caf::reacts_to<place_wanted>,
                   caf::reacts_to<channel_changed>, caf::reacts_to<recover>,
                   caf::reacts_to<look_at_clock>>;

/// The SUBSCRIPTION WATCH: that Meta tells us of every account, and what it
/// could not tell.
using subscription_watch_actor =
  caf::typed_actor<caf::reacts_to<look_at_clock>>;

/// The RETENTION TIMER: the due queue.
using retention_timer_actor = caf::typed_actor<caf::reacts_to<look_at_clock>>;

/// The ERASER: one erasure at a time.
using eraser_actor =
  caf::typed_actor<caf::reacts_to<erase_order>, caf::reacts_to<look_at_clock>>;

} // namespace assistly::actors
