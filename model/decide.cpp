#include "model/decide.hpp"

#include "model/owed.hpp"
#include "model/retention.hpp"
#include "model/system_note.hpp"
#include "model/take_in.hpp"
#include "model/text_limits.hpp"

#include <algorithm>
#include <iterator>

namespace assistly {

namespace {

void add_send(decide_result& r, turn_kind kind, author who,
              const std::string& text, std::int64_t answers_after,
              std::int64_t answers_to, timestamp now, random_source& random) {
  auto& c = r.after;
  turn t;
  t.id = turn_id{make_uuid(now, random)};
  t.seq = ++c.seq;
  t.who = who;
  t.kind = kind;
  t.state = turn_state::queued;
  t.at = now;
  t.received_at = now;
  t.text = fit(text, limit_of(c.kind, kind));
  outbox_row row;
  row.id = t.id;
  row.conversation = c.id;
  row.channel = c.channel;
  row.seq = t.seq;
  row.kind = kind;
  row.who = who;
  row.epoch = c.epoch;
  row.answers_after = answers_after;
  row.answers_to = answers_to;
  row.created_at = now;
  row.next_try_at = now;
  r.turns.push_back(std::move(t));
  r.sends.push_back(row);
}

void no_longer_owed(conversation& c, timestamp now) {
  c.answered_at = std::max(c.answered_at, c.customer_acted_at.value_or(now));
  owe_nothing(c);
}

/// Is a private reply all that is to be said?
bool only_private(const draft& made) {
  bool any = false;
  for (const auto& message : made.messages)
    if (!message.text.empty()) {
      if (message.kind != turn_kind::private_reply)
        return false;
      any = true;
    }
  return any;
}

/// Nothing that can be seen: spaces of any width, and marks without one.
bool is_blank(std::string_view text) {
  static constexpr std::string_view unseen[] = {
    " ",      "\t",     "\n",     "\v",     "\f",     "\r",
    "\u00a0", "\u200b", "\u2028", "\u2029", "\u3000", "\ufeff"};
  while (!text.empty()) {
    auto mark = std::find_if(std::begin(unseen), std::end(unseen),
                             [&](auto m) { return text.starts_with(m); });
    if (mark == std::end(unseen))
      return false;
    text.remove_prefix(mark->size());
  }
  return true;
}

fault too_long(channel_kind kind, text_limit limit, bool in_public) {
  std::string text{"the reply is too long, so nothing was sent: "};
  text += to_string(kind);
  text += " takes " + to_string(limit);
  text += in_public ? "; shorten it"
                    : " a message, and a reply may be "
                        + std::to_string(most_reply_parts)
                        + " messages; shorten it or send it in several replies";
  return {errc::invalid, std::move(text)};
}

/// Why an answer was not sent, for the team.
constexpr const char* window_over =
  "No answer could be sent: the time in which the channel allows a reply is "
  "over.";
constexpr const char* no_private_reply =
  "No private reply was sent: the channel allows one, within seven days, to an "
  "author it names.";

} // namespace

decide_result decide(const conversation& before, const draft& made,
                     const conversation_policy& policy, timestamp now,
                     random_source& random) {
  decide_result r;
  r.after = before;
  auto& c = r.after;
  if (made.epoch != before.epoch || made.for_seq != before.customer_seq
      || before.owner != speaker::ai || !before.reply_due_at) {
    r.stale = true;
    return r;
  }
  auto after = c.answered_seq;
  auto to = c.customer_seq;
  no_longer_owed(c, now);
  // Past its end nothing is said any more; the eraser has it next. What the
  // customer writes moves the end.
  if (made.kind == draft_kind::silence || policy.mode == channel_mode::off
      || is_expired(before, now))
    return r;
  // Ownership first, so that the words of a hand-off carry the epoch they are
  // said under and are not cancelled by their own hand-off.
  if (made.kind == draft_kind::hand_off)
    take_over(c, policy, now);
  bool words = false;
  bool wanted = made.kind == draft_kind::answer;
  for (const auto& message : made.messages) {
    if (message.text.empty())
      continue;
    wanted = true;
    if (!may_send(c, message.kind, now))
      continue;
    if (message.kind == turn_kind::private_reply) {
      if (c.private_reply_used)
        continue;
      c.private_reply_used = true;
    }
    add_send(r, message.kind, author::ai, message.text, after, to, now, random);
    words = true;
  }
  bool missed = wanted && !words;
  r.unsendable = missed && !only_private(made);
  if (r.unsendable && made.kind == draft_kind::answer)
    take_over(c, policy, now);
  if (!made.note.empty() || missed)
    r.turns.push_back(system_note(c,
                                  !made.note.empty() ? made.note
                                  : r.unsendable     ? window_over
                                                     : no_private_reply,
                                  now, random));
  c.last_activity = std::max(c.last_activity, now);
  c.erase_at = erase_at(c.last_activity, policy.retention);
  return r;
}

outcome<decide_result> reply_as_human(const conversation& before,
                                      std::string_view text,
                                      const conversation_policy& policy,
                                      timestamp now, random_source& random) {
  bool in_public = is_comment_channel(before.kind);
  auto kind = in_public ? turn_kind::public_reply : turn_kind::text;
  if (is_blank(text))
    return fault{errc::invalid, "the reply has no text, so nothing was sent: "
                                "write what the customer is to read"};
  if (!may_send(before, kind, now))
    return fault{errc::window_closed,
                 "the channel's reply window is closed: the customer has to "
                 "write first"};
  auto limit = limit_of(before.kind, kind);
  auto parts = in_parts(text, limit);
  if (parts.size() > (in_public ? 1 : most_reply_parts))
    return too_long(before.kind, limit, in_public);
  decide_result r;
  r.after = before;
  auto& c = r.after;
  take_over(c, policy, now);
  no_longer_owed(c, now);
  for (const auto& part : parts)
    add_send(r, kind, author::human, part, 0, 0, now, random);
  c.last_activity = std::max(c.last_activity, now);
  c.erase_at = erase_at(c.last_activity, policy.retention);
  return r;
}

} // namespace assistly
