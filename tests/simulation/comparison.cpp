// What is stored, against what was promised and what reached the outside.
#include "storage/conversations.hpp"
#include "storage/invariants.hpp"
#include "storage/outbox.hpp"
#include "storage/tenants.hpp"
#include "storage/turns.hpp"
#include "tests/simulation/checker.hpp"
#include "tests/simulation/node.hpp"

#include <algorithm>

namespace assistly::simulation {

namespace {

constexpr std::size_t all_rows = 1'000'000;
/// A look every second, a send under way, and a step at a time.
constexpr milliseconds late_by = minutes{3};
/// Each of the hops between a result and its people takes a moment.
constexpr milliseconds doubt_slack = seconds{10};

bool is_open(turn_state state) {
  return state == turn_state::queued || state == turn_state::sending
         || state == turn_state::unknown;
}

} // namespace

void checker::compare(node& n, bool at_end) {
  ++counted.looks;
  known_.clear();
  for (const auto& v :
       storage::check_invariants(n.reading(), n.root()).violations)
    // In the middle of an erasure the key is gone before its rows, and a
    // conversation before its person; both at its end.
    if (at_end || erasures_under_way_.empty()
        || (v.rule != "every sealed row has a live key"
            && v.rule != "every person has a conversation"))
      fail("rule broken: " + v.rule + " (" + std::to_string(v.rows) + ")");
  picture found;
  read_journal(n, found, at_end);
  read_talks(n, found, at_end);
  judge_events(found);
  judge_gone(n, found);
  compare_doubts(n);
}

void checker::read_journal(node& n, picture& found, bool at_end) {
  for (const auto& e : storage::read_journal(n.reading(), {}, {}, all_rows)) {
    if (!e.event)
      continue;
    if (at_end)
      fail("an event was never worked off: " + e.event->external_id);
    auto known = events_.find({e.tenant, e.event->external_id});
    if (known != events_.end() && e.event->kind != event_kind::withdrawn)
      ++found.effects[known->first];
  }
}

void checker::read_talks(node& n, picture& found, bool at_end) {
  auto& s = n.reading();
  for (auto tenant : storage::tenant_ids(*s.db))
    for (auto id : storage::conversation_ids(*s.db, tenant, {}, all_rows)) {
      found.talks.insert(id);
      std::optional<conversation> c;
      try {
        c = storage::find_conversation(*s.db, s.keys, tenant, id);
      } catch (const sql::failure& why) {
        // Its key went first: it is being erased.
        if (why.code() != errc::key_destroyed)
          throw;
      }
      if (!c)
        continue;
      judge_talk(*c);
      known_.push_back(*c);
      read_turns(n, *c, found, at_end);
      read_sends(n, *c, found, at_end);
      if (at_end && c->reply_due_at)
        fail("conversation " + brief(c->id.value) + " is still owed an answer");
    }
}

void checker::judge_talk(const conversation& c) {
  auto& talk = talks_[c.id];
  talk.tenant = c.tenant;
  talk.hash = c.hash;
  talk.person = c.person;
  if (c.seq < talk.seq || c.epoch < talk.epoch)
    fail("conversation " + brief(c.id.value) + " went back in seq or epoch");
  talk.seq = c.seq;
  talk.epoch = c.epoch;
  auto now = stage_->clock.now();
  if (!c.hold && c.erase_at + late_by < now
      && stage_->disturbed + late_by < stage_->now)
    fail("conversation " + brief(c.id.value) + " is kept past its end");
}

void checker::read_turns(node& n, const conversation& c, picture& found,
                         bool at_end) {
  auto& s = n.reading();
  auto& talk = talks_[c.id];
  for (const auto& t : storage::read_turns(*s.db, s.keys, c.tenant, c.id)) {
    auto [known, fresh] = talk.turns.emplace(t.seq, t.id);
    if (!fresh && known->second != t.id)
      fail("turn " + std::to_string(t.seq) + " of " + brief(c.id.value)
           + " became another");
    event_name name{c.tenant, t.external_id};
    if (t.who == author::customer && !t.external_id.empty())
      events_[name];
    if (auto event = events_.find(name);
        event != events_.end() && !t.external_id.empty()) {
      ++found.effects[name];
      found.as_turns.insert(name);
      if (event->second.gone)
        fail("erased words are back: " + t.external_id);
      event->second.in = c.id;
    }
    judge_turn(t);
    if (at_end
        && (t.state == turn_state::queued || t.state == turn_state::sending))
      fail("send " + brief(t.id.value) + " was never brought to its end");
  }
}

void checker::judge_turn(const turn& t) {
  auto known = sends_.find(t.id);
  if (known == sends_.end())
    return;
  const auto& send = known->second;
  bool told_sent = t.state == turn_state::sent
                   || t.state == turn_state::delivered
                   || t.state == turn_state::read;
  if (told_sent && send.arrived == 0)
    fail("turn " + brief(t.id.value) + " is shown as sent and never left");
  bool told_lost =
    t.state == turn_state::cancelled
    || (t.state == turn_state::failed && !send.withdrawn_by_meta);
  if (told_lost && send.arrived > 0)
    fail("turn " + brief(t.id.value)
         + " is shown as not sent, and Meta has it");
}

void checker::read_sends(node& n, const conversation& c, picture& found,
                         bool at_end) {
  for (const auto& row : storage::sends_of(*n.reading().db, c.tenant, c.id)) {
    found.open.insert(row.id);
    auto& send = sends_[row.id];
    if (!send.row)
      send.row = row;
    if (at_end && is_open(row.state)
        && (row.state != turn_state::unknown || row.next_try_at != timestamp{}))
      fail("send " + brief(row.id.value) + " ended in silence");
  }
}

/// An erasure takes what is a turn of its conversation, and, where somebody
/// asked for it, what had come in by then.
bool checker::excused(const event_name& name, const event_state& e) const {
  if (e.in) {
    auto talk = talks_.find(*e.in);
    if (talk != talks_.end() && talk->second.erasing)
      return true;
  }
  auto asked = requested_.find({name.first, e.hash});
  return asked != requested_.end() && e.received_at <= asked->second;
}

void checker::judge_events(const picture& found) {
  for (auto& [name, event] : events_) {
    auto it = found.effects.find(name);
    auto effects = it == found.effects.end() ? 0 : it->second;
    if (effects > 1)
      fail("event " + name.second + " has " + std::to_string(effects)
           + " effects");
    if (effects > 0 || !event.acknowledged || event.gone)
      continue;
    if (!excused(name, event)) {
      fail("acknowledged and lost: " + name.second);
      // Said once.
      event.acknowledged = false;
    } else if (event.in) {
      event.gone = true;
    }
  }
}

void checker::judge_gone(node& n, const picture& found) {
  for (auto& [id, talk] : talks_) {
    bool there = found.talks.contains(id);
    if (there && talk.erased)
      fail("conversation " + brief(id.value) + " came back");
    if (!there && !talk.erasing && talk.seq > 0)
      fail("conversation " + brief(id.value) + " is gone without an erasure");
    if (talk.erased
        && n.reading().keys.exists(storage::name_of(talk.tenant, id)))
      fail("the key of erased conversation " + brief(id.value) + " is left");
  }
}

void checker::compare_doubts(node& n) {
  for (auto& [id, send] : sends_) {
    if (!send.doubt_since || !send.row)
      continue;
    auto talk = talks_.find(send.row->conversation);
    auto since = std::max(*send.doubt_since, stage_->disturbed);
    if (talk == talks_.end()
        || stage_->now < since + doubt_shown_after + doubt_slack)
      continue;
    auto row = storage::find_send(*n.reading().db, talk->second.tenant, id);
    if (row
        && (row->state == turn_state::unknown
              ? row->next_try_at != timestamp{}
              : row->state == turn_state::sending)
        && !talk->second.erasing)
      fail("nobody was told that send " + brief(id.value) + " is in doubt");
    send.doubt_since.reset();
  }
}

} // namespace assistly::simulation
