/// What the watch-dog of subscriptions keeps of itself: since when each channel
/// is watched, what of its gap is still to be fetched, and when the node was
/// last alive. Numbers and times only, of no person.
#pragma once

#include "storage/journal.hpp"
#include "storage/writer.hpp"

#include <map>
#include <optional>
#include <span>
#include <utility>

namespace assistly::storage {

struct watched_channel {
  timestamp since{};
  /// From when on messages are to be fetched, while that is not done.
  std::optional<timestamp> filling;
};

struct watch_book {
  std::optional<timestamp> last_alive;
  std::map<std::pair<tenant_id, channel_id>, watched_channel> channels;
};

watch_book read_watch_book(sql::connection& db);

/// The node is alive now.
void note_alive(work& w);

/// What of the channel is known from now on.
void note_watched(work& w, tenant_id tenant, channel_id channel,
                  const watched_channel& what);
/// The channel is nobody's any more.
void forget_watched(work& w, tenant_id tenant, channel_id channel);

/// As if nothing had ever been watched: after a restore nothing from before it
/// is fetched, for it may have been erased since the backup.
void forget_watch_book(work& w);

/// *accept* for messages that were fetched and not delivered. Meta tells their
/// time in whole seconds: what a webhook told of within two seconds of it is
/// the same, under whatever time it was filed.
void accept_fetched(work& w, std::span<journal_entry> entries);

} // namespace assistly::storage
