#include "actors/subscription_watch.hpp"

#include "actors/subscription_watch_state.hpp"
#include "telemetry/log.hpp"

#include <caf/send.hpp>

#include <algorithm>
#include <utility>

namespace assistly::actors {

using pointer = watch_pointer;

namespace {

constexpr milliseconds tick_period = seconds{1};
constexpr milliseconds alive_period = minutes{1};
/// Looks under way at once.
constexpr std::size_t most_looks = 8;

void tick_at(pointer self, timestamp when) {
  send_later(*self->state.services, when, me(self), look_at_clock{});
}

void count(pointer self, const watched_point& point,
           telemetry::subscription_event what) {
  self->state.services->metrics->subscriptions_total
    .at(point.channels.front().kind, what)
    .add();
}

void read_book(pointer self) {
  self->state.services->reader->submit(
    [handle = me(self)](storage::session& s) {
      caf::anon_send(handle, watch_read{storage::read_watch_book(*s.db)});
    },
    [handle = me(self)](const fault& why) {
      caf::anon_send(handle, watch_read{why});
    });
}

point_name name_of(const graph::subscription_point& at) {
  return {at.at_instagram, at.node};
}

/// The point the channel hangs on, added to `points`; null if it has none.
watched_point* add(std::map<point_name, watched_point>& points,
                   const storage::directory_channel& channel) {
  auto at = graph::subscription_point_of(
    channel.kind, channel.access.account_id, channel.access.business_account_id,
    login_of(channel.kind, channel.access));
  if (!at)
    return nullptr;
  auto& point = points[name_of(*at)];
  if (point.channels.empty())
    point.at = *at;
  for (auto& field : at->fields)
    if (std::find(point.at.fields.begin(), point.at.fields.end(), field)
        == point.at.fields.end())
      point.at.fields.push_back(std::move(field));
  point.channels.push_back(channel);
  return &point;
}

/// Channels that no tenant has any more are forgotten.
void forget_gone(pointer self) {
  auto& state = self->state;
  std::erase_if(state.book->channels, [&](const auto& known) {
    auto [tenant, channel] = known.first;
    if (state.picture->find(tenant, channel))
      return false;
    state.services->writer->submit_for(
      [tenant = tenant, channel = channel](storage::work& w) {
        storage::forget_watched(w, tenant, channel);
        return true;
      },
      [](const outcome<bool>&) {});
    return true;
  });
}

/// The accounts as the picture has them now; what is known of each stays.
void take_picture(pointer self) {
  auto& state = self->state;
  auto picture = state.services->directory.get();
  if (!picture || picture == state.picture)
    return;
  state.picture = std::move(picture);
  std::map<point_name, watched_point> points;
  for (const auto& channel : state.picture->channels())
    if (channel.connected && !add(points, channel))
      telemetry::log(telemetry::level::info, "subscription_not_watched",
                     {{"channel", to_string(channel.kind)},
                      {"mend", "set business_account_id"}});
  auto now = state.services->clock->now();
  std::size_t index = 0;
  for (auto& [name, point] : points) {
    auto before = state.points.find(name);
    if (before == state.points.end()) {
      point.next_look = first_look(now, index++, points.size());
      continue;
    }
    point.next_look = before->second.next_look;
    point.under_way = before->second.under_way;
    point.missing = before->second.missing;
    point.gap = before->second.gap;
  }
  state.points = std::move(points);
  forget_gone(self);
}

void suspect_all(pointer self, timestamp now) {
  for (auto& [name, point] : self->state.points) {
    point.gap = true;
    point.next_look = now;
  }
}

void suspect_silent(pointer self, timestamp now) {
  auto& state = self->state;
  for (const auto& [tenant, channel] :
       state.services->traffic.take_silent(now - echo_is_late_after))
    for (auto& [name, point] : state.points)
      for (const auto& one : point.channels)
        if (one.tenant == tenant && one.id == channel) {
          telemetry::log(telemetry::level::warning, "send_without_echo",
                         {{"channel", to_string(one.kind)}});
          point.next_look = now;
        }
}

void note_alive(pointer self, timestamp now) {
  auto& state = self->state;
  // While webhooks fail the node is as good as away.
  if (state.services->webhooks.failing()
      || (now >= state.noted_alive && now - state.noted_alive < alive_period))
    return;
  state.noted_alive = now;
  state.services->writer->submit_for(
    [](storage::work& w) {
      storage::note_alive(w);
      return true;
    },
    [](const outcome<bool>&) {});
}

void look(pointer self, const point_name& name, watched_point& point) {
  auto& state = self->state;
  point.under_way = true;
  ++state.looking;
  state.services->accounts->look(
    point.at, point.channels.front().access.token,
    [handle = me(self), name](graph::subscription_seen seen) {
      caf::anon_send(handle, subscription_looked{name, seen});
    });
}

void tick(pointer self) {
  auto& state = self->state;
  auto now = state.services->clock->now();
  tick_at(self, now + tick_period);
  if (!state.book)
    return;
  take_picture(self);
  note_alive(self, now);
  if (state.services->webhooks.take_outage() >= outage_counts_from) {
    telemetry::log(telemetry::level::warning, "webhooks_failed_for_long");
    suspect_all(self, now);
  }
  suspect_silent(self, now);
  for (auto& [name, point] : state.points) {
    if (state.looking >= most_looks)
      break;
    // None waits longer than a period, also when the clock was set back.
    point.next_look = std::min<timestamp>(point.next_look, now + watch_period);
    if (!point.under_way && point.next_look <= now
        && !app_paused_until(self, point.channels.front()))
      look(self, name, point);
  }
  begin_gaps(self);
}

void take_book(pointer self, const watch_read& read) {
  auto& state = self->state;
  auto now = state.services->clock->now();
  if (!read.result) {
    state.services->repeated.log(now, telemetry::level::warning,
                                 "watch_book_not_read", read.result.error());
    return read_book(self);
  }
  state.book = *read.result;
  take_picture(self);
  if (was_away(state.book->last_alive, now)) {
    telemetry::log(telemetry::level::warning, "node_was_away_for_long");
    suspect_all(self, now);
  }
  // A gap that a crash left half filled: from its start, for what is known
  // already counts once.
  for (const auto& [name, known] : state.book->channels)
    if (known.filling && state.picture)
      if (const auto* channel = state.picture->find(name.first, name.second))
        open(self, *channel, *known.filling);
}

/// Meta tells us of the account: what it did not tell meanwhile is fetched.
void stands(pointer self, watched_point& point) {
  auto& state = self->state;
  auto now = state.services->clock->now();
  bool gap = std::exchange(point.gap, false);
  for (const auto& channel : point.channels) {
    auto [known, first] = state.book->channels.try_emplace(
      {channel.tenant, channel.id}, storage::watched_channel{now, {}});
    if (first) {
      keep_watched(self, channel);
      continue;
    }
    if (!gap)
      continue;
    if (!graph::has_history(channel.kind)) {
      telemetry::log(telemetry::level::warning, "gap_cannot_be_filled",
                     {{"channel", to_string(channel.kind)}});
      continue;
    }
    auto from = fill_from(known->second.since, now);
    known->second.filling =
      std::min(known->second.filling.value_or(from), from);
    keep_watched(self, channel);
    open(self, channel, *known->second.filling);
  }
}

void take_look(pointer self, const subscription_looked& looked) {
  auto& state = self->state;
  --state.looking;
  auto it = state.points.find(looked.point);
  if (it == state.points.end())
    return;
  auto& point = it->second;
  auto now = state.services->clock->now();
  point.under_way = false;
  switch (looked.seen) {
  case graph::subscription_seen::unclear:
    point.next_look = now + watch_again_after;
    return;
  case graph::subscription_seen::subscribed:
    point.next_look = now + watch_period;
    point.missing = false;
    return stands(self, point);
  case graph::subscription_seen::missing:
    break;
  }
  if (!std::exchange(point.missing, true)) {
    telemetry::log(telemetry::level::warning, "subscription_missing",
                   {{"channel", to_string(point.channels.front().kind)}});
    count(self, point, telemetry::subscription_event::missing);
  }
  point.gap = true;
  point.under_way = true;
  ++state.looking;
  state.services->accounts->subscribe(
    point.at, point.channels.front().access.token,
    [handle = me(self), name = looked.point](bool made) {
      caf::anon_send(handle, subscription_made{name, made});
    });
}

void take_made(pointer self, const subscription_made& made) {
  auto& state = self->state;
  --state.looking;
  auto it = state.points.find(made.point);
  if (it == state.points.end())
    return;
  auto& point = it->second;
  auto now = state.services->clock->now();
  point.under_way = false;
  const auto kind = to_string(point.channels.front().kind);
  if (made.made) {
    telemetry::log(telemetry::level::info, "subscription_restored",
                   {{"channel", kind}});
    count(self, point, telemetry::subscription_event::restored);
  } else {
    telemetry::log(telemetry::level::error, "subscription_refused",
                   {{"channel", kind}});
    count(self, point, telemetry::subscription_event::refused);
  }
  point.missing = !made.made;
  point.next_look = now + (made.made ? watch_period : watch_again_after);
  if (made.made)
    stands(self, point);
}

watch_self::behavior_type subscription_watch(pointer self,
                                             node_services* services,
                                             ingress_actor ingress) {
  auto& state = self->state;
  state.services = services;
  state.ingress = std::move(ingress);
  telemetry::log(telemetry::level::info, "subscriptions_watched",
                 {{"not_fetched_again", "whatsapp, comments"}});
  read_book(self);
  tick_at(self, services->clock->now() + tick_period);
  return {
    [self](const look_at_clock&) { tick(self); },
    [self](const watch_read& read) { take_book(self, read); },
    [self](const subscription_looked& looked) { take_look(self, looked); },
    [self](const subscription_made& made) { take_made(self, made); },
    [self](const fill_next& order) { go_on(self, order.gap); },
    [self](const conversations_told& told) { take_conversations(self, told); },
    [self](const messages_told& told) { take_messages(self, told); },
    [self](const fetched_kept& kept) { take_kept(self, kept); },
  };
}

} // namespace

void keep_watched(pointer self, const storage::directory_channel& channel) {
  auto& state = self->state;
  auto known = state.book->channels.find({channel.tenant, channel.id});
  if (known == state.book->channels.end())
    return;
  state.services->writer->submit_for(
    [tenant = channel.tenant, id = channel.id,
     what = known->second](storage::work& w) {
      storage::note_watched(w, tenant, id, what);
      return true;
    },
    [services = state.services](const outcome<bool>& done) {
      if (!done)
        services->repeated.log(services->clock->now(),
                               telemetry::level::warning, "watch_not_noted",
                               done.error());
    });
}

subscription_watch_actor spawn_subscription_watch(caf::actor_system& system,
                                                  node_services& services,
                                                  ingress_actor ingress) {
  return system.spawn(subscription_watch, &services, std::move(ingress));
}

} // namespace assistly::actors
