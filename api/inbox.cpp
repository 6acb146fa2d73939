#include "api/inbox.hpp"

#include "api/lookups.hpp"
#include "model/identity.hpp"
#include "model/retention.hpp"
#include "model/window.hpp"
#include "protocol/json/utf8.hpp"
#include "protocol/json/writer.hpp"
#include "storage/conversations.hpp"
#include "storage/directory.hpp"
#include "storage/lookup.hpp"
#include "storage/people.hpp"
#include "storage/tenants.hpp"
#include "storage/turns.hpp"

#include <algorithm>
#include <charconv>

namespace assistly::api {

namespace {

/// More would hold up whoever reads the answer.
constexpr int longest_page = 1'000;

void write_head(json::json_writer& w, const conversation& c,
                const std::string& name) {
  w.text("id", to_string(c.id))
    .text("channel", to_string(c.kind))
    .text("person_id", to_string(c.person))
    .text("person", name)
    .text("mode", c.owner == speaker::human ? "human" : "ai")
    .flag("answer_owed", c.reply_due_at.has_value());
  if (auto closes = window_closes_at(c))
    w.text("window_closes_at", storage::rfc3339(*closes));
  else
    w.key("window_closes_at").null();
  w.text("last_activity", storage::rfc3339(c.last_activity))
    .text("erase_at", storage::rfc3339(c.erase_at))
    .flag("hold", c.hold);
}

void write_turn(json::json_writer& w, const turn& t) {
  w.open()
    .number("seq", t.seq)
    .text("author", to_string(t.who))
    .text("kind", to_string(t.kind))
    .text("state", to_string(t.state))
    .text("at", storage::rfc3339(t.at))
    .flag("late", t.late)
    .text("text", t.text)
    .close();
}

/// How a place in the list travels: "1764000000000-<id>".
std::string to_text(const storage::listed_conversation& place) {
  return std::to_string(to_unix_ms(place.last_activity)) + "-"
         + to_string(place.id);
}

std::optional<storage::listed_conversation> place_from(std::string_view text) {
  auto mark = text.find('-');
  if (mark == text.npos)
    return std::nullopt;
  std::int64_t at = 0;
  auto [end, wrong] = std::from_chars(text.data(), text.data() + mark, at);
  auto id = parse_uuid(text.substr(mark + 1));
  if (wrong != std::errc{} || end != text.data() + mark || !id)
    return std::nullopt;
  return storage::listed_conversation{from_unix_ms(at), conversation_id{*id}};
}

/// Empty for somebody who is being erased, or has no name.
std::string name_of_person(storage::session& s, const conversation& c) {
  try {
    auto p = storage::read_person(*s.db, s.keys, c.tenant, c.person);
    return p ? p->name : std::string{};
  } catch (const sql::failure& why) {
    if (why.code() != errc::key_destroyed)
      throw;
    return {};
  }
}

bool is_connected(storage::session& s, tenant_id tenant, channel_id channel) {
  auto all = storage::read_channels(*s.db, s.keys, tenant);
  return std::any_of(all.begin(), all.end(), [&](const auto& c) {
    return c.id == channel && c.connected;
  });
}

} // namespace

outcome<page_wanted> page_of(const command_call& call) {
  page_wanted wanted;
  wanted.after = call["after"];
  const auto& limit = call["limit"];
  if (limit.empty())
    return wanted;
  int most = 0;
  auto [end, wrong] =
    std::from_chars(limit.data(), limit.data() + limit.size(), most);
  if (wrong != std::errc{} || end != limit.data() + limit.size() || most < 1
      || most > longest_page)
    return fault{errc::invalid, "the limit must be a number from 1 to "
                                  + std::to_string(longest_page)};
  wanted.most = static_cast<std::size_t>(most);
  return wanted;
}

outcome<std::string> list_conversations(access& a, tenant_id tenant,
                                        const page_wanted& wanted) {
  std::optional<storage::listed_conversation> after;
  if (!wanted.after.empty()) {
    after = place_from(wanted.after);
    if (!after)
      return fault{errc::invalid, "\"" + wanted.after
                                    + "\" is not where a page ended; take the "
                                      "one that the page before named"};
  }
  json::json_writer w{json::json_form::utf8};
  auto now = a.clock.now();
  auto read = a.reader.run([&](storage::session& s) {
    w.open().key("conversations").open_list();
    std::size_t listed = 0;
    bool more = true;
    while (more && listed < wanted.most) {
      // One more than is shown tells whether there is another page.
      auto most = wanted.most - listed;
      auto page =
        storage::latest_conversations(*s.db, tenant, after, now, most + 1);
      more = page.size() > most;
      page.resize(std::min(page.size(), most));
      for (const auto& place : page) {
        after = place;
        auto c = find_live(s, tenant, place.id);
        if (!c)
          continue;
        w.open();
        write_head(w, *c, name_of_person(s, *c));
        w.close();
        ++listed;
      }
    }
    w.close_list().key("next");
    if (more)
      w.text(to_text(*after));
    else
      w.null();
    w.close();
  });
  if (!read)
    return read.error();
  return std::move(w).take();
}

outcome<std::string> show_conversation(access& a, tenant_id tenant,
                                       conversation_id id) {
  json::json_writer w{json::json_form::utf8};
  auto now = a.clock.now();
  auto read = a.reader.run([&](storage::session& s) {
    auto c = find_live(s, tenant, id);
    // Past its end it is as good as gone, even while the eraser is at it.
    if (!c || is_expired(*c, now))
      throw sql::failure{errc::not_found,
                         "there is no conversation of that id"};
    auto turns = storage::read_turns(*s.db, s.keys, tenant, id);
    std::stable_sort(turns.begin(), turns.end(),
                     [](const turn& x, const turn& y) { return x.at < y.at; });
    w.open();
    write_head(w, *c, name_of_person(s, *c));
    w.key("turns").open_list();
    for (const auto& t : turns)
      write_turn(w, t);
    w.close_list().close();
  });
  if (!read)
    return read.error();
  return std::move(w).take();
}

outcome<std::string> act(access& a, tenant_id tenant, conversation_id id,
                         storage::member_act what, const std::string& text) {
  std::optional<conversation> before;
  bool connected = false;
  auto read = a.reader.run([&](storage::session& s) {
    before = find_live(s, tenant, id);
    connected = before && is_connected(s, tenant, before->channel);
  });
  if (!read)
    return read.error();
  if (!before)
    return fault{errc::not_found, "there is no conversation of that id"};
  if (what == storage::member_act::reply && !connected)
    return fault{errc::invalid,
                 "the channel of this conversation is not connected, so "
                 "nothing was sent: connect it again with apply, then reply"};
  if (what == storage::member_act::reply && !json::is_utf8(text))
    return fault{errc::invalid, "the reply is not UTF-8, so nothing was sent: "
                                "write it in that encoding"};
  auto policy = policy_for(a, tenant, before->channel);
  if (!policy)
    return policy.error();
  outcome<storage::decided> result{fault{}};
  auto done = a.writer.run([&](storage::work& w) {
    result = storage::act_as_member(w, tenant, id, what, text, *policy);
  });
  if (!done)
    return done.error();
  if (!result)
    return result.error();
  if (a.node)
    a.node->conversation_changed(tenant, before->hash, result->sends);
  return show_conversation(a, tenant, id);
}

outcome<conversation_id> find_by_customer(access& a, channel_kind kind,
                                          const std::string& account_id,
                                          const std::string& customer_id,
                                          const std::string& thread,
                                          tenant_id& tenant) {
  inbound_event event;
  event.kind = event_kind::customer_text;
  event.channel = kind;
  event.account_id = account_id;
  event.thread_id = thread;
  auto space = kind == channel_kind::messenger       ? alias_space::psid
               : kind == channel_kind::whatsapp      ? alias_space::wa_phone
               : kind == channel_kind::page_comments ? alias_space::page_user
                                                     : alias_space::igsid;
  event.person.push_back({space, customer_id});
  std::optional<conversation> found;
  auto read = a.reader.run([&](storage::session& s) {
    for (const auto& t : storage::read_tenants(*s.db, s.keys))
      for (const auto& c : storage::read_channels(*s.db, s.keys, t.id)) {
        if (c.settings.kind != kind
            || c.settings.access.account_id != account_id)
          continue;
        tenant = t.id;
        auto lookup = s.keys.get({t.id, storage::key_kind::lookup, {}});
        found = storage::find_conversation(
          *s.db, s.keys, t.id,
          storage::hash_of(lookup, conversation_key(event)));
      }
  });
  if (!read)
    return read.error();
  if (!found)
    return fault{errc::not_found, "there is no such conversation yet"};
  return found->id;
}

} // namespace assistly::api
