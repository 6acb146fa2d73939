// The due queue, the sweeps, and one erasure at a time.
#include "storage/retention.hpp"
#include "tests/simulation/core.hpp"

#include <algorithm>

namespace assistly::simulation {

namespace {

constexpr milliseconds period = seconds{1};
constexpr milliseconds idle_period = minutes{1};
constexpr milliseconds sweep_period = hours{1};
constexpr std::size_t handed_out_at_once = 500;

} // namespace

/// A real node looks every second; a look a minute is enough where nothing is
/// due.
void core::look_for_due() {
  if (stage_->order.off == defect::nothing_expires)
    return;
  auto now = stage_->clock.now();
  auto next = storage::next_due(*node_->reading().db);
  if (!next || *next > now) {
    auto when =
      next ? std::min<timestamp>(*next, now + idle_period) : now + idle_period;
    return wakes_.arm(std::max<timestamp>(when, now + period),
                      [this] { look_for_due(); });
  }
  node_->submit(
    crash_point::erase_commit,
    [](storage::work& w) { return storage::take_due(w, handed_out_at_once); },
    [this](outcome<std::vector<storage::due_conversation>> due) {
      auto at = stage_->clock.now();
      if (due)
        for (const auto& d : *due) {
          storage::erase_request r;
          r.id = make_uuid(at, stage_->luck);
          r.tenant = d.tenant;
          r.scope = storage::erase_scope::conversation;
          r.subject = d.id.value;
          r.reason = storage::erase_reason::retention;
          erase(r);
        }
      wakes_.arm(at + period, [this] { look_for_due(); });
    });
}

void core::sweep() {
  node_->submit(
    crash_point::erase_commit,
    [](storage::work& w) {
      storage::sweep(w);
      return storage::sweep_turns(w, {}).has_value();
    },
    [](outcome<bool>) {});
  empty_log();
  wakes_.arm(stage_->clock.now() + sweep_period, [this] { sweep(); });
}

void core::ask_to_erase(const storage::erase_request& r) {
  if (!serves())
    return;
  judge_->erases(r);
  node_->submit(
    crash_point::erase_commit,
    [r](storage::work& w) {
      storage::request_erasure(w, r);
      return true;
    },
    [this, r](outcome<bool> written) {
      if (written)
        erase(r);
    });
}

void core::erase(const storage::erase_request& r) {
  for (const auto& other : erasures_)
    if (other.request.tenant == r.tenant && other.request.scope == r.scope
        && other.request.subject == r.subject)
      return;
  erasures_.push_back({r, {}, 0});
  run_next_erasure();
}

void core::run_next_erasure() {
  if (erasing_)
    return;
  auto now = stage_->clock.now();
  auto ready = std::find_if(erasures_.begin(), erasures_.end(),
                            [&](const auto& o) { return o.not_before <= now; });
  if (ready == erasures_.end()) {
    for (const auto& o : erasures_)
      wakes_.arm(o.not_before, [this] { run_next_erasure(); });
    return;
  }
  std::rotate(erasures_.begin(), ready, ready + 1);
  erasing_ = true;
  auto request = erasures_.front().request;
  judge_->erases(request);
  storage::erase_faults faults;
  faults.keep_turns = stage_->order.off == defect::turns_not_erased;
  faults.keep_keys = stage_->order.off == defect::keys_not_destroyed;
  node_->submit(
    crash_point::erase_commit,
    [this, request, faults](storage::work& w) {
      return storage::erase_step(w, *node_->book, request, faults);
    },
    [this](outcome<storage::erase_progress> result) { took_step(result); });
}

void core::put_off_erasure(milliseconds delay) {
  erasures_.front().not_before = stage_->clock.now() + delay;
  erasing_ = false;
  run_next_erasure();
}

void core::took_step(const outcome<storage::erase_progress>& result) {
  using state = storage::erase_progress::state;
  if (!result)
    return put_off_erasure(seconds{1}
                           * (1 << std::min(erasures_.front().failures++, 8)));
  auto request = erasures_.front().request;
  if (result->conversation)
    read_state({request.tenant, *result->conversation});
  if (result->now == state::wait)
    return put_off_erasure(seconds{1});
  erasing_ = false;
  if (result->now == state::more)
    return run_next_erasure();
  if (result->now == state::not_due || result->now == state::not_found)
    judge_->spared(request);
  if (result->now == state::done) {
    stage_->say("erased " + brief(request.subject));
    judge_->erased(request);
    empty_log();
  }
  erasures_.pop_front();
  run_next_erasure();
}

void core::empty_log() {
  if (!stage_->dead())
    node_->empty_log();
}

} // namespace assistly::simulation
