#include "api/erase.hpp"
#include "commands/check.hpp"
#include "commands/context.hpp"
#include "commands/load.hpp"
#include "commands/version.hpp"
#include "config/read_file.hpp"
#include "crypto/root_key.hpp"
#include "crypto/signing.hpp"
#include "protocol/json/writer.hpp"
#include "storage/schema/migrations.hpp"

#include <iostream>
#include <memory>

namespace assistly::commands {

namespace {

constexpr std::size_t longest_receipt = std::size_t{64} << 10;

int verify_receipt(const context& c, const std::string& file) {
  auto text = config::read_file(file, longest_receipt);
  if (!text)
    return fail(text.error());
  auto proof = api::receipt_from_json(*text);
  if (!proof)
    return fail({proof.error().code, file + ": " + proof.error().text});
  if (!storage::is_signed(*proof))
    return fail({errc::bad_signature,
                 "the receipt was changed: its signature does not fit"});
  auto settings = settings_of(c);
  if (!settings)
    return exit_configuration;
  // Anyone may check the signature; only who has the key file can tell whose it
  // is.
  bool known = false;
  if (auto root = crypto::root_key::load(settings->keys.file)) {
    crypto::signing_key key{root->ledger_seed()};
    if (key.verifier_hex() != proof->signer)
      return fail({errc::bad_signature,
                   "the receipt is signed, but not by this installation"});
    known = true;
  }
  json::json_writer w{json::json_form::utf8};
  w.open()
    .flag("valid", true)
    .text("signer", proof->signer)
    .flag("signer_known", known)
    .close();
  if (c.json)
    std::cout << w.view() << "\n";
  else
    std::cout << "The receipt is whole; the signature is "
              << (known ? "of this installation"
                        : "of the signer named in it; this machine has no key "
                          "file to compare with")
              << ".\n";
  return exit_done;
}

void add_load(CLI::App& app, context& c) {
  auto* sub = app.add_subcommand(
    "load", "load generator for the benchmarks (bench/README.md)");
  auto o = std::make_shared<load_options>();
  auto length = std::make_shared<std::int64_t>(10);
  auto warm = std::make_shared<std::int64_t>(1);
  auto settle = std::make_shared<std::int64_t>(0);
  sub->add_option("--url", o->url, "where webhooks go")->capture_default_str();
  sub->add_option("--account", o->account_id, "the Page they are for");
  sub->add_option("--connections", o->connections)->capture_default_str();
  sub->add_option("--conversations", o->conversations)->capture_default_str();
  sub->add_option("--rate", o->rate, "per second; 0 = as fast as it answers")
    ->capture_default_str();
  sub->add_option("--seconds", *length)->capture_default_str();
  sub->add_option("--warm-up", *warm, "seconds")->capture_default_str();
  sub->add_option("--settle", *settle,
                  "seconds to wait afterwards until nothing is owed");
  sub->add_option("--text", o->text, "what the customers write")
    ->capture_default_str();
  sub->add_option("--operations-url", o->operations_url,
                  "the server's metrics, for journal depth");
  sub->add_option("--sandbox-url", o->sandbox_url,
                  "the stand-in, for answers that arrived");
  sub->add_option("--pid", o->pid, "the server, for memory and processor time");
  sub->add_flag("--plain", o->plain, "unsigned bodies, for another server");
  sub->callback([&c, o, length, warm, settle] {
    if (o->account_id.empty() && !o->plain)
      throw CLI::RequiredError("--account (or --plain)");
    c.chosen = [&c, o, length, warm, settle] {
      auto settings = settings_of(c);
      if (!settings)
        return exit_configuration;
      o->app_secret = settings->meta.app_secret.reveal();
      o->duration = seconds{*length};
      o->warm_up = seconds{*warm};
      o->settle = seconds{*settle};
      o->json = c.json;
      auto report = run_load(*o);
      if (!report)
        return fail(report.error());
      std::cout << *report << "\n";
      return exit_done;
    };
  });
}

} // namespace

void add_tools(CLI::App& app, context& c) {
  auto* receipt =
    app.add_subcommand("verify-receipt", "check the receipt of an erasure");
  auto file = std::make_shared<std::string>();
  receipt->add_option("FILE", *file, "as `erase --json` prints it")->required();
  receipt->callback(
    [&c, file] { c.chosen = [&c, file] { return verify_receipt(c, *file); }; });
  auto* check = app.add_subcommand(
    "check", "configuration, keys, database, clock: ok, warn or fail, with the "
             "mend");
  auto deep = std::make_shared<bool>(false);
  check->add_flag("--deep", *deep,
                  "read the whole database and check its "
                  "invariants");
  check->callback(
    [&c, deep] { c.chosen = [&c, deep] { return run_check(c, *deep); }; });
  app.add_subcommand("version", "version, build, schema version")
    ->callback([&c] {
      c.chosen = [&c] {
        if (c.json)
          std::cout << "{\"version\":\"" << version << "\",\"build\":\""
                    << build << "\",\"schema\":" << storage::schema_version()
                    << "}\n";
        else
          std::cout << "assistly " << version << " (" << build << ", schema "
                    << storage::schema_version() << ")\n";
        return exit_done;
      };
    });
  add_load(app, c);
}

} // namespace assistly::commands
