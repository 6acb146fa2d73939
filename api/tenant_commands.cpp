#include "api/tenant_commands.hpp"

#include "answers/decide.hpp"
#include "answers/hand_off.hpp"
#include "api/lookups.hpp"
#include "config/tenant_file.hpp"
#include "protocol/json/writer.hpp"
#include "storage/retention.hpp"
#include "storage/tenants.hpp"

#include <cstdio>
#include <future>

namespace assistly::api {

namespace {

std::string faults_text(const std::vector<config::config_fault>& faults) {
  std::string text;
  for (const auto& f : faults)
    text += (text.empty() ? "" : "\n") + config::to_string(f);
  return text;
}

std::string applied(const storage::apply_result& r, const std::string& slug) {
  json::json_writer w{json::json_form::utf8};
  w.open()
    .text("tenant", slug)
    .flag("created", r.created)
    .flag("changed", r.created || r.changed)
    .number("channels_connected", r.channels_connected)
    .number("channels_changed", r.channels_changed)
    .number("channels_disconnected", r.channels_disconnected)
    .number("knowledge_added", r.knowledge_added)
    .number("knowledge_changed", r.knowledge_changed)
    .number("knowledge_removed", r.knowledge_removed)
    .close();
  return std::move(w).take();
}

/// A running server answers by the new picture before the command returns.
void refresh(access& a) {
  if (!a.node)
    return;
  std::promise<void> done;
  a.node->refresh([&done] { done.set_value(); });
  done.get_future().wait();
}

/// After each apply, not only after one that made the period shorter: one that
/// was cut off in the middle is then finished by the next.
outcome<void> shorten_ends(access& a, tenant_id tenant,
                           const retention_policy& policy) {
  std::optional<storage::walk> at{storage::walk{tenant, {}}};
  while (at) {
    // Not in place: a unit may run again from the start.
    std::optional<storage::walk> next;
    auto done = a.writer.run(
      [&](storage::work& w) { next = storage::shorten_ends(w, *at, policy); });
    if (!done)
      return done.error();
    at = next;
  }
  return {};
}

} // namespace

outcome<std::string> apply(access& a, const command_call& call) {
  auto file =
    config::parse_tenant(call["text"], call["folder"], a.settings.retention);
  if (!file)
    return fault{errc::invalid, faults_text(file.faults)};
  const tenant_plan& plan = *file.value;
  storage::apply_result result;
  auto done = a.writer.run([&](storage::work& w) {
    result = storage::apply_tenant(w, a.db.root(), plan);
  });
  if (!done)
    return done.error();
  refresh(a);
  if (auto ends = shorten_ends(a, result.tenant, plan.settings.retention);
      !ends)
    return ends.error();
  return applied(result, plan.settings.slug);
}

outcome<std::string> ask(access& a, const command_call& call) {
  auto tenant = tenant_named(a, call["tenant"]);
  if (!tenant)
    return tenant.error();
  std::vector<answers::knowledge_entry> known;
  std::string handover;
  auto read = a.reader.run([&](storage::session& s) {
    for (auto& k : storage::read_knowledge(*s.db, s.keys, *tenant))
      known.push_back(
        {k.key, k.title, k.answer, k.url, k.questions, k.language});
    if (auto t = storage::read_tenant(*s.db, s.keys, *tenant))
      handover = t->settings.handover_message;
  });
  if (!read)
    return read.error();
  auto index = answers::build_index(std::move(known));
  auto start = std::chrono::steady_clock::now();
  answers::question question;
  question.text = call["text"];
  auto decided = answers::decide(*index, question);
  std::chrono::duration<double, std::milli> took =
    std::chrono::steady_clock::now() - start;
  char confidence[16];
  std::snprintf(confidence, sizeof confidence, "%.3f", decided.confidence);
  char milliseconds_text[24];
  std::snprintf(milliseconds_text, sizeof milliseconds_text, "%.3f",
                took.count());
  bool hand_off = decided.kind == answers::decision::hand_off;
  json::json_writer w{json::json_form::utf8};
  w.open()
    .text("decision", to_string(decided.kind))
    .text("text", hand_off
                    ? answers::hand_off_message(handover, decided.language)
                    : decided.text)
    .key("confidence")
    .raw(confidence)
    .key("sources")
    .open_list();
  for (const auto& s : decided.sources)
    w.open().text("id", s.id).text("title", s.title).text("url", s.url).close();
  w.close_list()
    .text("reason", decided.reason)
    .text("reason_text", decided.reason_text)
    .key("milliseconds")
    .raw(milliseconds_text)
    .close();
  return std::move(w).take();
}

} // namespace assistly::api
