#include "commands/check.hpp"

#include "commands/without_effect.hpp"
#include "crypto/root_key.hpp"
#include "protocol/fetch/client.hpp"
#include "protocol/json/fields.hpp"
#include "protocol/json/writer.hpp"
#include "storage/database.hpp"

#include <chrono>
#include <filesystem>
#include <iostream>
#include <set>

namespace assistly::commands {

namespace {

struct line {
  const char* state; ///< ok, warn, fail
  std::string what;
  std::string mend;
};

void check_meta(const config::settings& s, std::vector<line>& all) {
  if (s.meta.app_secret.empty())
    all.push_back(
      {"fail", "meta.app_secret is not set",
       "set it to the app secret of your Meta app; without it every "
       "webhook is refused"});
  else
    all.push_back({"ok", "app secret is set", ""});
  if (s.meta.verify_token.empty())
    all.push_back({"warn", "meta.verify_token is not set",
                   "set any random text here and in Meta's dashboard; without "
                   "it Meta cannot verify the address"});
  else
    all.push_back({"ok", "verify token is set", ""});
}

/// Faults say what happened, then what to do.
line failed(const fault& why) {
  auto end = why.text.find("; ");
  if (end == std::string::npos)
    end = why.text.find(". ");
  if (end == std::string::npos)
    return {"fail", why.text, "put it right, and run check again"};
  return {"fail", why.text.substr(0, end), why.text.substr(end + 2)};
}

line failed_database(const config::settings& s, const fault& why) {
  if (why.code != errc::storage_full)
    return failed(why);
  auto folder = storage::place_of(s).folder();
  return {"fail",
          "the disk is full: nothing can be kept, and webhooks are answered "
          "503",
          "make room on the disk that holds "
            + (s.storage.engine == config::storage_engine::sqlite
                 ? folder.string()
                 : "the database server's data")
            + "; a running server goes on by itself"};
}

bool has_no_database(const config::settings& s) {
  auto state = storage::state_of(storage::place_of(s));
  return state && *state == storage::database_state::none;
}

void check_keys(const config::settings& s, std::vector<line>& all) {
  auto root = crypto::root_key::load(s.keys.file);
  if (root)
    all.push_back({"ok", "key file " + s.keys.file.string(), ""});
  else if (root.error().code == errc::not_found && has_no_database(s))
    all.push_back({"ok", "no key file yet; it is made with the database", ""});
  else
    all.push_back(failed(root.error()));
}

void check_clock(std::vector<line>& all) {
  using namespace std::chrono;
  // The year this was written: a machine behind it has lost its clock.
  bool sane = system_clock::now() > sys_days{year{2026} / 1 / 1};
  all.push_back(sane ? line{"ok", "clock", ""}
                     : line{"fail", "the clock is years behind",
                            "set it; end dates are counted by it"});
}

/// Meta answers at its addresses, whatever it says: no token is sent.
void check_reachable(const config::settings& s, std::vector<line>& all) {
  fetch::client_options o;
  o.allow_plain_http = true;
  auto client = fetch::make_curl_client(o);
  for (const auto& url : std::set{s.meta.graph_url, s.meta.instagram_url}) {
    fetch::request wanted;
    wanted.method = "GET";
    wanted.url = url + "/";
    wanted.total_timeout = seconds{5};
    auto answer = fetch::send_and_wait(*client, std::move(wanted));
    if (answer)
      all.push_back({"ok", "Meta answers at " + url, ""});
    else
      all.push_back({"warn", "Meta cannot be reached: " + answer.error().text,
                     "until it can, answers wait; look at this machine's way "
                     "out, and at meta.graph_url and meta.instagram_url"});
  }
}

void tell_dead_letters(std::int64_t waiting, std::vector<line>& all) {
  if (waiting > 0)
    all.push_back(
      {"warn",
       std::to_string(waiting) + (waiting == 1 ? " event was" : " events were")
         + " given up after several tries (dead letters)",
       "dead-letter list --tenant T says why and until when they are kept; "
       "report what failed, and when it is mended dead-letter replay tries "
       "again"});
}

/// An erasure takes seconds, and at most some minutes for a large business.
constexpr std::chrono::hours long_owed{1};

void tell_erasures(const json::json_fields& f, std::vector<line>& all) {
  using namespace std::chrono;
  auto oldest = f.number("oldest_erasure_ms");
  if (!oldest
      || system_clock::now().time_since_epoch()
           < milliseconds{*oldest} + long_owed)
    return;
  all.push_back(
    {"warn",
     std::to_string(f.number("erasures_owed").value_or(0))
       + " erasures are owed, the oldest for more than an hour",
     "see that a server runs; its log says erasure_failed with the cause, and "
     "it goes on by itself when that is mended"});
}

void show_subscriptions(const json::json_fields& f, std::vector<line>& all) {
  for (const auto& one : f.objects_of("subscriptions")) {
    const auto which = std::string{one.text("channel")} + " "
                       + std::string{one.text("account")} + " of "
                       + std::string{one.text("tenant")};
    const auto state = one.text("state");
    if (state == "subscribed")
      all.push_back({"ok", "Meta tells of " + which, ""});
    else if (state == "missing")
      all.push_back({"fail", "Meta does not tell of " + which,
                     "a running server subscribes again within five minutes; "
                     "if this stays, its log says why "
                     "(subscription_refused): connect the account again"});
    else if (state == "unwatched")
      all.push_back({"warn", "nobody sees whether Meta tells of " + which,
                     "name its business_account_id in the tenant's file"});
    else
      all.push_back({"warn", "Meta does not say whether it tells of " + which,
                     "look whether Meta can be reached, and at the account's "
                     "access token"});
  }
}

void show_checked(const json::json_fields& f, bool deep,
                  std::vector<line>& all) {
  tell_dead_letters(f.number("dead_letters").value_or(0), all);
  tell_erasures(f, all);
  const auto file = "database " + std::string{f.text("database")};
  if (!deep) {
    all.push_back({"ok", file, ""});
    for (const auto& w : f.objects_of("warnings"))
      all.push_back(
        {"warn", std::string{w.text("what")}, std::string{w.text("mend")}});
    return;
  }
  const auto opened = std::to_string(f.number("opened").value_or(0))
                      + " sealed values were opened";
  auto violations = f.objects_of("violations");
  if (violations.empty())
    all.push_back({"ok", file + ": whole; " + opened, ""});
  for (const auto& v : violations)
    all.push_back({"fail",
                   file + " is broken: not " + std::string{v.text("rule")}
                     + " (" + std::to_string(v.number("rows").value_or(0))
                     + " rows); " + opened,
                   "keep a copy of the data folder and report it"});
}

void check_database(const config::settings& s, bool deep,
                    std::vector<line>& all) {
  auto place = storage::place_of(s);
  auto state = storage::state_of(place);
  if (!state)
    return all.push_back(failed(state.error()));
  if (*state == storage::database_state::none)
    return all.push_back(
      {"ok", "no database yet at " + place.name() + "; serve or apply makes it",
       ""});
  if (*state == storage::database_state::older)
    return all.push_back(
      {"warn", "database " + place.name() + " is of an earlier version",
       "the next start of the server brings it up to "
       "date; keep a copy until then"});
  auto result = check_anywhere(s, deep);
  if (!result)
    return all.push_back(failed_database(s, result.error()));
  constexpr std::size_t most_accounts = 250'000;
  json::json_fields f;
  f.add_json(*result, {}, 4 * most_accounts);
  show_checked(f, deep, all);
  show_subscriptions(f, all);
}

} // namespace

int run_check(const context& c, bool deep) {
  auto settings = settings_of(c);
  if (!settings)
    return exit_configuration;
  std::vector<line> all{{"ok", "configuration", ""}};
  for (const auto& option : options_without_effect(*settings))
    all.push_back({"warn", option.key + " has no effect: " + option.instead,
                   "leave it out"});
  check_keys(*settings, all);
  check_clock(all);
  check_meta(*settings, all);
  check_database(*settings, deep, all);
  check_reachable(*settings, all);
  bool any_failed = false;
  json::json_writer w{json::json_form::utf8};
  w.open().key("checks").open_list();
  for (const auto& l : all) {
    any_failed |= std::string_view{l.state} == "fail";
    w.open().text("state", l.state).text("what", l.what).text("mend", l.mend);
    w.close();
    if (!c.json)
      std::cout << l.state << "\t" << l.what
                << (l.mend.empty() ? "" : "\n\t-> " + l.mend) << "\n";
  }
  w.close_list().close();
  if (c.json)
    std::cout << w.view() << "\n";
  return any_failed ? exit_failed : exit_done;
}

} // namespace assistly::commands
