#include "storage/restore_steps.hpp"

#include "model/system_note.hpp"
#include "model/take_in.hpp"
#include "storage/conversations.hpp"
#include "storage/erasure.hpp"
#include "storage/journal.hpp"
#include "storage/outbox.hpp"
#include "storage/sql/run.hpp"
#include "storage/tenants.hpp"
#include "storage/transactions/take_in.hpp"
#include "storage/transactions/undelivered.hpp"
#include "storage/turns.hpp"

#include <charconv>

namespace assistly::storage {

namespace {

// A restore is the whole node's, before it serves anybody.
constexpr sql::query all_tenants{"SELECT tenant_id FROM tenant"};
constexpr sql::query lift_holds{
  "UPDATE conversation SET hold = 0 WHERE tenant_id = $1 AND hold = 1"};
constexpr sql::query lift_hold{"UPDATE conversation SET hold = 0 "
                               "WHERE tenant_id = $1 AND conversation_id = $2"};
constexpr sql::query lift_holds_of_person{
  "UPDATE conversation SET hold = 0 WHERE tenant_id = $1 AND person_id = $2"};
constexpr sql::query owed_of_tenant{
  "SELECT conversation_id FROM conversation "
  "WHERE tenant_id = $1 AND reply_due_at IS NOT NULL"};
constexpr sql::query unsent_of_tenant{
  "SELECT turn_id, conversation_id, seq FROM outbox "
  "WHERE tenant_id = $1 AND state IN (1, 2)"};

using owed_set = std::set<std::pair<std::int64_t, uuid>>;

constexpr std::size_t page = 500;
constexpr int most_redirects = 3;

std::string field(const receipt& r, std::string_view name) {
  for (const auto& [key, value] : r.fields)
    if (key == name)
      return value;
  return {};
}

/// The receipt's subject as a request to erase it, made now.
std::optional<erase_request> request_of(const receipt& r, work& w) {
  erase_request request;
  request.id = make_uuid(w.now, w.random);
  auto tenant = field(r, "tenant");
  auto number = tenant.substr(tenant.rfind('/') + 1);
  auto end = number.data() + number.size();
  if (std::from_chars(number.data(), end, request.tenant.value).ptr != end)
    return std::nullopt;
  auto scope = field(r, "scope");
  for (auto known :
       {erase_scope::conversation, erase_scope::person, erase_scope::tenant})
    if (scope == to_string(known)) {
      request.scope = known;
      auto subject = parse_uuid(field(r, "subject"));
      if (known != erase_scope::tenant && !subject)
        return std::nullopt;
      request.subject = subject.value_or(uuid{});
      return request;
    }
  return std::nullopt;
}

/// A hold that was lifted before the erasure is back in the copy.
void lift_hold_on(work& w, const erase_request& r) {
  if (r.scope == erase_scope::tenant)
    sql::run(w.db, r.tenant, lift_holds);
  else if (r.scope == erase_scope::person)
    sql::run(w.db, r.tenant, lift_holds_of_person, r.subject);
  else
    sql::run(w.db, r.tenant, lift_hold, r.subject);
}

/// Steps it to its end; nobody sends, so nothing is waited for.
outcome<void> erase_whole(restored& r, const erase_request& request) {
  using state = erase_progress::state;
  auto now = state::more;
  while (now == state::more) {
    auto done = r.w.run([&](work& w) {
      lift_hold_on(w, request);
      now = erase_step(w, r.book, request).now;
    });
    if (!done)
      return done;
  }
  r.facts.erased_again += now == state::done;
  return {};
}

std::vector<tenant_id> tenants_of(sql::connection& db) {
  std::vector<tenant_id> all;
  auto found = sql::ask_node(db, all_tenants);
  while (found.next())
    all.push_back(tenant_id{found.integer(0)});
  return all;
}

/// Requests for tenants and conversations whose key is gone.
std::vector<erase_request> keyless(work& w) {
  std::vector<erase_request> all;
  auto add = [&](tenant_id tenant, erase_scope scope, const uuid& subject) {
    erase_request request;
    request.id = make_uuid(w.now, w.random);
    request.tenant = tenant;
    request.scope = scope;
    request.subject = subject;
    all.push_back(request);
  };
  for (auto tenant : tenants_of(w.db)) {
    if (!w.keys.exists({tenant, key_kind::tenant, {}})) {
      add(tenant, erase_scope::tenant, {});
      continue;
    }
    for (conversation_id after;;) {
      auto some = conversation_ids(w.db, tenant, after, page);
      if (some.empty())
        break;
      for (const auto& id : some)
        if (!w.keys.exists(name_of(tenant, id)))
          add(tenant, erase_scope::conversation, id.value);
      after = some.back();
    }
  }
  return all;
}

/// Its words are kept for the team; what it asks for may be answered long ago.
std::optional<conversation> take_in_silently(work& w, const journal_entry& e) {
  take_in_request request;
  request.tenant = e.tenant;
  request.channel = e.channel;
  request.entry = e.id;
  request.conversation = e.conversation;
  request.received_at = e.received_at;
  request.event = e.event;
  request.policy = policy_of(w, e.tenant, e.channel);
  request.policy.mode = channel_mode::off;
  if (!request.conversation)
    request.conversation = route_by_external(w, request);
  for (int hops = 0; hops < most_redirects && request.conversation; ++hops) {
    auto result = take_in(w, request);
    if (!result.redirect)
      return result.what == taken::stored ? result.now : std::nullopt;
    request.conversation = result.redirect;
  }
  return std::nullopt;
}

outcome<void> work_off_journal(restored& r, owed_set& owed) {
  auto s = r.db.open_session(true);
  tenant_id tenant;
  journal_id after;
  for (;;) {
    auto rows = read_journal(s, tenant, after, page);
    if (rows.empty())
      return {};
    auto done = r.w.run([&](work& w) {
      for (const auto& row : rows)
        if (row.event) {
          if (auto c = take_in_silently(w, row))
            owed.insert({row.tenant.value, c->id.value});
        } else if (!row.unreadable) {
          // Its key ended with its day.
          finish_entry(w, row.tenant, row.id);
        }
    });
    if (!done)
      return done;
    r.facts.taken_in += static_cast<std::int64_t>(rows.size());
    tenant = rows.back().tenant;
    after = rows.back().id;
  }
}

struct unsent {
  turn_id id;
  conversation_id conversation;
  std::int64_t seq = 0;
};

void doubt_unsent(work& w, tenant_id tenant, owed_set& owed,
                  restore_facts& facts) {
  std::vector<unsent> all;
  {
    auto found = sql::ask(w.db, tenant, unsent_of_tenant);
    while (found.next())
      all.push_back(
        {turn_id{found.id(0)}, conversation_id{found.id(1)}, found.integer(2)});
  }
  for (const auto& send : all) {
    // People are told below, with the rest: it is not shown a second time.
    set_send_state(w, tenant, send.id, turn_state::unknown, timestamp{});
    set_turn_state(w, tenant, send.conversation, send.seq, turn_state::unknown,
                   0);
    owed.insert({tenant.value, send.conversation.value});
    ++facts.in_doubt;
  }
  auto found = sql::ask(w.db, tenant, owed_of_tenant);
  while (found.next())
    owed.insert({tenant.value, found.id(0)});
}

void give_to_people(work& w, tenant_id tenant, conversation_id id,
                    timestamp taken_at) {
  auto before = find_conversation(w.db, w.keys, tenant, id);
  if (!before)
    return;
  auto after = *before;
  take_over(after, policy_of(w, tenant, before->channel), w.now);
  auto note = system_note(after,
                          "Restored from a backup of " + rfc3339(taken_at)
                            + ". What was received or sent since is missing "
                              "here: look at the channel before you answer.",
                          w.now, w.random);
  insert_turn(w, tenant, id, note, std::nullopt, false);
  update_conversation(w, *before, after);
}

} // namespace

outcome<void> erase_again(restored& r, std::span<const receipt> since) {
  for (const auto& entry : since) {
    std::optional<erase_request> request;
    auto read = r.w.run([&](work& w) { request = request_of(entry, w); });
    if (!read)
      return read;
    ++r.facts.replayed;
    if (!request)
      return fault{errc::invalid,
                   "the ledger has an entry that this version does not "
                   "understand, so it cannot be carried out again; restore "
                   "with the version that wrote it"};
    if (auto done = erase_whole(r, *request); !done)
      return done;
  }
  std::vector<erase_request> without_key;
  auto read = r.w.run([&](work& w) { without_key = keyless(w); });
  for (const auto& request : without_key)
    if (read)
      read = erase_whole(r, request);
  return read;
}

outcome<void> send_nothing_blindly(restored& r) {
  owed_set owed;
  try {
    if (auto done = work_off_journal(r, owed); !done)
      return done;
  } catch (const sql::failure& e) {
    return fault{e.code(), e.what()};
  }
  auto doubted = r.w.run([&](work& w) {
    r.facts.in_doubt = 0;
    for (auto tenant : tenants_of(w.db))
      doubt_unsent(w, tenant, owed, r.facts);
  });
  if (!doubted)
    return doubted;
  for (const auto& [tenant, id] : owed) {
    auto given = r.w.run([&, which = tenant_id{tenant},
                          conversation = conversation_id{id}](work& w) {
      give_to_people(w, which, conversation, r.facts.taken_at);
    });
    if (!given)
      return given;
    ++r.facts.to_people;
  }
  return {};
}

} // namespace assistly::storage
