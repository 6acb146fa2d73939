// What has ended since the backup ends again.
#include "storage/conversations.hpp"
#include "storage/erasure.hpp"
#include "storage/people.hpp"
#include "storage/restore_steps.hpp"
#include "storage/sql/run.hpp"
#include "storage/tenants.hpp"

#include <algorithm>
#include <charconv>

namespace assistly::storage {

namespace {

constexpr sql::query slug_of{"SELECT slug FROM tenant WHERE tenant_id = $1"};
constexpr sql::query lift_holds{
  "UPDATE conversation SET hold = 0 WHERE tenant_id = $1 AND hold = 1"};
constexpr sql::query lift_hold{"UPDATE conversation SET hold = 0 "
                               "WHERE tenant_id = $1 AND conversation_id = $2"};
constexpr sql::query lift_holds_of_person{
  "UPDATE conversation SET hold = 0 WHERE tenant_id = $1 AND person_id = $2"};
constexpr sql::query conversations_of{
  "SELECT conversation_id FROM conversation "
  "WHERE tenant_id = $1 AND person_id = $2"};

constexpr std::size_t page = 500;

std::string field(const receipt& r, std::string_view name) {
  for (const auto& [key, value] : r.fields)
    if (key == name)
      return value;
  return {};
}

/// `slug/number`.
struct tenant_name {
  std::string slug;
  tenant_id id;
};

std::optional<tenant_name> tenant_in(const receipt& r) {
  auto text = field(r, "tenant");
  auto slash = text.rfind('/');
  if (slash == std::string::npos)
    return std::nullopt;
  tenant_name name{text.substr(0, slash), {}};
  const auto* end = text.data() + text.size();
  if (std::from_chars(text.data() + slash + 1, end, name.id.value).ptr != end)
    return std::nullopt;
  return name;
}

/// The receipt's subject as a request to erase it, made now.
std::optional<erase_request> request_of(const receipt& r, work& w) {
  auto tenant = tenant_in(r);
  if (!tenant)
    return std::nullopt;
  erase_request request;
  request.id = make_uuid(w.now, w.random);
  request.tenant = tenant->id;
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

/// Another business under the number of one that is gone.
bool is_another(work& w, const receipt& r) {
  auto named = tenant_in(r);
  auto found = sql::ask(w.db, named->id, slug_of);
  return found.next() && found.bytes(0) != named->slug;
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

/// Steps it to its end; true if there was anything of it.
outcome<bool> erase_whole(restored& r, ledger& book,
                          const erase_request& request) {
  using state = erase_progress::state;
  auto now = state::more;
  while (now == state::more) {
    auto done = r.w.run([&](work& w) {
      lift_hold_on(w, request);
      now = erase_step(w, book, request).now;
    });
    if (!done)
      return done.error();
  }
  if (now == state::done || now == state::not_found)
    return now == state::done;
  return fault{errc::internal,
               "something that was erased could not be erased again, so the "
               "restore was not ended; report it"};
}

erase_request unasked(work& w, tenant_id tenant, erase_scope scope,
                      const uuid& subject) {
  erase_request request;
  request.id = make_uuid(w.now, w.random);
  request.tenant = tenant;
  request.scope = scope;
  request.subject = subject;
  return request;
}

std::vector<erase_request> keyless(work& w) {
  std::vector<erase_request> all;
  for (auto tenant : tenant_ids(w.db)) {
    if (!w.keys.exists({tenant, key_kind::tenant, {}})) {
      all.push_back(unasked(w, tenant, erase_scope::tenant, {}));
      continue;
    }
    for (conversation_id after;;) {
      auto some = conversation_ids(w.db, tenant, after, page);
      if (some.empty())
        break;
      for (const auto& id : some)
        if (!w.keys.exists(name_of(tenant, id)))
          all.push_back(
            unasked(w, tenant, erase_scope::conversation, id.value));
      after = some.back();
    }
  }
  return all;
}

std::vector<person_id> keyless_persons(work& w, tenant_id tenant) {
  std::vector<person_id> all;
  for (person_id after;;) {
    auto some = person_ids(w.db, tenant, after, page);
    if (some.empty())
      return all;
    for (const auto& id : some)
      if (!w.keys.exists(name_of(tenant, id)))
        all.push_back(id);
    after = some.back();
  }
}

void mend_person(work& w, tenant_id tenant, person_id person,
                 std::span<const stored_channel> channels) {
  std::vector<conversation_id> theirs;
  {
    auto found = sql::ask(w.db, tenant, conversations_of, person);
    while (found.next())
      theirs.push_back(conversation_id{found.id(0)});
  }
  begin_person_anew(w, tenant, person);
  for (const auto& id : theirs) {
    auto c = find_conversation(w.db, w.keys, tenant, id);
    auto channel =
      std::find_if(channels.begin(), channels.end(),
                   [&](const auto& one) { return c && one.id == c->channel; });
    if (channel != channels.end())
      add_aliases(w, tenant, person, c->to.aliases,
                  channel->settings.access.account_id);
  }
}

} // namespace

outcome<void> erase_again(restored& r, std::span<const receipt> since) {
  std::vector<erase_request> all;
  bool understood = true;
  auto read = r.w.run([&](work& w) {
    for (const auto& entry : since) {
      auto request = request_of(entry, w);
      understood = understood && request;
      if (request && !is_another(w, entry))
        all.push_back(*request);
    }
    for (const auto& begun : pending_erasures(w.db))
      all.push_back(begun);
  });
  if (!read)
    return read;
  if (!understood)
    return fault{errc::invalid,
                 "the ledger has an entry that this version does not "
                 "understand, so it cannot be carried out again; restore "
                 "with the version that wrote it"};
  r.facts.replayed = static_cast<std::int64_t>(since.size());
  for (auto& request : all) {
    // One that had begun may have been due only then; it goes on to its end.
    request.reason = erase_reason::request;
    auto done = erase_whole(r, r.book, request);
    if (!done)
      return done.error();
    r.facts.erased_again += *done;
  }
  return {};
}

outcome<void> drop_keyless(restored& r, ledger& scratch) {
  std::vector<erase_request> all;
  auto read = r.w.run([&](work& w) { all = keyless(w); });
  if (!read)
    return read;
  for (const auto& request : all) {
    auto done = erase_whole(r, scratch, request);
    if (!done)
      return done.error();
    r.facts.dropped += *done;
  }
  return {};
}

outcome<void> mend_persons(restored& r) {
  return r.w.run([](work& w) {
    for (auto tenant : tenant_ids(w.db)) {
      auto channels = read_channels(w.db, w.keys, tenant);
      for (const auto& person : keyless_persons(w, tenant))
        mend_person(w, tenant, person, channels);
    }
  });
}

outcome<void> keep_numbers_used(restored& r, std::span<const receipt> all) {
  return r.w.run([&](work& w) {
    auto highest = w.keys.last_tenant();
    for (const auto& entry : all)
      if (auto named = tenant_in(entry))
        highest = std::max(highest, named->id);
    raise_last_tenant(w, highest);
  });
}

} // namespace assistly::storage
