// Start is recovery: what the process knew is in storage, or nowhere.
#include "storage/conversations.hpp"
#include "storage/tenants.hpp"
#include "tests/simulation/core.hpp"

#include <algorithm>

namespace assistly::simulation {

namespace {

constexpr milliseconds picture_period = hours{6};
constexpr std::size_t all_rows = 1'000'000;

} // namespace

void core::doubt_sending(storage::work& w) {
  if (stage_->order.off != defect::sending_queued_at_start) {
    storage::doubt_all_sending(w);
    return;
  }
  // The negative control: what was on its way is taken for waiting.
  for (auto tenant : storage::tenant_ids(w.db))
    for (auto id : storage::conversation_ids(w.db, tenant, {}, all_rows))
      for (const auto& row : storage::sends_of(w.db, tenant, id))
        storage::put_back(w, tenant, row.id);
}

void core::start() {
  node_->submit(
    crash_point::recovery_commit,
    [this](storage::work& w) {
      doubt_sending(w);
      return storage::read_directory(w);
    },
    [this](outcome<std::shared_ptr<const storage::directory>> picture) {
      if (!picture)
        return later(seconds{1}, seconds{1}, [this] { start(); });
      picture_ = *picture;
      stage_->say("started");
      resume();
    });
}

void core::resume() {
  auto& s = node_->reading();
  for (const auto& e : storage::read_journal(s, {}, {}, all_rows))
    if (e.event)
      hand_out(e);
    else if (!e.unreadable)
      node_->submit(
        crash_point::recovery_commit,
        [tenant = e.tenant, id = e.id](storage::work& w) {
          storage::finish_entry(w, tenant, id);
          return true;
        },
        [](outcome<bool>) {});
  for (const auto& owed : storage::owed_replies(*s.db))
    read_state({owed.tenant, owed.conversation});
  for (const auto& r : storage::pending_erasures(*s.db))
    erase(r);
  auto latest = stage_->clock.now() + doubt_shown_after;
  for (const auto& channel : picture_->channels()) {
    auto& a = adapter_of(channel.tenant, channel.id);
    for (const auto& send :
         storage::sends_in_doubt(*s.db, channel.tenant, channel.id)) {
      judge_->in_doubt(send.id, stage_->now);
      show_later(channel.tenant, send.id,
                 std::min<timestamp>(send.next_try_at, latest));
    }
    for (const auto& send :
         storage::waiting_sends(*s.db, channel.tenant, channel.id, all_rows))
      enqueue(a, {send.id, send.conversation});
  }
  look_for_due();
  sweep();
  wakes_.arm(stage_->clock.now() + picture_period,
             [this] { refresh_picture(); });
}

void core::refresh_picture() {
  node_->submit(
    crash_point::recovery_commit,
    [](storage::work& w) { return storage::read_directory(w); },
    [this](outcome<std::shared_ptr<const storage::directory>> picture) {
      if (picture)
        picture_ = *picture;
      wakes_.arm(stage_->clock.now()
                   + (picture ? picture_period : milliseconds{seconds{1}}),
                 [this] { refresh_picture(); });
    });
}

} // namespace assistly::simulation
