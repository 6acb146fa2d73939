// From the edge to a decision; sends, erasures and the start have files of
// their own.
#include "tests/simulation/core.hpp"

#include "storage/conversations.hpp"

#include <utility>

namespace assistly::simulation {

namespace {

constexpr milliseconds looks_again = seconds{1};
constexpr int most_reply_attempts = 3;

} // namespace

/// One POST: all of its events in one unit, as the HTTP edge does it.
class core::accept_unit final : public storage::unit {
public:
  accept_unit(core& home, std::vector<storage::journal_entry> entries,
              std::function<void(bool)> answer)
    : home_(&home), entries_(std::move(entries)), answer_(std::move(answer)) {}

  void apply(storage::work& w) override {
    home_->node_->must_live();
    home_->stage_->endanger(crash_point::accept_commit);
    storage::accept(w, entries_);
  }

  bool promises() const noexcept override {
    return true;
  }

  void finished(const outcome<void>& result) noexcept override {
    if (!home_->stage_->dead())
      home_->committed(entries_, static_cast<bool>(result), answer_);
  }

private:
  core* home_;
  std::vector<storage::journal_entry> entries_;
  std::function<void(bool)> answer_;
};

void core::later(milliseconds least, milliseconds most,
                 std::function<void()> what) {
  stage_->inside.at(stage_->now + stage_->luck.between(least, most),
                    std::move(what));
}

conversation_policy core::policy_of(tenant_id tenant,
                                    channel_id channel) const {
  const auto* t = picture_->tenant(tenant);
  const auto* c = picture_->find(tenant, channel);
  auto mode = !stage_->order.answers ? channel_mode::off
              : c                    ? c->mode
                                     : channel_mode::automatic;
  if (!t)
    return {};
  return assistly::policy_of(t->settings, mode, seconds{2});
}

bool core::receive(std::vector<inbound_event> events,
                   std::function<void(bool)> answer) {
  if (!picture_ || stage_->dead())
    return false;
  std::vector<storage::journal_entry> entries;
  for (auto& event : events) {
    const auto* channel = picture_->find(event.channel, event.account_id);
    const auto* tenant = channel ? picture_->tenant(channel->tenant) : nullptr;
    if (!tenant)
      continue;
    auto e = storage::make_entry(*tenant, *channel, std::move(event),
                                 stage_->clock.now(), stage_->luck);
    if (!e) {
      // Its picture is too old: 503.
      answer(false);
      return true;
    }
    entries.push_back(std::move(*e));
  }
  node_->submit(std::make_unique<accept_unit>(*this, std::move(entries),
                                              std::move(answer)));
  return true;
}

void core::committed(std::vector<storage::journal_entry>& all, bool good,
                     const std::function<void(bool)>& answer) {
  if (good)
    stage_->pass(crash_point::accepted_unheard);
  if (stage_->dead())
    return;
  for (const auto& e : all)
    if (good) {
      stage_->say("200 for " + e.event->dedupe_key
                  + (e.duplicate ? ", known" : ""));
      judge_->acknowledged(e);
    }
  answer(good);
  if (good)
    for (const auto& e : all)
      hand_out(e);
}

void core::hand_out(const storage::journal_entry& e) {
  if (e.duplicate || e.only_kept || !e.event)
    return;
  auto shared = std::make_shared<const storage::journal_entry>(e);
  if (e.conversation)
    deliver(shared, *e.conversation);
  else
    later(milliseconds{0}, milliseconds{20}, [this, shared] { route(shared); });
}

void core::deliver(const entry& e, const lookup_hash& hash) {
  auto& box = mailboxes_[{e->tenant, hash}];
  box.ready = std::max(
    box.ready,
    stage_->now + stage_->luck.between(milliseconds{0}, milliseconds{30}));
  stage_->inside.at(box.ready, [this, e, hash] { take_in(e, hash); });
}

void core::route(const entry& e) {
  node_->submit(
    crash_point::take_in_commit,
    [request = storage::request_for(*e)](storage::work& w) {
      return storage::route_by_external(w, request);
    },
    [this, e](outcome<std::optional<lookup_hash>> found) {
      if (!found)
        wakes_.arm(stage_->clock.now() + looks_again, [this, e] { route(e); });
      else if (*found)
        deliver(e, **found);
    });
}

void core::take_in(const entry& e, const lookup_hash& hash) {
  auto request = storage::request_for(*e);
  request.conversation = hash;
  request.policy = policy_of(e->tenant, e->channel);
  node_->submit(
    crash_point::take_in_commit,
    [request](storage::work& w) { return storage::take_in(w, request); },
    [this, e, hash](outcome<storage::taken_in> result) {
      took_in(e, hash, result);
    });
}

void core::took_in(const entry& e, const lookup_hash& hash,
                   const outcome<storage::taken_in>& result) {
  auto again = [this, e, hash] { take_in(e, hash); };
  if (!result)
    return wakes_.arm(stage_->clock.now() + looks_again, again);
  if (result->redirect)
    return deliver(e, *result->redirect);
  if (result->what == taken::deferred) {
    stage_->say(e->event->dedupe_key + " waits");
    return wakes_.arm(result->retry_at, again);
  }
  judge_->taken_in(*e, *result);
  stage_->say("took in " + e->event->dedupe_key
              + (result->now ? " into " + brief(result->now->id.value) : ""));
  if (!result->now)
    return;
  mailboxes_[{e->tenant, hash}].now = result->now;
  reply_if_due({e->tenant, hash});
}

void core::read_state(const place& where) {
  node_->submit(
    crash_point::take_in_commit,
    [where](storage::work& w) {
      return storage::find_conversation(w.db, w.keys, where.first,
                                        where.second);
    },
    [this, where](outcome<std::optional<conversation>> now) {
      if (!now)
        return wakes_.arm(stage_->clock.now() + looks_again,
                          [this, where] { read_state(where); });
      auto& box = mailboxes_[where];
      box.now = *now;
      box.replying_for = 0;
      reply_if_due(where);
    });
}

void core::reply_if_due(const place& where) {
  auto& box = mailboxes_[where];
  if (!box.now || !box.now->reply_due_at) {
    box.replying_for = 0;
    return;
  }
  auto now = stage_->clock.now();
  auto due = *box.now->reply_due_at;
  auto quiet = policy_of(where.first, box.now->channel).quiet;
  if (due > now && due <= now + quiet * longest_wait_in_quiet_times)
    return wakes_.arm(due, [this, where] { reply_if_due(where); });
  if (box.replying_for == box.now->customer_seq || box.deciding)
    return;
  box.replying_for = box.now->customer_seq;
  // A provider is quick or slow, and what it comes back with may be too late.
  later(milliseconds{0},
        stage_->luck.one_in(5) ? milliseconds{seconds{15}} : milliseconds{400},
        [this, where, epoch = box.now->epoch, seq = box.now->customer_seq] {
          make_draft(where, epoch, seq);
        });
}

draft core::words_for(const conversation& c) {
  draft made;
  made.epoch = c.epoch;
  made.for_seq = c.customer_seq;
  auto kind = stage_->luck.below(100);
  made.kind = kind < 75   ? draft_kind::answer
              : kind < 90 ? draft_kind::hand_off
                          : draft_kind::silence;
  if (made.kind == draft_kind::silence)
    return made;
  auto text =
    "answer " + std::to_string(++stage_->texts) + " to " + brief(c.id.value);
  if (!is_comment_channel(c.kind)) {
    made.messages = {{turn_kind::text, text}};
    return made;
  }
  if (stage_->luck.percent(80))
    made.messages.push_back({turn_kind::public_reply, text});
  if (made.messages.empty() || stage_->luck.percent(50))
    made.messages.push_back({turn_kind::private_reply, text + " in private"});
  return made;
}

void core::make_draft(const place& where, std::int64_t epoch,
                      std::int64_t for_seq) {
  auto& box = mailboxes_[where];
  if (!box.now || !box.now->reply_due_at)
    return;
  auto c = *box.now;
  if (stage_->luck.one_in(20) && c.reply_attempts < most_reply_attempts) {
    node_->submit(
      crash_point::decide_commit,
      [where, id = c.id](storage::work& w) {
        return storage::count_failed_reply(w, where.first, id);
      },
      [this, where](outcome<std::int32_t>) { read_state(where); });
    return;
  }
  auto made = words_for(c);
  // What was overtaken meanwhile is for the transaction to refuse.
  made.epoch = epoch;
  made.for_seq = for_seq;
  decide(where, made);
}

void core::decide(const place& where, const draft& made) {
  auto& box = mailboxes_[where];
  const auto& c = *box.now;
  auto& a = adapter_of(where.first, c.channel);
  bool at_once =
    is_idle(a, c) && made.messages.size() == 1 && stage_->luck.one_in(2);
  box.deciding = true;
  node_->submit(
    crash_point::decide_commit,
    [tenant = where.first, id = c.id, made,
     policy = policy_of(where.first, c.channel), at_once](storage::work& w) {
      return storage::decide(w, tenant, id, made, policy, at_once);
    },
    [this, where](outcome<storage::decided> result) {
      took_decision(where, result);
    });
}

void core::took_decision(const place& where,
                         const outcome<storage::decided>& result) {
  auto& box = mailboxes_[where];
  box.deciding = false;
  box.replying_for = 0;
  if (!result)
    return wakes_.arm(stage_->clock.now() + looks_again,
                      [this, where] { reply_if_due(where); });
  if (!result->found) {
    box.now.reset();
    return;
  }
  box.now = result->now;
  stage_->say("decided for " + brief(box.now->id.value)
              + (result->stale ? ", too late" : "") + ", sends "
              + std::to_string(result->sends.size()));
  judge_->decided(*result);
  take_rows(*result);
  reply_if_due(where);
}

void core::act(const conversation& c, storage::member_act what,
               std::string text) {
  if (!serves())
    return;
  node_->submit(
    crash_point::member_commit,
    [c, what, text = std::move(text),
     policy = policy_of(c.tenant, c.channel)](storage::work& w) {
      return storage::act_as_member(w, c.tenant, c.id, what, text, policy);
    },
    [this, what](outcome<outcome<storage::decided>> result) {
      if (!result || !*result)
        return;
      const auto& d = **result;
      stage_->say("a member acts on " + brief(d.now->id.value) + ", "
                  + std::to_string(static_cast<int>(what)));
      if (what != storage::member_act::hand_back)
        judge_->people_speak(*d.now);
      judge_->decided(d);
      take_rows(d);
      read_state({d.now->tenant, d.now->hash});
    });
}

} // namespace assistly::simulation
