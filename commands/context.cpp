#include "commands/context.hpp"

#include "api/check.hpp"
#include "api/control.hpp"
#include "crypto/random.hpp"
#include "protocol/json/utf8.hpp"
#include "storage/ledger_mark.hpp"
#include "telemetry/log.hpp"

#include <chrono>
#include <iostream>
#include <thread>

namespace assistly::commands {

std::optional<config::settings> settings_of(const context& c) {
  auto file = c.config_file.empty()
                ? config::default_config_file()
                : std::optional<std::filesystem::path>{c.config_file};
  auto loaded = config::load_settings(file, config::read_environment());
  for (const auto& warning : loaded.warnings)
    std::cerr << "warning: " << warning << "\n";
  if (!loaded) {
    for (const auto& f : loaded.faults)
      std::cerr << (file ? file->string() + ": " : std::string{})
                << config::to_string(f) << "\n";
    return std::nullopt;
  }
  telemetry::log_options options;
  options.lowest = telemetry::parse_level(loaded.value->log.level)
                     .value_or(telemetry::level::info);
  options.format = telemetry::parse_log_format(loaded.value->log.format)
                     .value_or(telemetry::log_format::automatic);
  telemetry::start_log(options);
  return std::move(*loaded.value);
}

namespace {

/// A server that starts or stops takes no commands for a while, and a command
/// that has the folder is soon through with it.
constexpr seconds longest_wait{20};
constexpr milliseconds look_again{100};

std::optional<outcome<std::string>> try_server(const config::settings& settings,
                                               const api::command_call& call) {
  auto socket = api::control_socket_in(storage::place_of(settings).folder());
  if (!std::filesystem::exists(socket))
    return std::nullopt;
  fetch::client_options local;
  local.allow_plain_http = true;
  auto client = fetch::make_curl_client(local);
  auto answer =
    api::hand_over(*client, socket, call, api::longest_answer(call));
  // A clear word that nobody heard the command is the only leave to repeat it.
  if (!answer && answer.error().code == errc::network_failed)
    return std::nullopt;
  return answer;
}

/// Here with the data folder's lock, or in the server that holds it.
outcome<std::string> here_or_in_server(
  const config::settings& settings, const api::command_call& call,
  bool only_look,
  const std::function<outcome<std::string>(storage::database&)>& here) {
  crypto::system_random random;
  auto until = std::chrono::steady_clock::now() + longest_wait;
  auto open = [&] {
    auto place = storage::place_of(settings);
    place.only_look = only_look;
    return storage::database::open(place, random);
  };
  auto db = open();
  while (!db && db.error().code == errc::conflict) {
    if (auto answer = try_server(settings, call))
      return *answer;
    if (std::chrono::steady_clock::now() >= until)
      return fault{errc::conflict,
                   "another process holds the database and takes no commands; "
                   "try again when it has started or ended"};
    std::this_thread::sleep_for(look_again);
    db = open();
  }
  if (!db)
    return db.error();
  try {
    return here(**db);
  } catch (const sql::failure& e) {
    return fault{e.code(), e.what()};
  }
}

/// Only `apply` begins a database; any other command that finds none was given
/// the wrong place.
outcome<void> must_have_data(const config::settings& settings,
                             const api::command_call& call) {
  if (call.name == "apply")
    return {};
  auto place = storage::place_of(settings);
  auto state = storage::state_of(place);
  if (!state)
    return state.error();
  if (*state != storage::database_state::none)
    return {};
  return fault{errc::not_found,
               "there is no database at " + place.name()
                 + " yet; serve or apply makes it. If there should be one, "
                   "look at --config and storage.url"};
}

} // namespace

outcome<std::string> run_anywhere(const config::settings& settings,
                                  const api::command_call& call) {
  // JSON would carry other bytes to a running server than were given here.
  for (const auto& [name, value] : call.arguments)
    if (!json::is_utf8(value))
      return fault{errc::invalid, "the " + name
                                    + " that was given is not in UTF-8; set "
                                      "the terminal to UTF-8"};
  if (auto there = must_have_data(settings, call); !there)
    return there.error();
  return here_or_in_server(
    settings, call, false, [&](storage::database& db) -> outcome<std::string> {
      auto ledger = storage::open_ledger(db, settings.ledger.file);
      if (!ledger)
        return ledger.error();
      crypto::system_random random;
      system_clock_source clock;
      storage::writer writer{db, clock, random, {}};
      storage::reader reader{db, 1};
      api::access here{settings, db,    writer, reader,
                       *ledger,  clock, random, nullptr};
      return api::run_command(here, call);
    });
}

outcome<std::string> check_anywhere(const config::settings& settings,
                                    bool deep) {
  return here_or_in_server(settings, {deep ? "check-deep" : "check", {}}, true,
                           [&](storage::database& db) {
                             storage::reader reader{db, 1};
                             api::checked c{settings, db, reader};
                             return deep ? api::check_deep(c) : api::check(c);
                           });
}

int fail(const fault& why) {
  std::cerr << "assistly: " << why.text << "\n";
  return exit_failed;
}

} // namespace assistly::commands
