#include "storage/transactions/take_in.hpp"

#include "model/identity.hpp"
#include "model/outbox_rules.hpp"
#include "model/undelivered.hpp"
#include "storage/conversations.hpp"
#include "storage/erase_requests.hpp"
#include "storage/lookup.hpp"
#include "storage/outbox.hpp"
#include "storage/people.hpp"
#include "storage/sql/run.hpp"
#include "storage/tenants.hpp"
#include "storage/transactions/undelivered.hpp"
#include "storage/turns.hpp"

#include <algorithm>

namespace assistly::storage {

namespace {

constexpr sql::query still_owed{
  "SELECT 1 FROM journal WHERE tenant_id = $1 AND journal_id = $2"};

lookup_hash external_hash(work& w, const take_in_request& r,
                          std::string_view external_id) {
  return hash_of(
    w.keys.get({r.tenant, key_kind::lookup, {}}),
    external_key(r.event->channel, r.event->account_id, external_id));
}

/// Our own mark names the row, in whichever conversation it stands: the echo of
/// a comment's private reply comes from the author's direct messages.
std::optional<conversation> by_mark(work& w, const take_in_request& r) {
  if (auto id = parse_uuid(r.event->callback))
    if (auto send = find_send(w.db, r.tenant, turn_id{*id}))
      return find_conversation(w.db, w.keys, r.tenant, send->conversation);
  return std::nullopt;
}

/// By Meta's id of one of our turns or of a comment.
std::optional<conversation> by_external(work& w, const take_in_request& r) {
  const auto& event = *r.event;
  // What a customer says anew is their own, whatever it hangs on.
  if (event.kind == event_kind::customer_text && !event.edit)
    return std::nullopt;
  std::vector<const std::string*> names{&event.external_id};
  // A person's own comment belongs to the one it answers.
  if (event.kind == event_kind::echo)
    names.push_back(&event.parent_id);
  for (const auto* name : names) {
    if (name->empty())
      continue;
    auto id = conversation_of_turn(w.db, r.tenant, external_hash(w, r, *name));
    if (id)
      return find_conversation(w.db, w.keys, r.tenant, *id);
  }
  return std::nullopt;
}

std::optional<conversation> home_of(work& w, const take_in_request& r) {
  if (auto c = by_mark(w, r))
    return c;
  if (r.conversation)
    if (auto c = find_conversation(w.db, w.keys, r.tenant, *r.conversation))
      return c;
  return by_external(w, r);
}

/// The same person under another of its ids: that mailbox has the say.
std::optional<lookup_hash> mailbox_of_person(work& w,
                                             const take_in_request& r) {
  const auto& event = *r.event;
  if (event.person.empty() || is_comment_channel(event.channel))
    return std::nullopt;
  auto person = resolve_person(w, r.tenant, event.person, event.account_id);
  return person ? conversation_of(w.db, r.tenant, *person, r.channel)
                : std::nullopt;
}

/// May the echo be of a private reply that the account has on its way? Only
/// asked when nothing else makes it wait.
bool private_reply_in_doubt(work& w, const take_in_request& r,
                            std::span<const open_send> open) {
  const auto& event = *r.event;
  if (event.kind != event_kind::echo || parse_uuid(event.callback)
      || !wait_for_receipt(r.received_at, w.now))
    return false;
  auto told = told_at(event, r.received_at);
  for (const auto& send : open)
    if (may_echo(send.row, told))
      return false;
  for (auto kind : all_channel_kinds) {
    if (!is_comment_channel(kind) || message_channel_of(kind) != event.channel)
      continue;
    auto in_doubt =
      private_replies_in_doubt(w.db, r.tenant, kind, told - echo_follows);
    if (in_doubt.empty())
      continue;
    for (const auto& c : read_channels(w.db, w.keys, r.tenant))
      if (c.settings.access.account_id == event.account_id
          && std::find(in_doubt.begin(), in_doubt.end(), c.id)
               != in_doubt.end())
        return true;
  }
  return false;
}

withdrawal taken_back(work& w, const take_in_request& r, const conversation& c,
                      std::span<const open_send> open) {
  withdrawal out;
  const auto& id = r.event->external_id;
  if (r.event->kind != event_kind::withdrawn || id.empty())
    return out;
  auto t = find_turn(w.db, w.keys, r.tenant, c.id, external_hash(w, r, id));
  if (!t || t->who != author::customer || t->state != turn_state::received)
    return out;
  out.seq = t->seq;
  auto after = c.answered_seq;
  for (const auto& send : open)
    if (send.row.answers_to > 0)
      after = std::min(after, send.row.answers_after);
  if (c.to.comment_id == id)
    after = 0;
  out.others = standing_turns(w.db, w.keys, r.tenant, c.id, after);
  std::erase_if(out.others, [&](const auto& o) { return o.seq == out.seq; });
  return out;
}

void set_state(work& w, tenant_id tenant, const outbox_row& row,
               turn_state state, std::int32_t code) {
  drop_send(w, tenant, row.id);
  set_turn_state(w, tenant, row.conversation, row.seq, state, code);
}

/// News of one of our own sends: by the id we gave it, or by Meta's. Returns
/// who wrote it if it is lost by that.
std::optional<author> settle_by_news(work& w, const take_in_request& r,
                                     conversation& c, const send_news& news,
                                     std::optional<turn>& note) {
  bool failed = news.state == turn_state::failed;
  auto external = external_hash(w, r, news.external_id);
  auto send = find_send(w.db, r.tenant, news.id);
  if (send && send->conversation == c.id) {
    drop_send(w, r.tenant, send->id);
    if (failed) {
      set_turn_state(w, r.tenant, c.id, send->seq, news.state,
                     news.failure_code);
      // What an AI wrote is overtaken by the people who take over.
      if (send->who == author::ai)
        return send->who;
      if (auto parts = cancel_rest(w, r.tenant, *send))
        note = rest_not_sent(c, *send, parts, w.now, w.random);
      return send->who;
    }
    set_turn_receipt(w, r.tenant, c.id, send->seq, news.state, news.external_id,
                     external);
    file_own_send(w, r.tenant, r.event->account_id, news.external_id);
    // The echo names whom a private reply reached: the only link between a
    // comment's author and their direct messages.
    if (r.event->kind == event_kind::echo && r.event->channel != c.kind)
      add_aliases(w, r.tenant, c.person, r.event->person, r.event->account_id);
    return std::nullopt;
  }
  auto known = find_turn(w.db, w.keys, r.tenant, c.id, external);
  if (!known || !known->outgoing() || !advances(known->state, news.state))
    return std::nullopt;
  set_turn_state(w, r.tenant, c.id, known->seq, news.state, news.failure_code);
  return failed ? std::optional{known->who} : std::nullopt;
}

conversation open_new(work& w, const take_in_request& r) {
  const auto& event = *r.event;
  auto c = open_conversation(event, r.tenant, r.channel, *r.conversation, w.now,
                             w.random);
  auto known = resolve_person(w, r.tenant, event.person, event.account_id);
  if (known) {
    c.person = *known;
    if (auto same_case = case_of(w.db, r.tenant, *known))
      c.case_id = *same_case;
  } else {
    insert_person(w, r.tenant, c.person, event.person_name);
  }
  add_aliases(w, r.tenant, c.person, event.person, event.account_id);
  return c;
}

/// An id that the conversation had not heard of joins it.
void learn_aliases(work& w, const take_in_request& r, conversation& c) {
  bool news = false;
  for (const auto& who : r.event->person)
    if (std::find(c.to.aliases.begin(), c.to.aliases.end(), who)
        == c.to.aliases.end()) {
      c.to.aliases.push_back(who);
      news = true;
    }
  if (!news)
    return;
  auto person =
    resolve_person(w, r.tenant, r.event->person, r.event->account_id);
  if (person)
    c.person = *person;
  add_aliases(w, r.tenant, c.person, r.event->person, r.event->account_id);
}

std::vector<open_send> open_sends(work& w, const take_in_request& r,
                                  const conversation& c) {
  std::vector<open_send> open;
  for (auto& row : sends_of(w.db, r.tenant, c.id)) {
    open_send send{row, {}};
    // Only an echo is compared by its words.
    if (r.event->kind == event_kind::echo)
      if (auto t = read_turn(w.db, w.keys, r.tenant, c.id, row.seq))
        send.text = std::move(t->text);
    open.push_back(std::move(send));
  }
  return open;
}

void write_effect(work& w, const take_in_request& r, const conversation& before,
                  bool created, const std::vector<open_send>& open,
                  take_in_result& result) {
  const auto& event = *r.event;
  for (auto id : result.cancelled)
    for (const auto& send : open)
      if (send.row.id == id)
        set_state(w, r.tenant, send.row, turn_state::cancelled, 0);
  for (auto id : result.carried)
    set_send_epoch(w, r.tenant, id, result.after.epoch);
  for (auto id : result.not_again)
    set_send_epoch(w, r.tenant, id, question_gone);
  std::optional<turn> note;
  if (result.news)
    if (auto who = settle_by_news(w, r, result.after, *result.news, note);
        who && !note) {
      auto handed =
        undelivered(result.after, *who, loss::refused,
                    result.news->failure_code, r.policy, w.now, w.random);
      result.after = std::move(handed.after);
      note = std::move(handed.note);
    }
  if (event.kind == event_kind::watermark)
    advance_until(w, r.tenant, result.after.id,
                  event.state == delivery_state::read ? turn_state::read
                                                      : turn_state::delivered,
                  event.at);
  for (const auto* name :
       {&result.withdrawn_external_id, &result.edited_external_id}) {
    if (name->empty())
      continue;
    auto t = find_turn(w.db, w.keys, r.tenant, result.after.id,
                       external_hash(w, r, *name));
    bool gone = name == &result.withdrawn_external_id;
    if (t && t->who == author::customer)
      replace_text(w, r.tenant, result.after.id, *t,
                   gone ? turn_state::withdrawn : t->state,
                   gone ? std::string{} : event.text);
  }
  if (created)
    insert_conversation(w, result.after);
  else
    update_conversation(w, before, result.after);
  if (result.added) {
    std::optional<lookup_hash> external;
    if (!event.external_id.empty())
      external = external_hash(w, r, event.external_id);
    insert_turn(w, r.tenant, result.after.id, *result.added, external,
                result.added->outgoing() || is_comment_channel(event.channel));
  }
  if (note)
    insert_turn(w, r.tenant, result.after.id, *note, std::nullopt, false);
}

/// How soon an event for a conversation that is being erased is tried again.
constexpr milliseconds erased_looks_again = seconds{2};

taken_in wait_for_erasure(work& w, const take_in_request& r) {
  taken_in out;
  out.what = taken::deferred;
  out.retry_at = w.now + erased_looks_again;
  defer_entry(w, r.tenant, r.entry, out.retry_at);
  return out;
}

taken_in take_in_now(work& w, const take_in_request& r) {
  taken_in out;
  const auto& event = *r.event;
  {
    auto owed = sql::ask(w.db, r.tenant, still_owed, r.entry);
    if (!owed.next())
      return out;
  }
  // One of ours, settled already: known by its id even where Meta does not
  // return our mark, and even after its conversation was erased.
  if (event.kind == event_kind::echo
      && is_own_send(w, r.tenant, event.account_id, event.external_id)) {
    finish_entry(w, r.tenant, r.entry);
    return out;
  }
  auto known = home_of(w, r);
  if (known && known->erase_at <= w.now
      && is_erasure_begun(w, r.tenant, known->id))
    return wait_for_erasure(w, r);
  bool created = false;
  if (!known) {
    out.redirect = mailbox_of_person(w, r);
    if (out.redirect)
      return out;
    if (!r.conversation || !creates_conversation(event)) {
      finish_entry(w, r.tenant, r.entry);
      return out;
    }
    if (private_reply_in_doubt(w, r, {})) {
      out.what = taken::deferred;
      out.retry_at = *wait_for_receipt(r.received_at, w.now);
      defer_entry(w, r.tenant, r.entry, out.retry_at);
      return out;
    }
    known = open_new(w, r);
    created = true;
  }
  if (r.conversation && !created && known->hash != *r.conversation) {
    out.redirect = known->hash;
    return out;
  }
  auto before = *known;
  // From another channel of the account comes only word of a private reply.
  if (!created && !event.person.empty() && event.channel == known->kind
      && !is_comment_channel(event.channel))
    learn_aliases(w, r, *known);
  auto open = created ? std::vector<open_send>{} : open_sends(w, r, *known);
  surroundings around{open, taken_back(w, r, *known, open),
                      !created && private_reply_in_doubt(w, r, open)};
  auto result = assistly::take_in(*known, around, event, r.received_at,
                                  r.policy, w.now, w.random);
  out.what = result.what;
  out.retry_at = result.retry_at;
  if (result.what == taken::deferred) {
    defer_entry(w, r.tenant, r.entry, result.retry_at);
    out.now = before;
    return out;
  }
  write_effect(w, r, before, created, open, result);
  finish_entry(w, r.tenant, r.entry);
  out.cancelled = std::move(result.cancelled);
  out.owes_answer = result.after.reply_due_at.has_value();
  out.created = created;
  out.now = std::move(result.after);
  return out;
}

} // namespace

take_in_request request_for(const journal_entry& e) {
  take_in_request request;
  request.tenant = e.tenant;
  request.channel = e.channel;
  request.entry = e.id;
  request.conversation = e.conversation;
  request.received_at = e.received_at;
  request.event = e.event;
  return request;
}

taken_in take_in(work& w, const take_in_request& r) {
  try {
    return take_in_now(w, r);
  } catch (const sql::failure& why) {
    // Its conversation or person is being erased, and the key went before the
    // rows. Keys are asked for before anything is written.
    if (why.code() != errc::key_destroyed)
      throw;
    return wait_for_erasure(w, r);
  }
}

std::optional<lookup_hash> route_by_external(work& w,
                                             const take_in_request& r) {
  std::optional<conversation> known;
  try {
    known = home_of(w, r);
  } catch (const sql::failure& why) {
    // News of something that is being erased is news of nothing.
    if (why.code() != errc::key_destroyed)
      throw;
  }
  if (!known) {
    finish_entry(w, r.tenant, r.entry);
    return std::nullopt;
  }
  return known->hash;
}

} // namespace assistly::storage
