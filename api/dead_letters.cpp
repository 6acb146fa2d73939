#include "api/dead_letters.hpp"

#include "api/inbox.hpp"
#include "api/lookups.hpp"
#include "protocol/json/writer.hpp"
#include "storage/dead_letters.hpp"
#include "storage/ledger.hpp"
#include "storage/tenants.hpp"

#include <algorithm>
#include <map>

namespace assistly::api {

namespace {

using storage::raised_letter;

/// Letters tried again in one commit.
constexpr std::size_t step = 100;

struct raised_count {
  std::int64_t replayed = 0;
  std::int64_t unreadable = 0;
};

std::string_view kind_of(const std::map<channel_id, channel_kind>& kinds,
                         channel_id channel) {
  auto it = kinds.find(channel);
  return it == kinds.end() ? std::string_view{"unknown"}
                           : to_string(it->second);
}

void write_letter(json::json_writer& w, const storage::dead_letter& d,
                  std::string_view channel) {
  w.open()
    .text("id", to_string(d.id))
    .text("channel", channel)
    .text("reason", to_string(d.reason))
    .number("tries", d.attempts)
    .text("received_at", storage::rfc3339(d.received_at))
    .text("given_up_at", storage::rfc3339(d.died_at))
    .text("until", storage::rfc3339(d.until))
    .close();
}

outcome<std::string> list(access& a, tenant_id tenant,
                          const page_wanted& wanted) {
  journal_id after;
  if (!wanted.after.empty()) {
    auto id = id_named(wanted.after, "dead letter");
    if (!id)
      return id.error();
    after = journal_id{*id};
  }
  json::json_writer w{json::json_form::utf8};
  auto read = a.reader.run([&](storage::session& s) {
    std::map<channel_id, channel_kind> kinds;
    for (const auto& c : storage::read_channels(*s.db, s.keys, tenant))
      kinds[c.id] = c.settings.kind;
    // One more than is shown tells whether there is another page.
    auto page =
      storage::read_dead_letters(*s.db, tenant, after, wanted.most + 1);
    bool more = page.size() > wanted.most;
    page.resize(std::min(page.size(), wanted.most));
    w.open().key("dead_letters").open_list();
    for (const auto& d : page)
      write_letter(w, d, kind_of(kinds, d.channel));
    w.close_list().key("next");
    if (more)
      w.text(to_string(page.back().id));
    else
      w.null();
    w.close();
  });
  if (!read)
    return read.error();
  return std::move(w).take();
}

/// What goes back is handed out as if it had just been accepted; without a
/// server the next start does it.
outcome<void> raise(access& a, tenant_id tenant,
                    const std::vector<journal_id>& ids, raised_count& n) {
  std::vector<raised_letter> all;
  auto done = a.writer.run([&](storage::work& w) {
    all.clear();
    for (auto id : ids)
      all.push_back(storage::raise_letter(w, tenant, id));
  });
  if (!done)
    return done;
  std::vector<storage::journal_entry> back;
  for (auto& r : all) {
    n.unreadable += r.now == raised_letter::state::unreadable;
    if (r.now == raised_letter::state::back)
      back.push_back(std::move(r.entry));
  }
  n.replayed += static_cast<std::int64_t>(back.size());
  if (a.node && !back.empty())
    a.node->events_committed(std::move(back));
  return {};
}

outcome<void> raise_all(access& a, tenant_id tenant, raised_count& n) {
  journal_id after;
  while (true) {
    std::vector<journal_id> ids;
    auto read = a.reader.run([&](storage::session& s) {
      for (const auto& d :
           storage::read_dead_letters(*s.db, tenant, after, step))
        ids.push_back(d.id);
    });
    if (!read || ids.empty())
      return read;
    after = ids.back();
    if (auto done = raise(a, tenant, ids, n); !done)
      return done;
  }
}

outcome<std::string> replay(access& a, tenant_id tenant,
                            const command_call& call) {
  raised_count n;
  bool all = call["all"] == "true";
  if (all != call["id"].empty())
    return fault{errc::invalid,
                 "name one dead letter with --id, or all with --all"};
  if (all) {
    if (auto done = raise_all(a, tenant, n); !done)
      return done.error();
  } else {
    auto id = id_named(call["id"], "dead letter");
    if (!id)
      return id.error();
    if (auto done = raise(a, tenant, {journal_id{*id}}, n); !done)
      return done.error();
    if (n.unreadable > 0)
      return fault{errc::unreadable,
                   "the dead letter cannot be read by this version either; it "
                   "stays until its end, and a newer version may read it"};
    if (n.replayed == 0)
      return fault{errc::not_found,
                   "there is no dead letter of that id; dead-letter list "
                   "shows those there are"};
  }
  json::json_writer w{json::json_form::utf8};
  w.open()
    .number("replayed", n.replayed)
    .number("unreadable", n.unreadable)
    .close();
  return std::move(w).take();
}

} // namespace

outcome<std::string> dead_letter_command(access& a, const command_call& call,
                                         std::string_view verb) {
  auto tenant = tenant_named(a, call["tenant"]);
  if (!tenant)
    return tenant.error();
  if (verb == "replay")
    return replay(a, *tenant, call);
  if (verb != "list")
    return fault{errc::invalid, "there is no such dead-letter command"};
  auto page = page_of(call);
  return page ? list(a, *tenant, *page) : outcome<std::string>{page.error()};
}

} // namespace assistly::api
