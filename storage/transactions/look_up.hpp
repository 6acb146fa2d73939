/// A send in doubt, before and after it was looked up at the channel.
#pragma once

#include "model/conversation.hpp"
#include "model/look_up.hpp"
#include "storage/reader.hpp"
#include "storage/writer.hpp"

#include <optional>
#include <string>

namespace assistly::storage {

/// What there is to know before a send is looked up.
struct opened_doubt {
  conversation_id conversation;
  /// It waits in the queue again: what its adapter had under way ended clearly
  /// after all, when that adapter was dead already.
  bool queued = false;
  /// Whom it was for; nothing if it is not in doubt any more, or people were
  /// told.
  std::optional<correspondent> to;
  turn_kind kind = turn_kind::text;
};

opened_doubt open_doubt(session& s, tenant_id tenant, turn_id id);

enum class doubt_end : std::uint8_t {
  open, ///< Nothing is proved, or it was settled meanwhile.
  sent,
  queued, ///< Proved absent, and may go once more.
};

struct settled_look_up {
  doubt_end how = doubt_end::open;
  conversation_id conversation;
};

/// What the page means for the send, written down. Its id joins `seen`, so that
/// a late echo is known for ours.
settled_look_up settle_look_up(work& w, tenant_id tenant, channel_kind kind,
                               const std::string& account_id, turn_id id,
                               shown_page page);

} // namespace assistly::storage
