#include "tests/simulation/run.hpp"

#include "tests/simulation/core.hpp"
#include "tests/simulation/meta.hpp"

#include <algorithm>

namespace assistly::simulation {

namespace {

/// All that people do and all that Meta repeats, and time to work it off.
constexpr milliseconds busy_time = hours{4};
constexpr milliseconds whole_time = days{8} + hours{3};
constexpr milliseconds longest_outage = minutes{2};
/// Clocks are wrong by less than keys are kept longer than Meta repeats.
constexpr milliseconds longest_jump = minutes{30};

class world {
public:
  world(seed_bed& bed, const plan& order)
    : stage_(order, bed.disk), judge_(stage_), meta_(stage_, judge_),
      node_(stage_, bed.prepare()) {}

  verdict go();

private:
  void start();
  void crash();
  bool step(timestamp until);
  std::optional<timestamp> next_inside() const;
  void put_down_people();
  void disturb_clock();
  void act_on_somebody();
  void interrupt(turn_id send);
  void erase_somebody();
  void finish(verdict& v);

  stage stage_;
  checker judge_;
  meta meta_;
  node node_;
  std::unique_ptr<core> core_;
  bool compared_ = true;
};

void world::start() {
  if (!node_.open())
    return;
  stage_.disturbed = stage_.now;
  // Whatever died and when: what must be true at rest is true now.
  if (!compared_) {
    judge_.compare(node_, false);
    compared_ = true;
  }
  core_ = std::make_unique<core>(stage_, node_, meta_, judge_);
  core_->start();
}

void world::crash() {
  ++stage_.crashes;
  stage_.say("the process is gone");
  stage_.inside.clear();
  core_.reset();
  node_.close();
  stage_.disk->mend();
  compared_ = false;
  stage_.outside.at(stage_.now
                      + stage_.luck.between(milliseconds{100}, longest_outage),
                    [this] { start(); });
}

std::optional<timestamp> world::next_inside() const {
  auto next = stage_.inside.next();
  if (core_)
    if (auto wake = core_->wakes().next()) {
      auto when = std::max(*wake - stage_.skew, stage_.now);
      next = next ? std::min(*next, when) : when;
    }
  return next;
}

/// One thing happens; false if nothing is left before `until`.
bool world::step(timestamp until) {
  auto outside = stage_.outside.next();
  auto inside = next_inside();
  auto next = outside && inside ? std::min(*outside, *inside)
              : outside         ? outside
                                : inside;
  if (!next || *next > until)
    return false;
  stage_.set_time(std::max(*next, stage_.now));
  if (outside == next)
    stage_.outside.run_one();
  else if (stage_.inside.next() == next)
    stage_.inside.run_one();
  if (core_ && !stage_.dead())
    core_->wakes().run_due();
  if (stage_.dead())
    crash();
  return true;
}

void world::disturb_clock() {
  auto& luck = stage_.luck;
  stage_.skew = luck.between(-longest_jump, longest_jump);
  stage_.set_time(stage_.now);
  stage_.disturbed = stage_.now;
  stage_.say("the clock is wrong by "
             + std::to_string(stage_.skew.count() / 1000) + " s");
}

void world::act_on_somebody() {
  if (!core_ || !core_->serves())
    return;
  if (stage_.luck.one_in(4))
    judge_.compare(node_, false);
  const auto& known = judge_.known();
  if (known.empty())
    return;
  auto c = known[stage_.luck.below(known.size())];
  auto kind = stage_.luck.below(4);
  core_->act(c,
             kind < 2    ? storage::member_act::take_over
             : kind == 2 ? storage::member_act::reply
                         : storage::member_act::hand_back,
             "from a member, " + std::to_string(stage_.story.lines()));
}

/// A member sees the AI write, and takes over while it is still at it.
void world::interrupt(turn_id send) {
  if (stage_.calm || !stage_.luck.one_in(8))
    return;
  auto wait = stage_.luck.between(milliseconds{0}, seconds{1});
  stage_.outside.at(stage_.now + wait, [this, send] {
    auto row = judge_.row_of(send);
    if (!core_ || !core_->serves() || !row)
      return;
    for (const auto& c : judge_.known())
      if (c.id == row->conversation)
        return core_->act(c, storage::member_act::take_over, {});
  });
}

void world::erase_somebody() {
  if (!core_ || !core_->serves() || judge_.known().empty())
    return;
  auto c = judge_.known()[stage_.luck.below(judge_.known().size())];
  storage::erase_request r;
  r.id = make_uuid(stage_.clock.now(), stage_.luck);
  r.tenant = c.tenant;
  r.reason = storage::erase_reason::request;
  r.scope = stage_.luck.one_in(2) ? storage::erase_scope::conversation
                                  : storage::erase_scope::person;
  r.subject =
    r.scope == storage::erase_scope::person ? c.person.value : c.id.value;
  stage_.say("somebody asks to erase " + brief(c.id.value));
  core_->ask_to_erase(r);
}

void world::put_down_people() {
  auto some_time = [this] {
    return stage_.now + stage_.luck.between(seconds{1}, busy_time);
  };
  if (stage_.order.answers)
    for (int i = 0; i < 25; ++i)
      stage_.outside.at(some_time(), [this] { act_on_somebody(); });
  for (int i = 0; i < 3; ++i)
    stage_.outside.at(some_time(), [this] { erase_somebody(); });
  for (int i = 0; i < 4; ++i)
    stage_.outside.at(some_time(), [this] { disturb_clock(); });
  // Nobody waits for a crash to look: also a running node must be whole.
  for (int i = 1; i <= 40; ++i)
    stage_.outside.at(stage_.now + minutes{6} * i, [this] {
      if (core_ && core_->serves())
        judge_.compare_doubts(node_);
    });
}

void world::finish(verdict& v) {
  v.seed = stage_.order.seed;
  v.broken = judge_.broken();
  v.hash = stage_.story.hash();
  v.steps = stage_.story.lines();
  v.crashes = stage_.crashes;
  v.deliveries = meta_.deliveries();
  v.counted = judge_.counted;
  v.last = stage_.story.last();
}

verdict world::go() {
  meta_.listen_with([this](std::vector<inbound_event> events,
                           std::function<void(bool)> answer) {
    return core_ && core_->receive(std::move(events), std::move(answer));
  });
  meta_.watched_by([this](turn_id id) { interrupt(id); });
  meta_.populate();
  put_down_people();
  start();
  auto begin = stage_.now;
  auto broken = [this] { return !judge_.broken().empty(); };
  while (!broken() && step(begin + whole_time - hours{2})) {
  }
  // No more faults: what is owed now must come to its end by itself.
  stage_.calm = true;
  stage_.skew = milliseconds{0};
  stage_.disk->mend();
  while (!broken() && step(begin + whole_time)) {
  }
  stage_.set_time(std::max(stage_.now, begin + whole_time));
  if (!broken() && core_)
    judge_.compare(node_, true);
  stage_.say("end");
  verdict v;
  finish(v);
  stage_.inside.clear();
  core_.reset();
  node_.close();
  return v;
}

} // namespace

verdict run(seed_bed& bed, const plan& order) {
  world w{bed, order};
  return w.go();
}

std::string report(const verdict& v) {
  std::string text = "seed " + std::to_string(v.seed) + " broke:\n";
  for (const auto& what : v.broken)
    text += "  " + what + '\n';
  text += "its last steps:\n" + v.last;
  text += "see it again: build/dev/tests/simulation/simulate --seed "
          + std::to_string(v.seed) + " --trace\n";
  return text;
}

} // namespace assistly::simulation
