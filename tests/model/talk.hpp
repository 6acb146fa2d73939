/// One conversation that a test talks in, with its rows in memory.
#pragma once

#include "model/decide.hpp"
#include "model/outbox_rules.hpp"
#include "model/owed.hpp"
#include "model/retention.hpp"
#include "model/take_in.hpp"
#include "tests/fakes/manual_clock.hpp"
#include "tests/fakes/seeded_random.hpp"

#include <algorithm>
#include <string>
#include <vector>

namespace assistly::fakes {

/// What Meta tells of a customer's message.
inline inbound_event customer_text(std::string text, timestamp at,
                                   std::string mid = "m_1") {
  inbound_event e;
  e.kind = event_kind::customer_text;
  e.channel = channel_kind::messenger;
  e.account_id = "page";
  e.external_id = mid;
  e.dedupe_key = "mid:" + mid;
  e.at = at;
  e.has_time = true;
  e.person = {{alias_space::psid, "customer"}};
  e.text = std::move(text);
  return e;
}

inline inbound_event echo_of(std::string text, timestamp at,
                             std::string mid = "m_out") {
  auto e = customer_text(std::move(text), at, std::move(mid));
  e.kind = event_kind::echo;
  return e;
}

inline inbound_event comment_of(std::string text, timestamp at,
                                std::string id = "comment_1") {
  auto e = customer_text(std::move(text), at, std::move(id));
  e.channel = channel_kind::page_comments;
  e.person = {{alias_space::page_user, "author"}};
  e.thread_id = "post";
  return e;
}

/// Applies the pure rules as storage does, one event at a time.
struct talk {
  conversation c;
  conversation_policy policy;
  timestamp now = some_morning;
  seeded_random random{7};
  std::vector<open_send> open;
  std::vector<turn> turns;
  bool private_reply_in_doubt = false;

  explicit talk(channel_kind kind = channel_kind::messenger) {
    auto first = kind == channel_kind::messenger ? customer_text("", now)
                                                 : comment_of("", now);
    first.channel = kind;
    c = open_conversation(first, tenant_id{1}, channel_id{1}, lookup_hash{},
                          now, random);
  }

  take_in_result hear(const inbound_event& event, timestamp first_seen) {
    surroundings around{open, taken_back_by(event), private_reply_in_doubt};
    auto result =
      assistly::take_in(c, around, event, first_seen, policy, now, random);
    for (auto& send : open)
      if (std::find(result.carried.begin(), result.carried.end(), send.row.id)
          != result.carried.end())
        send.row.epoch = result.after.epoch;
    for (auto& send : open)
      if (std::find(result.not_again.begin(), result.not_again.end(),
                    send.row.id)
          != result.not_again.end())
        send.row.epoch = question_gone;
    for (auto& t : turns)
      if (t.external_id == result.withdrawn_external_id)
        t.state = turn_state::withdrawn;
    c = result.after;
    if (result.added)
      turns.push_back(*result.added);
    for (auto id : result.cancelled)
      std::erase_if(open, [&](const open_send& s) { return s.row.id == id; });
    return result;
  }

  withdrawal taken_back_by(const inbound_event& event) const {
    withdrawal w;
    if (event.kind != event_kind::withdrawn)
      return w;
    for (const auto& t : turns) {
      if (t.who != author::customer || t.state != turn_state::received)
        continue;
      if (t.external_id == event.external_id)
        w.seq = t.seq;
      else
        w.others.push_back(
          {t.seq, !t.late && !t.text.empty(), t.external_id, t.reply_to});
    }
    return w;
  }

  /// The customer takes a message or comment back.
  take_in_result withdraw(std::string id) {
    auto e = customer_text("", now, std::move(id));
    e.channel = c.kind;
    e.kind = event_kind::withdrawn;
    return hear(e);
  }

  take_in_result hear(const inbound_event& event) {
    return hear(event, now);
  }

  take_in_result customer(std::string text) {
    return hear(customer_text(std::move(text), now));
  }

  draft answer(std::string text) const {
    draft d;
    d.kind = draft_kind::answer;
    d.epoch = c.epoch;
    d.for_seq = c.customer_seq;
    d.messages = {{turn_kind::text, std::move(text)}};
    return d;
  }

  decide_result decide(const draft& made) {
    auto result = assistly::decide(c, made, policy, now, random);
    if (result.stale)
      return result;
    c = result.after;
    for (std::size_t i = 0; i < result.sends.size(); ++i)
      open.push_back({result.sends[i], text_of(result, result.sends[i].id)});
    return result;
  }

  static std::string text_of(const decide_result& result, turn_id id) {
    for (const auto& t : result.turns)
      if (t.id == id)
        return t.text;
    return {};
  }
};

} // namespace assistly::fakes
