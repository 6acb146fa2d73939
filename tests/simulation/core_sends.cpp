// From the outbox to a receipt, or to the people who are told of a doubt.
#include "storage/conversations.hpp"
#include "tests/simulation/core.hpp"

#include <algorithm>

namespace assistly::simulation {

namespace {

constexpr milliseconds looks_again = seconds{1};

} // namespace

core::adapter& core::adapter_of(tenant_id tenant, channel_id channel) {
  auto& a = adapters_[{tenant, channel}];
  if (const auto* c = picture_->find(tenant, channel))
    a.channel = *c;
  return a;
}

bool core::is_idle(adapter& a, const conversation& c) {
  if (a.paused_until && stage_->clock.now() >= *a.paused_until)
    a.paused_until.reset();
  return !a.paused_until && !a.talking.contains(c.id);
}

void core::take_rows(const storage::decided& d) {
  for (const auto& row : d.sends) {
    auto& a = adapter_of(d.now->tenant, row.channel);
    pending_send send{row.id, row.conversation};
    if (row.state != turn_state::sending) {
      enqueue(a, send);
      continue;
    }
    judge_->claimed(row);
    a.known.insert(row.id);
    auto t = std::find_if(d.turns.begin(), d.turns.end(),
                          [&](const turn& one) { return one.id == row.id; });
    // Claimed with its decision, but there is no place for it after all.
    if (t == d.turns.end() || a.talking.contains(row.conversation)
        || stage_->luck.one_in(15)) {
      give_back(a, send);
      continue;
    }
    a.talking[row.conversation];
    call(a, row, d.now->to, t->text);
  }
}

void core::enqueue(adapter& a, const pending_send& send) {
  if (!a.known.insert(send.id).second)
    return;
  stage_->pass(crash_point::before_claim);
  later(milliseconds{0},
        stage_->luck.one_in(10) ? milliseconds{seconds{30}} : milliseconds{200},
        [this, &a, send] { begin(a, send); });
}

/// One at a time of each conversation, so that they arrive in order.
void core::begin(adapter& a, const pending_send& send) {
  auto now = stage_->clock.now();
  if (a.paused_until && now < *a.paused_until)
    return put_off(a, send, *a.paused_until);
  auto talk = a.talking.find(send.conversation);
  if (talk != a.talking.end()) {
    talk->second.push_back(send);
    return;
  }
  a.talking[send.conversation];
  ask_claim(a, send);
}

/// The claim, and its negative control: a row that is lifted to the newest
/// epoch before it is judged is one whose epoch nobody asks for.
storage::claimed_send core::claim_now(storage::work& w, adapter& a,
                                      const pending_send& send) {
  auto tenant = a.channel.tenant;
  if (stage_->order.off != defect::epoch_not_asked)
    return storage::claim(w, tenant, send.id);
  auto row = storage::find_send(w.db, tenant, send.id);
  if (!row)
    return {};
  auto c = storage::find_conversation(w.db, w.keys, tenant, row->conversation);
  if (c)
    storage::set_send_epoch(w, tenant, send.id, c->epoch);
  auto result = storage::claim(w, tenant, send.id);
  result.row.epoch = row->epoch;
  return result;
}

void core::ask_claim(adapter& a, const pending_send& send) {
  node_->submit(
    crash_point::claim_commit,
    [this, &a, send](storage::work& w) {
      auto result = claim_now(w, a, send);
      if (stage_->order.off == defect::post_before_claim_commit
          && result.verdict == claim_verdict::proceed && result.found)
        call(a, result.row, result.to, result.text);
      return result;
    },
    [this, &a, send](outcome<storage::claimed_send> result) {
      took_claim(a, send, result);
    });
}

void core::took_claim(adapter& a, const pending_send& send,
                      const outcome<storage::claimed_send>& result) {
  if (!result) {
    release(a, send.conversation);
    return put_off(a, send, stage_->clock.now() + looks_again);
  }
  auto verdict = result->found ? result->verdict : claim_verdict::overtaken;
  if (result->changed)
    read_state({a.channel.tenant, result->hash});
  stage_->say("claim of " + brief(send.id.value) + ": "
              + std::to_string(static_cast<int>(verdict)));
  switch (verdict) {
  case claim_verdict::proceed:
    judge_->claimed(result->row);
    if (stage_->order.off != defect::post_before_claim_commit)
      call(a, result->row, result->to, result->text);
    return;
  case claim_verdict::not_yet:
    release(a, send.conversation);
    return put_off(a, send, result->row.next_try_at);
  case claim_verdict::overtaken:
  case claim_verdict::window_closed:
    a.known.erase(send.id);
    release(a, send.conversation);
    return;
  }
}

void core::call(adapter& a, const outbox_row& row, const correspondent& to,
                const std::string& text) {
  stage_->pass(crash_point::claimed_unsent);
  if (stage_->dead())
    return;
  actors::outgoing_message message;
  message.channel = a.channel.kind;
  message.access = a.channel.access;
  message.to = to;
  message.kind = row.kind;
  message.who = row.who;
  message.text = text;
  message.id = row.id;
  stage_->say("POST of " + brief(row.id.value));
  pending_send send{row.id, row.conversation};
  auto alive = [s = stage_, born = stage_->crashes] {
    return s->crashes == born && !s->dead();
  };
  meta_->call(std::move(message), alive,
              [this, &a, send](const actors::send_answer& answer) {
                if (answer.pause_channel > milliseconds{0})
                  a.paused_until = stage_->clock.now() + answer.pause_channel;
                settle(a, send, answer);
              });
  stage_->pass(crash_point::mid_post);
}

void core::give_back(adapter& a, const pending_send& send) {
  node_->submit(
    crash_point::claim_commit,
    [tenant = a.channel.tenant, id = send.id](storage::work& w) {
      storage::put_back(w, tenant, id);
      return true;
    },
    [this, &a, send](outcome<bool> result) {
      if (!result)
        return wakes_.arm(stage_->clock.now() + looks_again,
                          [this, &a, send] { give_back(a, send); });
      stage_->say("claim given back: " + brief(send.id.value));
      a.known.erase(send.id);
      enqueue(a, send);
    });
}

void core::settle(adapter& a, const pending_send& send,
                  const actors::send_answer& answer) {
  node_->submit(
    crash_point::settle_commit,
    [channel = a.channel, id = send.id, answer](storage::work& w) {
      return storage::settle(w, channel.tenant, channel.kind,
                             channel.access.account_id, id, answer.report,
                             answer.private_recipient);
    },
    [this, &a, send, answer](outcome<storage::settled> result) {
      settled(a, send, answer, result);
    });
}

void core::settled(adapter& a, const pending_send& send,
                   const actors::send_answer& answer,
                   const outcome<storage::settled>& result) {
  if (!result)
    return wakes_.arm(stage_->clock.now() + looks_again,
                      [this, &a, send, answer] { settle(a, send, answer); });
  stage_->pass(crash_point::settled_unheard);
  if (stage_->dead())
    return;
  release(a, send.conversation);
  if (result->changed)
    read_state({a.channel.tenant, result->hash});
  stage_->say("settled " + brief(send.id.value) + ": "
              + std::string{to_string(result->how.state)});
  switch (result->conversation ? result->how.state : turn_state::sent) {
  case turn_state::queued:
    return put_off(a, send, result->how.next_try_at);
  case turn_state::unknown:
    judge_->in_doubt(send.id, stage_->now);
    show_later(a.channel.tenant, send.id, result->how.next_try_at);
    break;
  default:
    break;
  }
  a.known.erase(send.id);
}

void core::release(adapter& a, conversation_id conversation) {
  auto it = a.talking.find(conversation);
  if (it == a.talking.end())
    return;
  auto waiting = std::move(it->second);
  a.talking.erase(it);
  for (const auto& send : waiting)
    later(milliseconds{0}, milliseconds{5},
          [this, &a, send] { begin(a, send); });
}

void core::put_off(adapter& a, const pending_send& send, timestamp until) {
  wakes_.arm(until, [this, &a, send] { begin(a, send); });
}

void core::show_later(tenant_id tenant, turn_id id, timestamp when) {
  if (stage_->order.off == defect::doubts_not_shown)
    return;
  wakes_.arm(when, [this, tenant, id] { show(tenant, id); });
}

void core::show(tenant_id tenant, turn_id id) {
  node_->submit(
    crash_point::doubt_commit,
    [tenant, id](storage::work& w) {
      return storage::show_doubt(w, tenant, id);
    },
    [this, tenant, id](outcome<storage::told_doubt> result) {
      if (!result)
        return show_later(tenant, id, stage_->clock.now() + looks_again);
      if (result->due)
        return show_later(tenant, id, *result->due);
      if (!result->hash)
        return;
      stage_->say("people are told of " + brief(id.value));
      read_state({tenant, *result->hash});
    });
}

} // namespace assistly::simulation
