/// A whole storage on real files in a folder of its own, or in a database of
/// its own on the PostgreSQL server that the run is for; on virtual time.
#pragma once

#include "storage/conversations.hpp"
#include "storage/erasure.hpp"
#include "storage/invariants.hpp"
#include "storage/journal.hpp"
#include "storage/ledger_mark.hpp"
#include "storage/outbox.hpp"
#include "storage/people.hpp"
#include "storage/reader.hpp"
#include "storage/tenants.hpp"
#include "storage/transactions/reply.hpp"
#include "storage/transactions/take_in.hpp"
#include "storage/turns.hpp"
#include "tests/fakes/manual_clock.hpp"
#include "tests/fakes/seeded_random.hpp"
#include "tests/fakes/temporary_folder.hpp"
#include "tests/storage/test_server.hpp"

#include <gtest/gtest.h>

#include <functional>
#include <optional>
#include <string>
#include <type_traits>

namespace assistly::fakes {

/// A business with a channel of every kind; its accounts are named after it.
tenant_plan plan_of(const std::string& slug);

/// What Meta tells; `who` is the external id of the customer.
inbound_event message(std::string text, std::string mid,
                      std::string who = "customer-1");
inbound_event echo(std::string text, std::string mid,
                   std::string who = "customer-1");
inbound_event comment(std::string text, std::string id,
                      std::string who = "author-1");

class storage_node {
public:
  explicit storage_node(storage::writer_options options = {});
  ~storage_node();

  /// Ends everything as an orderly stop would, and starts it again; `between`
  /// is called while nothing is open.
  void reopen(const std::function<void()>& between = {});

  /// Runs a unit and gives back what it returned; fails the test if it could
  /// not be written.
  template <class F>
  auto write(F apply) {
    using result = std::invoke_result_t<F, storage::work&>;
    if constexpr (std::is_void_v<result>) {
      must(writer->run([&](storage::work& w) { apply(w); }));
    } else {
      std::optional<result> value;
      must(writer->run([&](storage::work& w) { value = apply(w); }));
      return std::move(*value);
    }
  }

  template <class F>
  auto read(F ask) {
    using result = std::invoke_result_t<F, storage::session&>;
    std::optional<result> value;
    must(reader->run([&](storage::session& s) { value = ask(s); }));
    return std::move(*value);
  }

  /// Changes rows behind storage's back. Bytes are written as SQLite does,
  /// x'00'.
  void execute(const std::string& sql);
  /// The first column of the first row, by a connection of its own.
  std::int64_t number(const std::string& sql);
  std::string text(const std::string& sql);

  storage::apply_result apply(const tenant_plan& plan);

  /// Accepts an event as the HTTP edge does; with `at` unset it happens now.
  storage::journal_entry offer(inbound_event event,
                               const std::string& slug = "acme");
  /// Takes an entry in, following it to the mailbox it belongs to.
  storage::taken_in take(const storage::journal_entry& entry);
  /// Both.
  storage::taken_in hear(inbound_event event, const std::string& slug = "acme");

  /// Decides an answer to all that is owed.
  storage::decided answer(const conversation& c, std::string text,
                          bool claim_now = false);
  storage::claimed_send claim(turn_id id);
  storage::settled settle(turn_id id, const send_report& report,
                          channel_kind kind = channel_kind::messenger,
                          const std::string& account = "acme-page");
  storage::settled sent(turn_id id, std::string external_id);

  std::vector<turn> turns(conversation_id id);
  conversation now_of(conversation_id id);

  /// Steps an erasure to its end.
  storage::erase_progress erase(storage::erase_scope scope, uuid subject,
                                const storage::erase_faults& faults = {});
  storage::erase_request request(storage::erase_scope scope, uuid subject);

  /// The rules that are broken now, joined; empty if none is.
  std::string broken();
  storage::deep_check check();

  void empty_log();

  static void must(const outcome<void>& result);

  /// Where the database is.
  storage::database_options place() const;

  /// Before everything that works on it, and gone after it.
  std::optional<own_database> server;
  temporary_folder folder;
  manual_clock clock{some_morning};
  seeded_random random{11};
  conversation_policy policy;
  tenant_id tenant;
  std::unique_ptr<storage::database> database;
  std::unique_ptr<storage::writer> writer;
  std::unique_ptr<storage::reader> reader;
  std::optional<storage::ledger> book;
  std::shared_ptr<const storage::directory> directory;

  std::filesystem::path data_file() const {
    return folder.path() / "assistly.db";
  }

  std::filesystem::path ledger_file() const {
    return folder.path() / "ledger";
  }

private:
  void start();
  void stop();
  std::unique_ptr<sql::connection> own_connection();

  storage::writer_options options_;
};

} // namespace assistly::fakes
