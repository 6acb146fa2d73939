#include "actors/ingress.hpp"

#include "actors/send_later.hpp"
#include "telemetry/log.hpp"

#include <caf/send.hpp>
#include <caf/stateful_actor.hpp>
#include <caf/typed_event_based_actor.hpp>

#include <map>

namespace assistly::actors {

namespace {

using ingress_self = ingress_actor::extend<caf::reacts_to<journal_page_read>,
                                           caf::reacts_to<read_journal_page>>;

struct ingress_state {
  static inline const char* name = "ingress";
  node_services* services = nullptr;
  channel_directory_actor directory;
  bool replaying = false;
  bool replay_again = false;
};

using pointer = ingress_self::stateful_pointer<ingress_state>;

/// Rows read at once; what is read is in memory until it is worked off.
constexpr std::size_t page = 2'000;

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
  auto me = caf::actor_cast<ingress_self>(self->ctrl());
  self->state.services->reader->submit(
    [me, order](storage::session& s) {
      caf::anon_send(
        me,
        journal_page_read{
          order, std::make_shared<const std::vector<storage::journal_entry>>(
                   storage::read_journal(s, order.tenant, order.after, page))});
    },
    [me, order](const fault& why) {
      telemetry::log(telemetry::level::error, "journal_not_read",
                     {{"code", to_string(why.code)}});
      caf::anon_send(me, journal_page_read{order, nullptr});
    });
}

void take_page(pointer self, const journal_page_read& read) {
  auto& state = self->state;
  if (!read.page)
    // What is acknowledged must be worked off, so a page is never skipped.
    return send_later(*state.services,
                      state.services->clock->now() + retry_after,
                      caf::actor_cast<ingress_self>(self->ctrl()), read.order);
  std::int64_t unreadable = 0;
  for (const auto& row : *read.page)
    if (row.unreadable)
      // It stays, to be looked at, and holds nobody else up.
      ++unreadable;
    else if (!row.event)
      // Its key ended with its day: there is nothing left to work off.
      state.services->writer->submit(
        [tenant = row.tenant, id = row.id](storage::work& w) {
          storage::finish_entry(w, tenant, id);
        },
        {});
  if (unreadable > 0)
    telemetry::log(telemetry::level::error, "journal_rows_unreadable",
                   {{"count", unreadable}});
  auto readable = std::make_shared<std::vector<storage::journal_entry>>();
  for (const auto& row : *read.page)
    if (row.event)
      readable->push_back(row);
  hand_out(self, readable);
  if (read.page->size() == page)
    return read_page(self, {read.page->back().tenant, read.page->back().id});
  state.replaying = false;
  if (state.replay_again) {
    state.replay_again = false;
    state.replaying = true;
    read_page(self, {});
  }
}

ingress_self::behavior_type ingress(pointer self, node_services* services,
                                    channel_directory_actor directory) {
  self->state.services = services;
  self->state.directory = std::move(directory);
  return {
    [self](const events_committed& committed) {
      hand_out(self, committed.batch);
    },
    [self](const replay_journal&) {
      // Working an entry off twice changes nothing, so a replay may overlap
      // with what is under way.
      if (self->state.replaying) {
        self->state.replay_again = true;
        return;
      }
      self->state.replaying = true;
      read_page(self, {});
    },
    [self](const journal_page_read& read) { take_page(self, read); },
    [self](const read_journal_page& order) { read_page(self, order); },
  };
}

} // namespace

ingress_actor spawn_ingress(caf::actor_system& system, node_services& services,
                            channel_directory_actor directory) {
  return system.spawn(ingress, &services, std::move(directory));
}

} // namespace assistly::actors
