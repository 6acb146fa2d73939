#include "commands/context.hpp"
#include "crypto/random.hpp"
#include "protocol/json/fields.hpp"
#include "protocol/json/writer.hpp"
#include "storage/ledger.hpp"
#include "storage/restore.hpp"

#include <iostream>
#include <memory>

namespace assistly::commands {

namespace {

int run_backup(const context& c, const std::string& to) {
  auto settings = settings_of(c);
  if (!settings)
    return exit_configuration;
  // The server may run elsewhere than here.
  auto file = std::filesystem::absolute(to).string();
  auto result = run_anywhere(*settings, {"backup", {{"to", file}}});
  if (!result)
    return fail(result.error());
  json::json_fields f;
  if (c.json || !f.add_json(*result))
    std::cout << *result << "\n";
  else
    std::cout << file << ": " << f.number("bytes").value_or(0)
              << " bytes, the data as of " << f.text("taken_at")
              << ". It holds no keys: keep " << settings->keys.file.string()
              << ", " << settings->storage.sqlite_file.string() << ".keys and "
              << settings->ledger.file.string() << " elsewhere.\n";
  return exit_done;
}

void print(const storage::restore_facts& facts, bool as_json) {
  auto taken_at = storage::rfc3339(facts.taken_at);
  if (as_json) {
    json::json_writer w{json::json_form::utf8};
    w.open()
      .text("taken_at", taken_at)
      .number("ledger_entries_since", facts.replayed)
      .number("erased_again", facts.erased_again)
      .number("dropped_without_key", facts.dropped)
      .number("events_taken_in", facts.taken_in)
      .number("sends_in_doubt", facts.in_doubt)
      .number("conversations_to_people", facts.to_people)
      .close();
    std::cout << w.view() << "\n";
    return;
  }
  std::cout << "The data is that of " << taken_at << ".\n"
            << facts.replayed << " erasures are recorded since; "
            << facts.erased_again << " found something, and have receipts.\n"
            << facts.dropped << " conversations or businesses had no key any "
            << "more and were dropped.\n"
            << facts.to_people
            << " conversations were owed something and are with people now; "
            << facts.in_doubt << " sends may have left and are in doubt.\n";
}

struct restore_arguments {
  std::string from;
  bool accept_missing_ledger = false;
  bool accept_older_keys = false;
};

int run_restore(const context& c, const restore_arguments& a) {
  auto settings = settings_of(c);
  if (!settings)
    return exit_configuration;
  crypto::system_random random;
  system_clock_source clock;
  storage::restore_order order;
  order.from = a.from;
  order.place = storage::place_of(*settings);
  order.ledger_file = settings->ledger.file;
  order.accept_missing_ledger = a.accept_missing_ledger;
  order.accept_older_keys = a.accept_older_keys;
  auto facts = storage::restore_backup(order, clock, random);
  if (!facts)
    return fail(facts.error());
  print(*facts, c.json);
  return exit_done;
}

} // namespace

void add_backup_commands(CLI::App& app, context& c) {
  auto* backup = app.add_subcommand(
    "backup", "copy the data into a file, while the server runs");
  auto to = std::make_shared<std::string>();
  backup->add_option("--to", *to, "a file that is not there yet")->required();
  backup->callback(
    [&c, to] { c.chosen = [&c, to] { return run_backup(c, *to); }; });

  auto* restore = app.add_subcommand(
    "restore", "make a backup the database again, and erase what was erased "
               "since; the server must be down and its database moved away");
  auto a = std::make_shared<restore_arguments>();
  restore->add_option("--from", a->from, "what backup wrote")->required();
  restore->add_flag("--accept-missing-ledger", a->accept_missing_ledger,
                    "go on though the ledger ends before the backup: what was "
                    "erased since may be readable again");
  restore->add_flag("--accept-older-keys", a->accept_older_keys,
                    "go on though the key store is older than the backup: what "
                    "began since its copy is dropped, for nobody can read it");
  restore->callback(
    [&c, a] { c.chosen = [&c, a] { return run_restore(c, *a); }; });
}

} // namespace assistly::commands
