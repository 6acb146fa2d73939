#include "tests/storage/storage_node.hpp"

#include "storage/sql/postgres.hpp"
#include "storage/sql/run.hpp"
#include "storage/sql/sqlite.hpp"

#include <future>
#include <regex>
#include <stdexcept>

namespace assistly::fakes {

tenant_plan plan_of(const std::string& slug) {
  tenant_plan plan;
  plan.settings.slug = slug;
  plan.settings.name = slug + " Ltd";
  plan.settings.email = "owner@" + slug + ".example";
  plan.settings.languages = {"en"};
  plan.settings.members = {{"ana@" + slug + ".example", "agent"}};
  for (auto kind : all_channel_kinds) {
    channel_settings c;
    c.kind = kind;
    bool page =
      kind == channel_kind::messenger || kind == channel_kind::page_comments;
    c.access.account_id = slug
                          + (page                             ? "-page"
                             : kind == channel_kind::whatsapp ? "-number"
                                                              : "-insta");
    c.access.token = secret_text{"token-of-" + slug};
    plan.channels.push_back(std::move(c));
  }
  plan.knowledge = {{"hours",
                     "Opening hours",
                     "We are open from nine to six.",
                     "",
                     "en",
                     {"when are you open"}}};
  return plan;
}

inbound_event message(std::string text, std::string mid, std::string who) {
  inbound_event e;
  e.kind = event_kind::customer_text;
  e.channel = channel_kind::messenger;
  e.account_id = "acme-page";
  e.dedupe_key = "mid:" + mid;
  e.external_id = std::move(mid);
  e.person = {{alias_space::psid, std::move(who)}};
  e.text = std::move(text);
  return e;
}

inbound_event echo(std::string text, std::string mid, std::string who) {
  auto e = message(std::move(text), std::move(mid), std::move(who));
  e.kind = event_kind::echo;
  return e;
}

inbound_event comment(std::string text, std::string id, std::string who) {
  auto e = message(std::move(text), std::move(id), {});
  e.channel = channel_kind::page_comments;
  e.person.clear();
  if (!who.empty())
    e.person = {{alias_space::page_user, std::move(who)}};
  e.thread_id = "post-1";
  return e;
}

storage_node::storage_node(storage::writer_options options)
  : options_(std::move(options)) {
  if (test_server())
    server.emplace();
  start();
  apply(plan_of("acme"));
}

storage_node::~storage_node() {
  stop();
}

void storage_node::must(const outcome<void>& result) {
  if (!result)
    throw std::runtime_error{std::string{to_string(result.error().code)} + ": "
                             + result.error().text};
}

storage::database_options storage_node::place() const {
  storage::database_options options{data_file(), folder.path() / "keys"};
  if (server)
    options.server = server->url();
  return options;
}

void storage_node::start() {
  auto opened = storage::database::open(place(), random);
  if (!opened)
    throw std::runtime_error{opened.error().text};
  database = std::move(*opened);
  writer =
    std::make_unique<storage::writer>(*database, clock, random, options_);
  reader = std::make_unique<storage::reader>(*database, 2);
  auto mark =
    read([](storage::session& s) { return storage::read_ledger_mark(*s.db); });
  auto ledger = storage::ledger::open(ledger_file(), database->root(), mark);
  if (!ledger)
    throw std::runtime_error{ledger.error().text};
  book.emplace(std::move(*ledger));
  directory =
    write([](storage::work& w) { return storage::read_directory(w); });
}

void storage_node::stop() {
  if (writer)
    writer->stop();
  reader.reset();
  writer.reset();
  book.reset();
  database.reset();
}

void storage_node::reopen(const std::function<void()>& between) {
  stop();
  if (between)
    between();
  start();
}

void storage_node::execute(const std::string& sql) {
  static const std::regex bytes{"x'([0-9a-f]*)'"};
  auto script = server ? std::regex_replace(sql, bytes, "'\\x$1'::bytea") : sql;
  write([&](storage::work& w) { w.db.execute(script.c_str()); });
}

std::unique_ptr<sql::connection> storage_node::own_connection() {
  if (server)
    return sql::open_postgres({server->url(), "assistly", true});
  return sql::open_sqlite(data_file().string(), {true, 1'024});
}

std::int64_t storage_node::number(const std::string& sql) {
  auto own = own_connection();
  auto found = sql::ask_node(*own, sql::query{sql.c_str()});
  return found.next() ? found.integer(0) : -1;
}

std::string storage_node::text(const std::string& sql) {
  auto own = own_connection();
  auto found = sql::ask_node(*own, sql::query{sql.c_str()});
  return found.next() ? std::string{found.bytes(0)} : std::string{};
}

storage::apply_result storage_node::apply(const tenant_plan& plan) {
  auto result = write([&](storage::work& w) {
    return storage::apply_tenant(w, database->root(), plan);
  });
  if (plan.settings.slug == "acme")
    tenant = result.tenant;
  directory =
    write([](storage::work& w) { return storage::read_directory(w); });
  return result;
}

storage::journal_entry storage_node::offer(inbound_event event,
                                           const std::string& slug) {
  const auto* owner = directory->tenant(slug);
  const auto* channel = directory->find(event.channel, event.account_id);
  if (!owner || !channel)
    throw std::runtime_error{"nobody owns the account"};
  if (!event.has_time && event.at == timestamp{}) {
    event.at = clock.now();
    event.has_time = true;
  }
  auto entry = storage::make_entry(*owner, *channel, std::move(event),
                                   clock.now(), random);
  if (!entry)
    throw std::runtime_error{"no journal key for today"};
  write([&](storage::work& w) { storage::accept(w, std::span{&*entry, 1}); });
  return std::move(*entry);
}

storage::taken_in storage_node::take(const storage::journal_entry& entry) {
  auto r = storage::request_for(entry);
  r.policy = policy;
  for (int hops = 0; hops < 3; ++hops) {
    auto result =
      write([&](storage::work& w) { return storage::take_in(w, r); });
    if (!result.redirect)
      return result;
    r.conversation = result.redirect;
  }
  throw std::runtime_error{"redirected in a circle"};
}

storage::taken_in storage_node::hear(inbound_event event,
                                     const std::string& slug) {
  return take(offer(std::move(event), slug));
}

storage::decided storage_node::answer(const conversation& c, std::string text,
                                      bool claim_now) {
  draft made;
  made.kind = draft_kind::answer;
  made.epoch = c.epoch;
  made.for_seq = c.customer_seq;
  auto kind =
    is_comment_channel(c.kind) ? turn_kind::public_reply : turn_kind::text;
  made.messages = {{kind, std::move(text)}};
  return write([&](storage::work& w) {
    return storage::decide(w, c.tenant, c.id, made, policy, claim_now);
  });
}

storage::claimed_send storage_node::claim(turn_id id) {
  return write([&](storage::work& w) { return storage::claim(w, tenant, id); });
}

storage::settled storage_node::settle(turn_id id, const send_report& report,
                                      channel_kind kind,
                                      const std::string& account) {
  return write([&](storage::work& w) {
    return storage::settle(w, tenant, kind, account, id, report, std::nullopt);
  });
}

storage::settled storage_node::sent(turn_id id, std::string external_id) {
  send_report report;
  report.what = send_class::sent;
  report.external_id = std::move(external_id);
  return settle(id, report);
}

std::vector<turn> storage_node::turns(conversation_id id) {
  return read([&](storage::session& s) {
    return storage::read_turns(*s.db, s.keys, tenant, id);
  });
}

conversation storage_node::now_of(conversation_id id) {
  auto found = read([&](storage::session& s) {
    return storage::find_conversation(*s.db, s.keys, tenant, id);
  });
  if (!found)
    throw std::runtime_error{"there is no such conversation"};
  return *found;
}

storage::erase_request storage_node::request(storage::erase_scope scope,
                                             uuid subject) {
  return {make_uuid(clock.now(), random), tenant, scope, subject,
          storage::erase_reason::request};
}

storage::erase_progress
storage_node::erase(storage::erase_scope scope, uuid subject,
                    const storage::erase_faults& faults) {
  auto r = request(scope, subject);
  write([&](storage::work& w) { storage::request_erasure(w, r); });
  while (true) {
    auto step = write([&](storage::work& w) {
      return storage::erase_step(w, *book, r, faults);
    });
    if (step.now != storage::erase_progress::state::more)
      return step;
  }
}

storage::deep_check storage_node::check() {
  return read([this](storage::session& s) {
    return storage::check_invariants(s, database->root());
  });
}

std::string storage_node::broken() {
  std::string all;
  for (const auto& v : check().violations)
    all +=
      (all.empty() ? "" : "; ") + v.rule + " (" + std::to_string(v.rows) + ")";
  return all;
}

void storage_node::empty_log() {
  std::promise<outcome<void>> done;
  writer->empty_log([&](outcome<void> r) { done.set_value(std::move(r)); });
  must(done.get_future().get());
}

} // namespace assistly::fakes
