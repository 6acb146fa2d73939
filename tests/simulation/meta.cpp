#include "tests/simulation/meta.hpp"

#include "tests/simulation/tenants.hpp"

#include <algorithm>
#include <utility>

namespace assistly::simulation {

namespace {

/// The first hours hold what people do; what Meta repeats follows for days.
constexpr milliseconds busy_time = hours{3};
/// Keys are known for 8 days after arrival, and clocks go wrong by an hour.
constexpr milliseconds longest_repeat = hours{7 * 24 + 12};

alias_space space_of(channel_kind kind) {
  switch (kind) {
  case channel_kind::messenger:
    return alias_space::psid;
  case channel_kind::page_comments:
    return alias_space::page_user;
  case channel_kind::whatsapp:
    return alias_space::wa_phone;
  case channel_kind::instagram:
  case channel_kind::instagram_comments:
    return alias_space::igsid;
  }
  return alias_space::psid;
}

} // namespace

void meta::populate() {
  auto& s = *stage_;
  int number = 0;
  for (const auto& business : business_plans())
    for (const auto& channel : business.channels)
      for (int i = 0; i < s.order.customers; ++i) {
        customer c;
        c.account = channel.access.account_id;
        c.kind = channel.kind;
        c.id = "customer-" + std::to_string(++number);
        if (is_comment_channel(c.kind))
          c.thread = "post-" + std::to_string(s.luck.below(3));
        customers_.push_back(std::move(c));
      }
  for (std::size_t who = 0; who < customers_.size(); ++who) {
    auto when = s.now + s.luck.between(seconds{1}, busy_time / 2);
    // In bursts, with silences between them, the shorter the more there is to
    // say.
    auto silence = std::clamp<milliseconds>(
      busy_time * 5 / std::max(s.order.acts, 1), seconds{12}, busy_time / 3);
    for (int i = 0; i < s.order.acts; ++i) {
      s.outside.at(when, [this, who] { act(who); });
      when += s.luck.percent(60) ? s.luck.between(milliseconds{0}, seconds{6})
                                 : s.luck.between(seconds{6}, silence);
    }
  }
}

void meta::act(std::size_t who) {
  auto& c = customers_[who];
  auto kind = stage_->luck.below(100);
  if (c.said.empty() || kind < 78)
    write(c);
  else if (kind < 88)
    take_back(c);
  else
    answer_by_hand(c);
}

inbound_event meta::about(const customer& c, event_kind kind, std::string id) {
  inbound_event e;
  e.kind = kind;
  e.channel = c.kind;
  e.account_id = c.account;
  e.dedupe_key = std::string{to_string(kind)} + ":" + id;
  e.external_id = std::move(id);
  e.at = stage_->now;
  e.has_time = !stage_->luck.one_in(12);
  e.person = {{space_of(c.kind), c.id}};
  e.thread_id = c.thread;
  return e;
}

void meta::write(customer& c) {
  auto id = "in-" + std::to_string(++ids_);
  auto e = about(c, event_kind::customer_text, id);
  e.text = "question " + id;
  if (is_comment_channel(c.kind) && !c.said.empty() && stage_->luck.one_in(3))
    e.parent_id = c.said.back();
  c.said.push_back(id);
  stage_->say(c.id + " writes " + id);
  tell(std::move(e), milliseconds{50}, seconds{3});
}

void meta::take_back(customer& c) {
  auto id = c.said[stage_->luck.below(c.said.size())];
  auto e = about(c, event_kind::withdrawn, id);
  stage_->say(c.id + " takes back " + id);
  tell(std::move(e), milliseconds{50}, seconds{3});
}

/// Past us: in the Page inbox, another app or on the phone.
void meta::answer_by_hand(customer& c) {
  auto id = "hand-" + std::to_string(++ids_);
  auto e = about(c, event_kind::echo, id);
  e.text = "by hand " + id;
  if (is_comment_channel(c.kind)) {
    e.person.clear();
    e.parent_id = c.said.back();
  }
  e.from_phone = c.kind == channel_kind::whatsapp;
  stage_->say("somebody answers " + c.id + " by hand, " + id);
  tell(std::move(e), milliseconds{50}, seconds{20});
}

void meta::tell(inbound_event event, milliseconds soon, milliseconds late) {
  auto& s = *stage_;
  told_.push_back(event);
  s.outside.at(s.now + s.luck.between(soon, late),
               [this, event] { deliver(event, 0); });
  auto again = s.luck.percent(50) ? 0 : s.luck.below(5);
  for (std::uint64_t i = 0; i < again; ++i) {
    auto wait = s.luck.percent(50)   ? s.luck.between(soon, minutes{1})
                : s.luck.percent(60) ? s.luck.between(minutes{1}, hours{4})
                                     : s.luck.between(hours{4}, longest_repeat);
    s.outside.at(s.now + wait, [this, event] { deliver(event, 0); });
  }
}

void meta::deliver(const inbound_event& event, int tries) {
  auto& s = *stage_;
  std::vector<inbound_event> body{event};
  // Several in one POST, twice the same among them.
  if (s.luck.one_in(8))
    body.push_back(event);
  if (s.luck.one_in(8)) {
    const auto& other = told_[s.luck.below(told_.size())];
    if (s.now - other.at < longest_repeat)
      body.insert(body.begin(), other);
  }
  deliveries_ += body.size();
  if (s.order.off == defect::no_dedupe)
    for (auto& e : body)
      e.dedupe_key += "/" + std::to_string(s.luck.next());
  auto again = [this, event, tries] {
    auto& t = *stage_;
    auto wait =
      t.luck.between(seconds{2}, seconds{20} * (1 << std::min(tries, 8)));
    t.outside.at(t.now + wait,
                 [this, event, tries] { deliver(event, tries + 1); });
  };
  // Whoever has not heard a 200 asks again; a 200 may be lost on its way.
  auto heard = [this, again](bool good) {
    if (!good || (!stage_->calm && stage_->luck.one_in(30)))
      again();
  };
  auto answered = std::make_shared<bool>(false);
  bool listened = edge_(std::move(body), [answered, heard](bool good) {
    *answered = true;
    heard(good);
  });
  if (!listened)
    return again();
  // No answer at all, because the process died over it.
  s.outside.at(s.now + seconds{20}, [answered, again] {
    if (!*answered)
      again();
  });
}

void meta::call(actors::outgoing_message message, std::function<bool()> alive,
                std::function<void(actors::send_answer)> done) {
  auto& s = *stage_;
  judge_->sent_out(message.id, s.now);
  eyes_(message.id);
  s.outside.at(s.now + s.luck.between(milliseconds{5}, milliseconds{300}),
               [this, message = std::move(message), alive = std::move(alive),
                done = std::move(done)]() mutable {
                 // Cut off in the middle of its bytes, it may be no request.
                 if (!alive() && stage_->luck.one_in(2))
                   return stage_->say("half a send ends at Meta");
                 arrive(message, alive, std::move(done));
               });
}

void meta::arrive(const actors::outgoing_message& message,
                  const std::function<bool()>& alive,
                  std::function<void(actors::send_answer)> done) {
  auto& s = *stage_;
  actors::send_answer answer;
  auto& report = answer.report;
  auto wait = s.luck.between(milliseconds{20}, milliseconds{1500});
  auto fate = s.calm ? 0 : s.luck.below(100);
  bool takes = fate < 76 || fate >= 97;
  auto id = takes ? "out-" + std::to_string(++ids_) : std::string{};
  if (fate < 62 || fate >= 97) {
    report.what = send_class::sent;
    report.external_id = id;
    if (message.kind == turn_kind::private_reply)
      answer.private_recipient =
        alias{space_of(message_channel_of(message.channel)),
              "author-" + message.to.aliases.front().external_id};
    if (fate >= 97)
      wait = s.luck.between(seconds{5}, seconds{20});
  } else if (fate < 79) {
    // The answer is lost, or a 5xx after all was done, or nothing was.
    report.what = send_class::in_doubt;
    wait = fate < 72 ? milliseconds{seconds{10}} : wait;
  } else if (fate < 84) {
    report.what = send_class::refused;
    report.code = 551;
  } else if (fate < 91) {
    report.what = send_class::try_later;
    report.code = 613;
    report.retry_after = s.luck.one_in(2) ? seconds{30} : seconds{0};
  } else if (fate < 95) {
    report.what = send_class::try_later;
    report.unreached = true;
  } else {
    report.what = send_class::token_dead;
    report.code = 190;
    answer.pause_channel = minutes{5};
  }
  s.say("Meta has " + brief(message.id.value) + ", fate "
        + std::to_string(fate));
  if (takes)
    accept(message, id);
  if (alive())
    s.pass(crash_point::meta_accepted);
  s.outside.at(s.now + wait, [done = std::move(done), alive,
                              answer = std::move(answer)]() mutable {
    if (alive())
      done(std::move(answer));
  });
}

void meta::accept(const actors::outgoing_message& message,
                  const std::string& id) {
  judge_->arrived(message.id, id);
  if (message.channel == channel_kind::whatsapp)
    statuses(message, id);
  else
    echo(message, id);
}

/// Late, twice or never; Instagram does not return our mark.
void meta::echo(const actors::outgoing_message& message,
                const std::string& id) {
  auto& s = *stage_;
  bool in_private = message.kind == turn_kind::private_reply;
  inbound_event e;
  e.kind = event_kind::echo;
  e.channel =
    in_private ? message_channel_of(message.channel) : message.channel;
  e.account_id = message.access.account_id;
  e.external_id = id;
  e.dedupe_key = "echo:" + id;
  e.at = s.now;
  e.has_time = true;
  e.text = message.text;
  if (e.channel == channel_kind::messenger)
    e.callback = to_string(message.id);
  if (in_private)
    e.person = {{space_of(e.channel),
                 "author-" + message.to.aliases.front().external_id}};
  else if (!is_comment_channel(e.channel))
    e.person = message.to.aliases;
  else {
    e.parent_id = message.to.comment_id;
    e.thread_id = message.to.thread_id;
  }
  if (s.luck.one_in(8))
    return s.say("no echo of " + id);
  if (s.luck.one_in(6))
    return tell(std::move(e), seconds{3}, minutes{3});
  tell(std::move(e), milliseconds{5}, seconds{2});
}

void meta::statuses(const actors::outgoing_message& message,
                    const std::string& id) {
  auto& s = *stage_;
  auto failed = s.luck.one_in(15);
  for (auto state : {delivery_state::sent, delivery_state::delivered,
                     delivery_state::read, delivery_state::failed}) {
    if ((state == delivery_state::failed) != failed || s.luck.one_in(5))
      continue;
    inbound_event e;
    e.kind = event_kind::status;
    e.channel = message.channel;
    e.account_id = message.access.account_id;
    e.external_id = id;
    e.dedupe_key =
      "status:" + id + ":" + std::to_string(static_cast<int>(state));
    e.at = s.now;
    e.has_time = true;
    e.state = state;
    e.failure_code = failed ? 131026 : 0;
    e.callback = to_string(message.id);
    if (failed)
      judge_->withdrawn_by_meta(message.id);
    tell(std::move(e), milliseconds{5},
         s.luck.one_in(6) ? milliseconds{minutes{3}}
                          : milliseconds{seconds{4}});
  }
}

} // namespace assistly::simulation
