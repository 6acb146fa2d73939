#include "actors/tenant.hpp"

#include "actors/channel_adapter.hpp"
#include "actors/conversation.hpp"
#include "actors/failed_try.hpp"
#include "actors/send_later.hpp"
#include "actors/tenant_shared.hpp"
#include "storage/tenants.hpp"
#include "telemetry/log.hpp"

#include <caf/send.hpp>
#include <caf/stateful_actor.hpp>
#include <caf/typed_event_based_actor.hpp>

#include <unordered_map>

namespace assistly::actors {

namespace {

struct resident {
  conversation_actor handle;
  std::shared_ptr<mailbox_room> room;
  /// Events sent to it so far; it may leave memory only when it has had all.
  std::uint64_t sent = 0;
  /// What waits in the journal is being read.
  bool reading = false;
  /// Something was left in the journal since that began.
  bool refused = false;
};

struct tenant_state {
  static inline const char* name = "tenant";
  node_services* services = nullptr;
  std::function<void()> replay;
  tenant_id id;
  std::int64_t revision = 0;
  std::int64_t building = -1;
  std::shared_ptr<tenant_shared> shared = std::make_shared<tenant_shared>();
  std::unordered_map<lookup_hash, resident> conversations;

  tenant_state() = default;
  tenant_state(const tenant_state&) = delete;
  tenant_state& operator=(const tenant_state&) = delete;

