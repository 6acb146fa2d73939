// What was owed when the backup was taken may be done by now: nothing of it is
// done blindly.
#include "model/system_note.hpp"
#include "model/take_in.hpp"
#include "storage/conversations.hpp"
#include "storage/dead_letters.hpp"
#include "storage/journal.hpp"
#include "storage/outbox.hpp"
#include "storage/restore_steps.hpp"
#include "storage/sql/run.hpp"
#include "storage/subscriptions.hpp"
#include "storage/tenants.hpp"
#include "storage/transactions/take_in.hpp"
#include "storage/transactions/undelivered.hpp"
#include "storage/turns.hpp"

namespace assistly::storage {

namespace {

constexpr sql::query owed_of_tenant{
  "SELECT conversation_id FROM conversation "
  "WHERE tenant_id = $1 AND reply_due_at IS NOT NULL"};
constexpr sql::query unsent_of_tenant{
  "SELECT turn_id, conversation_id, seq FROM outbox "
  "WHERE tenant_id = $1 "
  "AND (state IN (1, 2) OR (state = 7 AND next_try_at > 0))"};

constexpr std::size_t page = 500;
constexpr int most_redirects = 3;

struct unsent {
  turn_id id;
  conversation_id conversation;
  std::int64_t seq = 0;
};

void doubt_of_tenant(work& w, tenant_id tenant, restored& r) {
  std::vector<unsent> all;
  {
    auto found = sql::ask(w.db, tenant, unsent_of_tenant);
    while (found.next())
      all.push_back(
        {turn_id{found.id(0)}, conversation_id{found.id(1)}, found.integer(2)});
  }
  for (const auto& send : all) {
    // People are told with the rest: it is not shown a second time.
    set_send_state(w, tenant, send.id, turn_state::unknown, timestamp{});
    set_turn_state(w, tenant, send.conversation, send.seq, turn_state::unknown,
                   0);
    r.owed.insert({tenant.value, send.conversation.value});
    ++r.facts.in_doubt;
  }
  auto found = sql::ask(w.db, tenant, owed_of_tenant);
  while (found.next())
    r.owed.insert({tenant.value, found.id(0)});
}

/// Its words are kept for the team; what it asks for may be answered long ago.
void take_in_row(work& w, const journal_entry& e, restored& r) {
  if (!e.event) {
    // Its key ended with its day. One that cannot be read is for people to see,
    // as it is in a server.
    if (e.unreadable)
      bury(w, e.tenant, e.id, 1, dead_reason::unreadable);
    else
      finish_entry(w, e.tenant, e.id);
    return;
  }
  auto request = request_for(e);
  request.policy = policy_of(w, e.tenant, e.channel);
  request.policy.mode = channel_mode::off;
  if (!request.conversation)
    request.conversation = route_by_external(w, request);
  for (int hops = 0; hops < most_redirects && request.conversation; ++hops) {
    auto result = take_in(w, request);
    if (!result.redirect) {
      if (result.what == taken::stored && result.now)
        r.owed.insert({e.tenant.value, result.now->id.value});
      return;
    }
    request.conversation = result.redirect;
  }
}

} // namespace

outcome<void> doubt_unsent(restored& r) {
  return r.w.run([&](work& w) {
    r.facts.in_doubt = 0;
    forget_watch_book(w);
    for (auto tenant : tenant_ids(w.db))
      doubt_of_tenant(w, tenant, r);
  });
}

outcome<void> take_in_silently(restored& r) {
  auto s = r.db.open_session(true);
  tenant_id tenant;
  journal_id after;
  for (;;) {
    auto rows = read_journal(s, tenant, after, page);
    if (rows.empty())
      return {};
    for (const auto& row : rows)
      // Each for itself: one that cannot be taken in keeps none of the others
      // from it, and waits in the journal as it would in a server.
      if (auto done = r.w.run([&](work& w) { take_in_row(w, row, r); }))
        ++r.facts.taken_in;
      else if (done.error().code == errc::storage_full
               || done.error().code == errc::storage_failed)
        return done;
    tenant = rows.back().tenant;
    after = rows.back().id;
  }
}

outcome<void> give_to_people(restored& r) {
  auto text = "Restored from a backup of " + rfc3339(r.facts.taken_at)
              + ". What was received or sent since is missing here: look at "
                "the channel before you answer.";
  for (const auto& [tenant_number, id] : r.owed) {
    auto given = r.w.run([&, tenant = tenant_id{tenant_number},
                          which = conversation_id{id}](work& w) {
      auto before = find_conversation(w.db, w.keys, tenant, which);
      if (!before)
        return;
      auto after = *before;
      take_over(after, policy_of(w, tenant, before->channel), w.now);
      auto note = system_note(after, text, w.now, w.random);
      insert_turn(w, tenant, which, note, std::nullopt, false);
      update_conversation(w, *before, after);
      ++r.facts.to_people;
    });
    if (!given)
      return given;
  }
  return {};
}

} // namespace assistly::storage
