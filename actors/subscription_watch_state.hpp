/// What the two halves of the subscription watch share. Included by them alone.
#pragma once

#include "actors/account_calls.hpp"
#include "actors/send_later.hpp"
#include "actors/subscription_watch.hpp"
#include "model/subscription_rules.hpp"

#include <caf/stateful_actor.hpp>
#include <caf/typed_event_based_actor.hpp>

#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace assistly::actors {

using watch_self = subscription_watch_actor::extend<
  caf::reacts_to<watch_read>, caf::reacts_to<subscription_looked>,
  caf::reacts_to<subscription_made>, caf::reacts_to<fill_next>,
  caf::reacts_to<conversations_told>, caf::reacts_to<messages_told>,
  caf::reacts_to<fetched_kept>>;

/// One subscription, and the channels that hang on it.
struct watched_point {
  graph::subscription_point at;
  std::vector<storage::directory_channel> channels;
  timestamp next_look{};
  bool under_way = false;
  /// Found so, and not restored yet.
  bool missing = false;
  /// Messages may be missing: fetched once the subscription stands.
  bool gap = false;
};

/// What is fetched of one channel, conversation after conversation.
struct open_gap {
  storage::directory_channel channel;
  timestamp from{};
  /// Conversations read and not kept yet.
  std::deque<graph::told_conversation> to_keep;
  /// Where the list of conversations goes on.
  std::string after;
  bool last_page = false;
  /// Another gap opened meanwhile: once more from its start.
  bool again = false;
  int failures = 0;
  std::size_t added = 0;
};

struct watch_state {
  static inline const char* name = "subscription_watch";
  node_services* services = nullptr;
  ingress_actor ingress;
  std::shared_ptr<const storage::directory> picture;
  /// Nothing until it is read.
  std::optional<storage::watch_book> book;
  std::map<point_name, watched_point> points;
  std::size_t looking = 0;
  timestamp noted_alive{};
  std::uint64_t last_gap = 0;
  std::map<std::uint64_t, open_gap> gaps;
  std::deque<std::uint64_t> gaps_waiting;
  std::size_t gaps_under_way = 0;
};

using watch_pointer = watch_self::stateful_pointer<watch_state>;

inline watch_self me(watch_pointer self) {
  return caf::actor_cast<watch_self>(self->ctrl());
}

/// Until when Meta takes no call of the channel's app, if it said so.
inline std::optional<timestamp>
app_paused_until(watch_pointer self,
                 const storage::directory_channel& channel) {
  auto& services = *self->state.services;
  return services.apps.until(channel.kind, channel.access,
                             services.clock->now());
}

/// Writes down what is known of the channel.
void keep_watched(watch_pointer self,
                  const storage::directory_channel& channel);

/// Begins to fetch what was said since, unless that is under way.
void open(watch_pointer self, const storage::directory_channel& channel,
          timestamp from);
void begin_gaps(watch_pointer self);
void go_on(watch_pointer self, std::uint64_t gap);
void take_conversations(watch_pointer self, const conversations_told& told);
void take_messages(watch_pointer self, const messages_told& told);
void take_kept(watch_pointer self, const fetched_kept& kept);

} // namespace assistly::actors
