// What is noted while a run goes on; the comparison is in comparison.cpp.
#include "tests/simulation/checker.hpp"

#include <algorithm>

namespace assistly::simulation {

void checker::fail(const std::string& what) {
  stage_->say("BROKEN: " + what);
  broken_.push_back(what);
}

checker::event_state& checker::event_of(tenant_id tenant,
                                        const inbound_event& e) {
  return events_[{tenant, e.external_id}];
}

namespace {

/// Events that become a turn of their own.
bool makes_a_turn(const inbound_event& e) {
  return (e.kind == event_kind::customer_text && !e.edit)
         || (e.kind == event_kind::echo && e.external_id.starts_with("hand-"));
}

} // namespace

void checker::acknowledged(const storage::journal_entry& e) {
  ++counted.acknowledged;
  // A comment written by hand names nobody. Where the one it answers is not
  // there (any more), it belongs to no conversation, and nothing is kept of it.
  if (!makes_a_turn(*e.event) || !e.conversation)
    return;
  auto& state = event_of(e.tenant, *e.event);
  if (state.acknowledged)
    return;
  state.acknowledged = true;
  state.received_at = e.received_at;
  state.hash = *e.conversation;
}

void checker::taken_in(const storage::journal_entry& e,
                       const storage::taken_in& how) {
  if (how.what != taken::stored || !how.now)
    return;
  auto& talk = talks_[how.now->id];
  talk.tenant = e.tenant;
  talk.hash = how.now->hash;
  talk.person = how.now->person;
  if (makes_a_turn(*e.event))
    event_of(e.tenant, *e.event).in = how.now->id;
  if (e.event->kind == event_kind::echo)
    people_speak(*how.now);
}

void checker::people_speak(const conversation& c) {
  if (c.owner != speaker::human)
    return;
  auto& talk = talks_[c.id];
  talk.people_epoch = std::max(talk.people_epoch, c.epoch);
}

std::optional<outbox_row> checker::row_of(turn_id id) const {
  auto send = sends_.find(id);
  return send == sends_.end() ? std::nullopt : send->second.row;
}

void checker::decided(const storage::decided& d) {
  for (const auto& row : d.sends)
    sends_[row.id].row = row;
}

void checker::claimed(const outbox_row& row) {
  auto& send = sends_[row.id];
  send.row = row;
  send.doubt_since.reset();
  const auto& talk = talks_[row.conversation];
  if (row.who == author::ai && row.epoch < talk.people_epoch)
    fail("the AI talks over a person: send " + brief(row.id.value)
         + " was claimed at epoch " + std::to_string(row.epoch)
         + ", people have the conversation since "
         + std::to_string(talk.people_epoch));
}

void checker::erases(const storage::erase_request& r) {
  erasures_under_way_.insert(r.subject);
  for (auto& [id, talk] : talks_) {
    if (talk.tenant != r.tenant)
      continue;
    bool named = r.scope == storage::erase_scope::conversation
                   ? id.value == r.subject
                   : talk.person.value == r.subject;
    if (!named)
      continue;
    talk.erasing = true;
    if (r.reason == storage::erase_reason::request) {
      auto& until = requested_[{r.tenant, talk.hash}];
      until = std::max(until, made_at(r.id));
    }
  }
}

void checker::erased(const storage::erase_request& r) {
  ++counted.erased;
  erasures_under_way_.erase(r.subject);
  for (auto& [id, talk] : talks_)
    if (talk.tenant == r.tenant
        && (r.scope == storage::erase_scope::conversation
              ? id.value == r.subject
              : talk.person.value == r.subject))
      talk.erased = true;
}

void checker::spared(const storage::erase_request& r) {
  erasures_under_way_.erase(r.subject);
  auto talk = talks_.find(conversation_id{r.subject});
  if (talk == talks_.end())
    return;
  // What somebody asked for is owed all the same.
  if (!requested_.contains({r.tenant, talk->second.hash}))
    talk->second.erasing = false;
}

void checker::in_doubt(turn_id id, timestamp since) {
  auto& send = sends_[id];
  if (!send.doubt_since)
    ++counted.doubts;
  send.doubt_since = since;
}

void checker::sent_out(turn_id id, timestamp) {
  ++counted.posts;
  if (sends_[id].arrived > 0)
    fail("send " + brief(id.value)
         + " goes out again, and Meta has had it already");
}

void checker::arrived(turn_id id, const std::string&) {
  ++counted.arrived;
  auto& send = sends_[id];
  if (++send.arrived > 1)
    fail("send " + brief(id.value) + " reached Meta twice");
  if (!send.row || send.row->answers_to == 0)
    return;
  // What never left is owed again, and with it all that came after it: one mark
  // says how far a conversation is answered. A later answer that did leave, or
  // the other part of the same, is then spoken for twice (README, not judged).
  bool owed_again =
    std::any_of(sends_.begin(), sends_.end(), [&](const auto& other) {
      const auto& row = other.second.row;
      return row && other.first != id && other.second.arrived == 0
             && row->conversation == send.row->conversation
             && row->answers_to > 0
             && row->answers_after >= send.row->answers_after
             && row->answers_to <= send.row->answers_to;
    });
  if (owed_again)
    return;
  for (const auto& [other, state] : sends_)
    if (other != id && state.arrived > 0 && state.row
        && state.row->conversation == send.row->conversation
        && state.row->kind == send.row->kind && state.row->answers_to > 0
        && state.row->answers_after < send.row->answers_to
        && send.row->answers_after < state.row->answers_to)
      fail("sends " + brief(id.value) + " and " + brief(other.value)
           + " answer the same words");
}

void checker::withdrawn_by_meta(turn_id id) {
  sends_[id].withdrawn_by_meta = true;
}

} // namespace assistly::simulation
