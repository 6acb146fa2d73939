#include "api/export.hpp"

#include "api/lookups.hpp"
#include "crypto/digest.hpp"
#include "crypto/encoding.hpp"
#include "model/window.hpp"
#include "protocol/json/writer.hpp"
#include "storage/conversations.hpp"
#include "storage/people.hpp"
#include "storage/tenants.hpp"
#include "storage/turns.hpp"

#include <filesystem>
#include <fstream>

namespace assistly::api {

namespace fs = std::filesystem;

namespace {

constexpr std::size_t page = 1'000;

/// One `.jsonl` file: lines out, counted and hashed on the way.
class lines_file {
public:
  lines_file(const fs::path& folder, std::string name)
    : name_(std::move(name)), out_(folder / name_, std::ios::binary) {}

  void add(json::json_writer w) {
    auto line = std::move(w).take() + "\n";
    hash_.update(std::string_view{line});
    out_ << line;
    ++records_;
  }

  /// False if not everything reached the disk.
  bool close(json::json_writer& manifest) {
    out_.close();
    manifest.open()
      .text("name", name_)
      .number("records", records_)
      .text("sha256", crypto::to_hex(hash_.finish()))
      .close();
    return !out_.fail();
  }

  bool good() const {
    return out_.good();
  }

private:
  std::string name_;
  std::ofstream out_;
  crypto::sha256_stream hash_;
  std::int64_t records_ = 0;
};

json::json_writer record(const char* kind, const std::string& id) {
  json::json_writer w{json::json_form::utf8};
  w.open().text("kind", kind).text("id", id);
  return w;
}

json::json_writer conversation_record(const conversation& c,
                                      const std::string& account) {
  auto w = record("conversation", to_string(c.id));
  w.text("channel", to_string(c.kind))
    .text("account_id", account)
    .text("person_id", to_string(c.person))
    .text("case_id", to_string(c.case_id))
    .text("mode", c.owner == speaker::human ? "human" : "ai");
  if (auto closes = window_closes_at(c))
    w.text("window_closes_at", storage::rfc3339(*closes));
  else
    w.key("window_closes_at").null();
  w.text("thread_id", c.to.thread_id)
    .text("created_at", storage::rfc3339(c.created_at))
    .text("last_activity", storage::rfc3339(c.last_activity))
    .text("erase_at", storage::rfc3339(c.erase_at))
    .flag("answer_owed", c.reply_due_at.has_value())
    .flag("hold", c.hold)
    .close();
  return w;
}

json::json_writer message_record(const conversation& c, const turn& t) {
  json::json_writer w{json::json_form::utf8};
  w.open()
    .text("kind", t.kind == turn_kind::note ? "note" : "text")
    .text("id", to_string(t.id))
    .number("seq", t.seq)
    .text("conversation_id", to_string(c.id))
    .text("channel", to_string(c.kind));
  // Nobody sent or received a note: it is for whoever reads the conversation.
  const bool note = t.kind == turn_kind::note;
  w.key("direction");
  if (note)
    w.null();
  else
    w.text(t.outgoing() ? "out" : "in");
  w.text("author", to_string(t.who))
    .text("turn_kind", to_string(t.kind))
    .text("text", t.text)
    .key("attachments")
    .open_list()
    .close_list()
    .text("reply_to", t.reply_to)
    .text("external_id", t.external_id)
    .key("state");
  if (note)
    w.null();
  else
    w.text(to_string(t.state));
  w.key("failure");
  if (t.failure_code == 0)
    w.null();
  else
    w.open()
      .number("code", t.failure_code)
      .text("reason", "Meta refused it with this code")
      .close();
  w.flag("late", t.late)
    .text("sent_at", storage::rfc3339(t.at))
    .text("received_at", storage::rfc3339(t.received_at))
    .close();
  return w;
}

json::json_writer person_record(const storage::stored_person& p) {
  auto w = record("person", to_string(p.id));
  w.text("name", p.name)
    .text("created_at", storage::rfc3339(p.created_at))
    .key("aliases")
    .open_list();
  for (const auto& a : p.aliases)
    w.open()
      .text("space", to_string(a.who.space))
      .text("account_id", a.account_id)
      .text("external_id", a.who.external_id)
      .close();
  w.close_list().key("objections").open_list().close_list().close();
  return w;
}

outcome<void> ready_folder(const fs::path& to) {
  std::error_code ec;
  if (fs::exists(to, ec) && !fs::is_empty(to, ec))
    return fault{errc::conflict,
                 to.string() + " is not empty; export into a new folder"};
  fs::create_directories(to, ec);
  if (ec)
    return fault{errc::io_failed,
                 "cannot make " + to.string() + ": " + ec.message()};
  fs::permissions(to, fs::perms::owner_all, ec);
  return {};
}

struct wanted {
  tenant_id tenant;
  std::optional<person_id> person;
};

/// An empty copy would say that nothing is kept of a person who was mistyped.
outcome<void> person_there(access& a, const wanted& which) {
  bool found = false;
  auto read = a.reader.run([&](storage::session& s) {
    try {
      found = storage::read_person(*s.db, s.keys, which.tenant, *which.person)
                .has_value();
    } catch (const sql::failure& why) {
      // Being erased.
      if (why.code() != errc::key_destroyed)
        throw;
    }
  });
  if (!read)
    return read.error();
  if (!found)
    return fault{errc::not_found,
                 "there is no person " + to_string(*which.person)
                   + "; conversation list --json shows the ids"};
  return {};
}

void write_conversations(access& a, storage::session& s, const wanted& which,
                         lines_file& conversations, lines_file& messages) {
  auto picture = storage::read_channels(*s.db, s.keys, which.tenant);
  auto now = a.clock.now();
  conversation_id after{};
  while (true) {
    auto ids = storage::conversation_ids(*s.db, which.tenant, after, page);
    for (auto id : ids) {
      after = id;
      auto c = find_live(s, which.tenant, id);
      if (!c || (which.person && c->person != *which.person)
          || (!c->hold && c->erase_at <= now))
        continue;
      std::string account;
      for (const auto& channel : picture)
        if (channel.id == c->channel)
          account = channel.settings.access.account_id;
      conversations.add(conversation_record(*c, account));
      for (const auto& t : storage::read_turns(*s.db, s.keys, which.tenant, id))
        messages.add(message_record(*c, t));
    }
    if (ids.size() < page)
      return;
  }
}

void write_persons(storage::session& s, const wanted& which,
                   lines_file& persons) {
  person_id after{};
  while (true) {
    auto ids = storage::person_ids(*s.db, which.tenant, after, page);
    for (auto id : ids) {
      after = id;
      if (which.person && id != *which.person)
        continue;
      try {
        if (auto p = storage::read_person(*s.db, s.keys, which.tenant, id))
          persons.add(person_record(*p));
      } catch (const sql::failure& why) {
        // Being erased: the rest is exported all the same.
        if (why.code() != errc::key_destroyed)
          throw;
      }
    }
    if (ids.size() < page)
      return;
  }
}

} // namespace

outcome<std::string> export_tenant(access& a, const command_call& call) {
  auto tenant = tenant_named(a, call["tenant"]);
  if (!tenant)
    return tenant.error();
  wanted which{*tenant, std::nullopt};
  if (!call["person"].empty()) {
    auto id = id_named(call["person"], "person");
    if (!id)
      return id.error();
    which.person = person_id{*id};
  }
  if (which.person)
    if (auto there = person_there(a, which); !there)
      return there.error();
  fs::path to{call["to"]};
  if (auto ready = ready_folder(to); !ready)
    return ready.error();
  json::json_writer manifest{json::json_form::utf8};
  manifest.open()
    .text("format", "assistly-export")
    .number("version", 1)
    .text("tenant", call["tenant"])
    .text("exported_at", storage::rfc3339(a.clock.now()))
    .key("files")
    .open_list();
  bool whole = true;
  // One snapshot, so that the files agree with each other.
  auto read = a.reader.run([&](storage::session& s) {
    lines_file conversations{to, "conversations.jsonl"};
    lines_file messages{to, "messages.jsonl"};
    lines_file persons{to, "persons.jsonl"};
    write_conversations(a, s, which, conversations, messages);
    write_persons(s, which, persons);
    whole = messages.close(manifest) && conversations.close(manifest)
            && persons.close(manifest);
  });
  if (!read)
    return read.error();
  manifest.close_list().close();
  auto text = std::move(manifest).take();
  std::ofstream out{to / "manifest.json", std::ios::binary};
  out << text << "\n";
  out.close();
  if (!whole || out.fail())
    return fault{errc::io_failed, "not everything could be written to "
                                    + to.string() + "; is the disk full?"};
  return text;
}

} // namespace assistly::api
