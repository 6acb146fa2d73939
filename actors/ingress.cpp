#include "actors/ingress.hpp"

#include "actors/failed_try.hpp"
#include "actors/send_later.hpp"
#include "telemetry/log.hpp"

#include <caf/send.hpp>
#include <caf/stateful_actor.hpp>
#include <caf/typed_event_based_actor.hpp>

#include <algorithm>
#include <deque>
#include <map>
#include <optional>
#include <utility>

namespace assistly::actors {

namespace {

using ingress_self =
  ingress_actor::extend<caf::reacts_to<journal_page_read>,
                        caf::reacts_to<read_journal_page>,
                        caf::reacts_to<tries_begun>, caf::reacts_to<group_seen>,
                        caf::reacts_to<look_at_clock>>;

struct ingress_state {
  static inline const char* name = "ingress";
  node_services* services = nullptr;
  channel_directory_actor directory;
  bool replaying = false;
  bool replay_again = false;
  /// The first replay: whoever tried anything before is gone.
  bool starting = true;
  /// What is tried together, from the page that was read last.
  std::deque<entries> groups;
  /// Where the journal goes on behind that page.
  std::optional<read_journal_page> rest;
  /// What was handed out and is waited for; null if nothing is. The rest waits
  /// in the journal meanwhile, and not in memory.
  entries awaited;
  timestamp tried_until{};
  std::size_t may_be_left = 0;
  timestamp wait_until{};
  /// Too much is in hand: what is accepted waits in the journal, and is handed
  /// out from there, in its order, until nothing is left.
  bool behind = false;
  /// Something was left in the journal since the last replay began.
  bool refused = false;
  /// Of what is not to be tried yet, the first.
  std::optional<timestamp> next_due;
  std::optional<timestamp> armed;
};

using pointer = ingress_self::stateful_pointer<ingress_state>;

/// Rows read and handed out at once.
constexpr std::size_t page = 512;
/// How often it is looked whether they are worked off.
constexpr milliseconds looks_again = milliseconds{10};
/// Nobody waits longer for what is tried again.
constexpr milliseconds longest_wait = seconds{2};

ingress_self me(pointer self) {
  return caf::actor_cast<ingress_self>(self->ctrl());
}

std::int64_t in_hand(const ingress_state& state) {
  return state.services->metrics->mailboxes.total();
}

std::int64_t most_in_hand(const ingress_state& state) {
  return state.services->limits.most_in_hand;
}

void hand_out(pointer self, const entries& batch) {
  std::map<tenant_id, std::vector<std::uint32_t>> by_tenant;
  for (std::uint32_t i = 0; i < batch->size(); ++i) {
    const auto& e = (*batch)[i];
    if (!e.duplicate && !e.only_kept)
      by_tenant[e.tenant].push_back(i);
  }
  for (auto& [tenant, which] : by_tenant)
    self->send(self->state.directory, tenant_events{batch, std::move(which)});
}

void read_page(pointer self, const read_journal_page& order) {
  self->state.services->reader->submit(
    [me = me(self), order](storage::session& s) {
      caf::anon_send(
        me,
        journal_page_read{
          order, std::make_shared<const std::vector<storage::journal_entry>>(
                   storage::read_journal(s, order.tenant, order.after, page))});
    },
    [me = me(self), order](const fault& why) {
      telemetry::log(telemetry::level::error, "journal_not_read",
                     {{"code", to_string(why.code)}});
      caf::anon_send(me, journal_page_read{order, nullptr});
    });
}

void look_then(pointer self, timestamp when) {
  auto& state = self->state;
  if (state.armed && *state.armed <= when)
    return;
  state.armed = when;
  send_later(*state.services, when, me(self), look_at_clock{when});
}

void replay(pointer self) {
  auto& state = self->state;
  state.replaying = true;
  state.refused = false;
  state.next_due.reset();
  read_page(self, {});
}

/// There is nothing left to work off: its key ended with its day.
void drop_ended(pointer self, const storage::journal_entry& row) {
  self->state.services->writer->submit(
    [tenant = row.tenant, id = row.id](storage::work& w) {
      storage::finish_entry(w, tenant, id);
    },
    {});
}

/// It stays where people see it, and holds nobody else up.
void bury(pointer self, const storage::journal_entry& row, dead_reason reason) {
  auto tries = std::max(row.attempts, 1);
  self->state.services->writer->submit_for(
    [tenant = row.tenant, id = row.id, tries, reason](storage::work& w) {
      return storage::bury(w, tenant, id, tries, reason);
    },
    [services = self->state.services, tries, reason](outcome<bool> buried) {
      if (buried && *buried)
        tell_dead_letter(*services, reason, tries);
    });
}

/// What was only there when somebody died does not wait after a start.
constexpr std::int32_t tries_of_bystander = 2;

/// A later time than any try is put off to was written before the clock was set
/// back.
bool may_be_tried(const ingress_state& state, const storage::journal_entry& row,
                  timestamp now) {
  if (row.attempts == 0
      || (state.starting && row.attempts <= tries_of_bystander))
    return true;
  return row.next_try_at <= now
         || row.next_try_at > now + 2 * try_again_after(row.attempts);
}

/// In the journal's order; what was tried before goes first, and in parts, so
/// that the rest of its conversation does not overtake it.
void group_rows(ingress_state& state,
                std::vector<storage::journal_entry>&& rows) {
  using group = std::vector<storage::journal_entry>;
  std::vector<group> tried;
  group fresh;
  for (auto& row : rows) {
    auto most = tried_together(row.attempts, page);
    if (row.attempts == 0) {
      fresh.push_back(std::move(row));
      continue;
    }
    if (tried.empty() || tried.back().size() >= most
        || tried.back().front().attempts != row.attempts)
      tried.emplace_back();
    tried.back().push_back(std::move(row));
  }
  tried.push_back(std::move(fresh));
  for (auto& one : tried)
    if (!one.empty())
      state.groups.push_back(std::make_shared<const group>(std::move(one)));
}

void begin_group(pointer self, const entries& group) {
  self->state.services->writer->submit_for(
    [group](storage::work& w) { return storage::begin_tries(w, *group); },
    [me = me(self), group](outcome<storage::begun_tries> begun) {
      caf::anon_send(me, tries_begun{group, std::move(begun)});
    });
}

void next_group(pointer self) {
  auto& state = self->state;
  state.awaited.reset();
  if (!state.groups.empty()) {
    auto group = std::move(state.groups.front());
    state.groups.pop_front();
    return begin_group(self, group);
  }
  if (state.rest)
    return read_page(self, *std::exchange(state.rest, std::nullopt));
  state.replaying = false;
  state.starting = false;
  state.behind = state.refused;
  if (state.behind)
    look_then(self, state.services->clock->now() + looks_again);
  if (state.next_due)
    look_then(self, *state.next_due);
  if (std::exchange(state.replay_again, false))
    replay(self);
}

void take_page(pointer self, const journal_page_read& read) {
  auto& state = self->state;
  auto now = state.services->clock->now();
  if (!read.page)
    // What is acknowledged must be worked off, so a page is never skipped.
    return send_later(*state.services, now + retry_after, me(self), read.order);
  std::vector<storage::journal_entry> rows;
  for (const auto& row : *read.page)
    if (row.unreadable)
      bury(self, row, dead_reason::unreadable);
    else if (!row.event)
      drop_ended(self, row);
    else if (!may_be_tried(state, row, now))
      state.next_due =
        std::min(state.next_due.value_or(row.next_try_at), row.next_try_at);
    else if (row.attempts >= state.services->limits.most_event_tries)
      // Begun, and neither ended nor refused: somebody died of it each time.
      bury(self, row, dead_reason::died);
    else
      rows.push_back(row);
  group_rows(state, std::move(rows));
  if (read.page->size() == page)
    state.rest = {read.page->back().tenant, read.page->back().id};
  next_group(self);
}

void look_at_group(pointer self) {
  auto& state = self->state;
  state.services->reader->submit(
    [me = me(self), group = state.awaited,
     until = state.tried_until](storage::session& s) {
      caf::anon_send(
        me, group_seen{group, storage::still_tried(*s.db, *group, until)});
    },
    [me = me(self), group = state.awaited](const fault&) {
      caf::anon_send(me, group_seen{group, group->size()});
    });
}

void take_begun(pointer self, const tries_begun& begun) {
  auto& state = self->state;
  auto& services = *state.services;
  auto now = services.clock->now();
  if (!begun.result) {
    services.repeated.log(now, telemetry::level::warning, "tries_not_begun",
                          begun.result.error());
    state.groups.push_front(begun.group);
    state.awaited = begun.group;
    state.wait_until = now + retry_after;
    return look_then(self, state.wait_until);
  }
  auto batch = std::make_shared<std::vector<storage::journal_entry>>();
  for (std::size_t i = 0; i < begun.group->size(); ++i)
    if (begun.result->may[i]) {
      batch->push_back((*begun.group)[i]);
      batch->back().attempts = std::max(batch->back().attempts, 1) + 1;
    }
  hand_out(self, batch);
  if (batch->empty() || (state.groups.empty() && !state.rest))
    return next_group(self);
  state.awaited = std::move(batch);
  state.tried_until = begun.result->until;
  // What was tried before is waited for to the last: only so does a death say
  // whose it is.
  state.may_be_left =
    begun.group->front().attempts == 0 ? begun.group->size() / 2 : 0;
  state.wait_until = now + longest_wait;
  look_then(self, now + looks_again);
}

void take_seen(pointer self, const group_seen& seen) {
  auto& state = self->state;
  if (seen.group != state.awaited)
    return;
  auto now = state.services->clock->now();
  if (seen.left <= state.may_be_left || now >= state.wait_until)
    return next_group(self);
  look_then(self, now + looks_again);
}

void look(pointer self, const look_at_clock& wake) {
  auto& state = self->state;
  // Armed anew for an earlier moment since: that wake-up has done the work.
  if (!state.armed || *state.armed != wake.armed_for)
    return;
  state.armed.reset();
  if (state.awaited)
    return look_at_group(self);
  if (state.replaying)
    state.replay_again = true;
  else if (state.behind && in_hand(state) > most_in_hand(state) / 16)
    look_then(self, state.services->clock->now() + looks_again);
  else
    replay(self);
}

void take_committed(pointer self, const events_committed& committed) {
  auto& state = self->state;
  if (!state.behind && in_hand(state) <= most_in_hand(state))
    return hand_out(self, committed.batch);
  state.behind = true;
  state.refused = true;
  if (!state.replaying)
    look_then(self, state.services->clock->now() + looks_again);
}

ingress_self::behavior_type ingress(pointer self, node_services* services,
                                    channel_directory_actor directory) {
  self->state.services = services;
  self->state.directory = std::move(directory);
  return {
    [self](const events_committed& committed) {
      take_committed(self, committed);
    },
    [self](const replay_journal&) {
      // Working an entry off twice changes nothing, so a replay may overlap
      // with what is under way.
      auto& state = self->state;
      if (!state.replaying)
        return replay(self);
      state.replay_again = true;
      // Whoever died may have had what is waited for.
      state.wait_until = state.services->clock->now();
    },
    [self](const look_at_journal& order) {
      auto& due = self->state.next_due;
      due = std::min(due.value_or(order.at), order.at);
      look_then(self, *due);
    },
    [self](const journal_page_read& read) { take_page(self, read); },
    [self](const read_journal_page& order) { read_page(self, order); },
    [self](const tries_begun& begun) { take_begun(self, begun); },
    [self](const group_seen& seen) { take_seen(self, seen); },
    [self](const look_at_clock& wake) { look(self, wake); },
  };
}

} // namespace

ingress_actor spawn_ingress(caf::actor_system& system, node_services& services,
                            channel_directory_actor directory) {
  return system.spawn(ingress, &services, std::move(directory));
}

} // namespace assistly::actors
