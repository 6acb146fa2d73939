#include "commands/check.hpp"

#include "commands/without_effect.hpp"
#include "crypto/root_key.hpp"
#include "protocol/json/fields.hpp"
#include "protocol/json/writer.hpp"

#include <chrono>
#include <filesystem>
#include <iostream>

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

void check_keys(const config::settings& s, std::vector<line>& all) {
  auto root = crypto::root_key::load(s.keys.file);
  if (root)
    all.push_back({"ok", "key file " + s.keys.file.string(), ""});
  else if (root.error().code == errc::not_found
           && !std::filesystem::exists(s.storage.sqlite_file))
    all.push_back({"ok", "no key file yet; it is made with the database", ""});
  else
    all.push_back({"fail", root.error().text, "see keys.file"});
}

void check_clock(std::vector<line>& all) {
  using namespace std::chrono;
  // The year this was written: a machine behind it has lost its clock.
  bool sane = system_clock::now() > sys_days{year{2026} / 1 / 1};
  all.push_back(sane ? line{"ok", "clock", ""}
                     : line{"fail", "the clock is years behind",
                            "set it; end dates are counted by it"});
}

/// What the person at the keyboard can do about it.
line failed_database(const config::settings& s, const fault& why) {
  auto folder =
    std::filesystem::absolute(s.storage.sqlite_file).parent_path().string();
  switch (why.code) {
  case errc::storage_full:
    return {"fail",
            "the disk is full: nothing can be kept, and webhooks are answered "
            "503",
            "make room on the disk that holds " + folder
              + "; a running server goes on by itself"};
  case errc::storage_failed:
  case errc::io_failed:
    return {"fail", "the database cannot be used: " + why.text,
            "look at the disk that holds " + folder
              + " and at the rights of the folder"};
  default:
    return {"fail", why.text, "see above"};
  }
}

void check_database(const config::settings& s, std::vector<line>& all) {
  auto result = run_anywhere(s, {"check", {}});
  all.push_back(result
                  ? line{"ok", "database " + s.storage.sqlite_file.string(), ""}
                  : failed_database(s, result.error()));
}

void check_deep(const config::settings& s, std::vector<line>& all) {
  auto result = run_anywhere(s, {"check-deep", {}});
  if (!result)
    return all.push_back(failed_database(s, result.error()));
  json::json_fields f;
  f.add_json(*result);
  for (int i = 0; f.has("violations." + std::to_string(i)); ++i) {
    auto at = "violations." + std::to_string(i) + ".";
    all.push_back({"fail",
                   "broken: " + std::string{f.text(at + "rule")} + " ("
                     + std::to_string(f.number(at + "rows").value_or(0))
                     + " rows)",
                   "keep a copy of the data folder and report it"});
  }
  all.push_back({"ok",
                 "database: " + std::to_string(f.number("opened").value_or(0))
                   + " sealed values opened",
                 ""});
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
  if (deep)
    check_deep(*settings, all);
  else
    check_database(*settings, all);
  bool failed = false;
  json::json_writer w{json::json_form::utf8};
  w.open().key("checks").open_list();
  for (const auto& l : all) {
    failed |= std::string_view{l.state} == "fail";
    w.open().text("state", l.state).text("what", l.what).text("mend", l.mend);
    w.close();
    if (!c.json)
      std::cout << l.state << "\t" << l.what
                << (l.mend.empty() ? "" : "\n\t-> " + l.mend) << "\n";
  }
  w.close_list().close();
  if (c.json)
    std::cout << w.view() << "\n";
  return failed ? exit_failed : exit_done;
}

} // namespace assistly::commands
