/// What everybody in a run shares: time, chance, the disk and the record of
/// what happened.
#pragma once

#include "tests/fakes/manual_clock.hpp"
#include "tests/simulation/agenda.hpp"
#include "tests/simulation/chance.hpp"
#include "tests/simulation/fragile_disk.hpp"
#include "tests/simulation/plan.hpp"
#include "tests/simulation/trace.hpp"

#include <string>
#include <string_view>

namespace assistly::simulation {

struct stage {
  stage(const plan& what, fragile_disk& under)
    : order(what), luck(what.seed), story(what.aloud), disk(&under) {}

  plan order;
  chance luck;
  trace story;
  fragile_disk* disk;
  /// What really is; the node's clock may be wrong.
  timestamp now = fakes::some_morning;
  milliseconds skew{0};
  fakes::manual_clock clock{fakes::some_morning};
  /// Things outside the process, which no crash takes away.
  agenda outside;
  /// Things that only live in the process's memory.
  agenda inside;
  /// When the node last started, or its clock last jumped: what it promises to
  /// do by a time counts anew from there.
  timestamp disturbed = fakes::some_morning;
  /// The faults are over: what is owed now is to be brought to its end.
  bool calm = false;
  int crashes = 0;
  /// Texts differ over restarts, too: where Meta does not return our mark, an
  /// echo is known by its words.
  std::int64_t texts = 0;

  void say(std::string_view line) {
    story.say(now, line);
  }

  void set_time(timestamp when) {
    now = when;
    clock.set(now + skew);
  }

  bool dead() const noexcept {
    return disk->is_cut();
  }

  bool fatal(crash_point point) noexcept {
    if (calm || order.crash_one_in == 0 || dead())
      return false;
    if (!order.only)
      return luck.one_in(order.crash_one_in);
    return *order.only == point && luck.one_in(4);
  }

  /// The process may end here, between two steps.
  void pass(crash_point point) {
    if (!fatal(point))
      return;
    say("crash at " + std::string{to_string(point)});
    disk->cut();
  }

  /// The commit that comes next may be cut off.
  void endanger(crash_point point) {
    if (!fatal(point))
      return;
    say("crash during " + std::string{to_string(point)});
    disk->cut_after(static_cast<int>(luck.below(24)));
  }
};

} // namespace assistly::simulation