  ~tenant_state() {
    shared->clear();
    if (services)
      services->metrics->conversations_resident.add(
        -static_cast<std::int64_t>(conversations.size()));
  }
};

using tenant_self = tenant_actor::extend<caf::reacts_to<mailbox_rows>>;
using pointer = tenant_self::stateful_pointer<tenant_state>;

tenant_self me(pointer self) {
  return caf::actor_cast<tenant_self>(self->ctrl());
}

caf::actor_addr address_of(pointer self) {
  return caf::actor_cast<caf::actor_addr>(self->ctrl());
}

resident& conversation_of(pointer self, const lookup_hash& hash) {
  auto& state = self->state;
  auto it = state.conversations.find(hash);
  if (it != state.conversations.end())
    return it->second;
  auto room =
    std::make_shared<mailbox_room>(state.services->metrics->mailboxes);
  auto handle =
    spawn_conversation(self->system(), *state.services, state.shared, state.id,
                       hash, address_of(self), room);
  self->monitor(handle);
  state.services->metrics->conversations_resident.add(1);
  return state.conversations
    .emplace(hash, resident{handle, std::move(room), 0, false, false})
    .first->second;
}

bool give(pointer self, resident& to, const entries& batch,
          std::uint32_t which) {
  if (!to.room->try_enter(self->state.services->limits.longest_mailbox))
    return false;
  ++to.sent;
  self->send(to.handle, event_accepted{batch, which});
  return true;
}

/// What waits in the journal for a conversation that has nothing in hand.
void read_on(pointer self, const lookup_hash& hash, resident& to) {
  if (to.reading || !to.room->empty())
    return;
  to.reading = true;
  to.refused = false;
  const auto& services = *self->state.services;
  services.reader->submit(
    [me = me(self), tenant = self->state.id, hash,
     most = services.limits.longest_mailbox](storage::session& s) {
      caf::anon_send(
        me, mailbox_rows{
              hash, std::make_shared<const std::vector<storage::journal_entry>>(
                      storage::read_untried(s, tenant, hash, most))});
    },
    [me = me(self), hash](const fault&) {
      caf::anon_send(me, mailbox_rows{hash, nullptr});
    });
}

void take_rows(pointer self, const mailbox_rows& read) {
  auto& state = self->state;
  auto it = state.conversations.find(read.conversation);
  if (it == state.conversations.end())
    // It died, and everything owed is handed out anew.
    return;
  auto& to = it->second;
  to.reading = false;
  if (!read.rows)
    return send_later(*state.services,
                      state.services->clock->now() + retry_after, me(self),
                      mailbox_empty{read.conversation});
  bool given = false;
  for (std::uint32_t i = 0; i < read.rows->size(); ++i)
    if ((*read.rows)[i].event)
      given |= give(self, to, read.rows, i);
  if (to.refused
      || (given && read.rows->size() == state.services->limits.longest_mailbox))
    // There may be more. If nothing was given, nobody else would say so.
    return given ? void() : read_on(self, read.conversation, to);
  to.room->set_behind(false);
}

/// Into the mailbox if there is room, and nothing older waits in the journal;
/// else it waits there as well.
void deliver(pointer self, const entries& batch, std::uint32_t which,
             const lookup_hash& hash) {
  auto& to = conversation_of(self, hash);
  if (!to.room->behind() && give(self, to, batch, which))
    return;
  auto& services = *self->state.services;
  const auto& event = (*batch)[which];
  auto now = services.clock->now();
  if (event.conversation != hash)
    // Filed under another name, or none: it is not found by this one.
    return send_later(services, now + retry_after, me(self),
                      event_routed{batch, which, hash});
  to.room->set_behind(true);
  to.refused = true;
  if (event.attempts > 0)
    // Its try is counted, so the journal hands it out again.
    services.look_at_journal(now + 2 * try_again_after(event.attempts));
  read_on(self, hash, to);
}

/// An event that names nobody: found by Meta's id of one of our turns, or told
/// to nobody.
void route(pointer self, const entries& batch, std::uint32_t which) {
  auto me = caf::actor_cast<tenant_actor>(self->ctrl());
  self->state.services->writer->submit_for(
    self->state.id,
    [request = storage::request_for((*batch)[which])](storage::work& w) {
      return storage::route_by_external(w, request);
    },
    [me, batch, which, services = self->state.services](
      outcome<std::optional<lookup_hash>> found) {
      if (found && *found)
        return caf::anon_send(me, event_routed{batch, which, **found});
      if (found)
        return;
      telemetry::log(telemetry::level::warning, "event_not_routed",
                     {{"code", to_string(found.error().code)}});
      auto later = [me, batch, which, services] {
        send_later(*services, services->clock->now() + retry_after, me,
                   tenant_events{batch, {which}});
      };
      if (!is_events_fault(found.error().code))
        return later();
      count_failed_try(*services, (*batch)[which], [later](bool counted) {
        if (!counted)
          later();
      });
    });
}

void build_index(pointer self, std::int64_t revision) {
  auto& state = self->state;
  if (state.building == revision)
    return;
  state.building = revision;
  auto me = caf::actor_cast<tenant_actor>(self->ctrl());
  auto* builder = state.services->builder;
  state.services->reader->submit(
    [me, builder, id = state.id, revision](storage::session& s) {
      auto items = storage::read_knowledge(*s.db, s.keys, id);
      builder->submit([me, revision, items = std::move(items)]() mutable {
        std::vector<answers::knowledge_entry> known;
        known.reserve(items.size());
        for (auto& item : items)
          known.push_back({std::move(item.key), std::move(item.title),
                           std::move(item.answer), std::move(item.url),
                           std::move(item.questions),
                           std::move(item.language)});
        caf::anon_send(
          me, index_built{revision, answers::build_index(std::move(known))});
      });
    },
    [me, revision, services = state.services](const fault& why) {
      telemetry::log(telemetry::level::error, "knowledge_not_read",
                     {{"code", to_string(why.code)}});
      // Until it is read, everything owed waits.
      send_later(*services, services->clock->now() + retry_after, me,
                 index_built{revision, nullptr});
    });
}

/// Seats it before it recovers: what goes to the one before it after that is
/// claimed by then, and found.
void seat_adapter(pointer self, const storage::directory_channel& channel) {
  auto& state = self->state;
  auto gate = std::make_shared<adapter_gate>();
  auto handle = spawn_channel_adapter(self->system(), *state.services, channel,
                                      gate, address_of(self));
  self->monitor(handle);
  state.shared->seat(channel.id, {handle, gate});
  self->send(handle, recover{});
}

void seat_adapters(pointer self, const tenant_view& view) {
  for (const auto& channel : view.channels)
    if (auto seat = self->state.shared->adapter(channel.id))
      self->send(seat->handle, channel_changed{channel});
    else
      seat_adapter(self, channel);
}

void take_settings(pointer self, const storage::directory& picture) {
  auto& state = self->state;
  const auto* t = picture.tenant(state.id);
  if (!t) {
    self->quit(caf::exit_reason::user_shutdown);
    return;
  }
  auto view = std::make_shared<tenant_view>();
  view->id = state.id;
  view->settings = t->settings;
  for (const auto& c : picture.channels())
    if (c.tenant == state.id)
      view->channels.push_back(c);
  if (auto before = state.shared->view.get())
    view->index = before->index;
  bool same = view->index && state.revision == t->revision;
  state.revision = t->revision;
  seat_adapters(self, *view);
  state.shared->view.set(view);
  if (!same)
    build_index(self, t->revision);
}

void take_index(pointer self, const index_built& built) {
  auto& state = self->state;
  auto before = state.shared->view.get();
  if (!before || built.revision != state.revision)
    return;
  if (!built.index) {
    state.building = -1;
    return build_index(self, built.revision);
  }
  auto view = std::make_shared<tenant_view>(*before);
  view->index = built.index;
  state.shared->view.set(std::move(view));
}

void replace_dead(pointer self, const caf::down_msg& down) {
  auto& state = self->state;
  // Left memory as agreed, and is out of the map already.
  if (!down.reason || down.reason == caf::exit_reason::user_shutdown)
    return;
  for (auto it = state.conversations.begin(); it != state.conversations.end();
       ++it)
    if (it->second.handle.address() == down.source) {
      state.conversations.erase(it);
      state.services->metrics->conversations_resident.add(-1);
      break;
    }
  telemetry::log(telemetry::level::error, "actor_died",
                 {{"reason", std::int64_t{down.reason.code()}}});
  auto view = state.shared->view.get();
  for (const auto& channel : view->channels) {
    auto seat = state.shared->adapter(channel.id);
    if (seat && seat->handle.address() == down.source)
      seat_adapter(self, channel);
  }
  state.replay();
}

tenant_self::behavior_type
tenant(pointer self, node_services* services,
       const std::shared_ptr<const storage::directory>& picture, tenant_id id,
       std::function<void()> replay) {
  auto& state = self->state;
  state.services = services;
  state.id = id;
  state.replay = std::move(replay);
  self->set_down_handler(
    [self](const caf::down_msg& down) { replace_dead(self, down); });
  take_settings(self, *picture);
  return {
    [self](const tenant_events& events) {
      for (auto which : events.which) {
        const auto& e = (*events.batch)[which];
        if (e.conversation)
          deliver(self, events.batch, which, *e.conversation);
        else
          route(self, events.batch, which);
      }
    },
    [self](const tenant_changed& change) {
      take_settings(self, *change.picture);
    },
    [self](const event_routed& routed) {
      deliver(self, routed.batch, routed.which, routed.conversation);
    },
    [self](const conversation_idle& idle) {
      auto& all = self->state.conversations;
      auto it = all.find(idle.conversation);
      // Something is on its way to it: it stays.
      if (it == all.end() || it->second.sent != idle.received
          || it->second.room->behind())
        return;
      self->send(it->second.handle, leave_memory{});
      all.erase(it);
      self->state.services->metrics->conversations_resident.add(-1);
    },
    [self](const conversation_changed& change) {
      // Straight to the adapter: a conversation that dies takes none along.
      if (!change.sends.empty())
        if (auto seat =
              self->state.shared->adapter(change.sends.front().channel))
          self->send(seat->handle, send_rows{change.sends, {}, {}, {}});
      auto& to = conversation_of(self, change.conversation);
      ++to.sent;
      self->send(to.handle, change);
    },
    [self](const index_built& built) { take_index(self, built); },
    [self](const mailbox_empty& done) {
      auto it = self->state.conversations.find(done.conversation);
      if (it != self->state.conversations.end() && it->second.room->behind())
        read_on(self, done.conversation, it->second);
    },
    [self](const mailbox_rows& read) { take_rows(self, read); },
  };
}

} // namespace

tenant_actor spawn_tenant(caf::actor_system& system, node_services& services,
                          std::shared_ptr<const storage::directory> picture,
                          tenant_id id, std::function<void()> replay) {
  return system.spawn(tenant, &services, std::move(picture), id,
                      std::move(replay));
}

} // namespace assistly::actors
