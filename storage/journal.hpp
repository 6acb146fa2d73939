/// Events accepted and not yet worked off. In the journal = we owe it. Stands
/// behind these few functions, so that an append-only log can replace the
/// table.
#pragma once

#include "model/event.hpp"
#include "storage/directory.hpp"

#include <memory>
#include <optional>
#include <span>
#include <vector>

namespace assistly::storage {

/// One event on its way into the journal; made on an HTTP thread.
struct journal_entry {
  tenant_id tenant;
  channel_id channel;
  journal_id id;
  /// Nothing for what is found by an external id only.
  std::optional<lookup_hash> conversation;
  timestamp filed_at{};
  bool has_time = true;
  std::int64_t key_hash = 0;
  std::int64_t key_day = 0;
  timestamp received_at{};
  /// Kept and counted, but nobody acts on it: it goes to `kept_event`.
  bool only_kept = false;
  std::string sealed;
  std::shared_ptr<const inbound_event> event;
  /// Read back, but it does not open or is no event.
  bool unreadable = false;
  /// Tries as far as they are written down: 0 means at most one.
  std::int32_t attempts = 0;
  /// Read back: not to be tried again before.
  timestamp next_try_at{};
  /// Set by `accept`: it was there already, or its tenant is gone.
  bool duplicate = false;
};

/// Everything of an entry but its fate, from an event and the tenant it belongs
/// to. Nothing if the picture holds no journal key for `now` (it is too old).
std::optional<journal_entry> make_entry(const directory_tenant& tenant,
                                        const directory_channel& channel,
                                        inbound_event event, timestamp now,
                                        random_source& random);

/// The transaction *accept*: dedupe keys and journal rows. Marks duplicates.
void accept(work& w, std::span<journal_entry> entries);

/// Rows of the journal after (tenant, id), oldest first, at most `most`; what a
/// start works off. A row whose key ended with its day comes without its event.
std::vector<journal_entry> read_journal(session& s, tenant_id after_tenant,
                                        journal_id after, std::size_t most);

/// Of one conversation, oldest first: rows whose tries are not counted, at most
/// `most`.
std::vector<journal_entry> read_untried(session& s, tenant_id tenant,
                                        const lookup_hash& conversation,
                                        std::size_t most);

/// The end of a row, as part of *take in*.
void finish_entry(work& w, tenant_id tenant, journal_id id);
/// It cannot be worked off yet: the row stays. That was found out without harm,
/// so its tries begin anew.
void defer_entry(work& w, tenant_id tenant, journal_id id, timestamp until);

struct begun_tries {
  /// Of each row; false for what is gone, or was tried by somebody else
  /// meanwhile.
  std::vector<bool> may;
  /// Nobody tries them anew before, unless they are refused or put off.
  timestamp until{};
};

/// Writes down that rows are about to be tried again, all of which were tried
/// equally often; to be committed before they are (decision 11).
begun_tries begin_tries(work& w, std::span<const journal_entry> rows);

/// How many of them are under way since `begin_tries` gave `until`.
std::size_t still_tried(sql::connection& db,
                        std::span<const journal_entry> rows, timestamp until);

/// What a refused try leads to.
struct failed_try {
  std::int32_t tries = 0;
  /// When it may be tried again; nothing if it is gone, or dead.
  std::optional<timestamp> next;
  bool dead = false;
};

/// A try was refused; the last one of `most` makes a dead letter.
failed_try fail_try(work& w, tenant_id tenant, journal_id id,
                    std::int32_t most);

/// The event of a row, or of one that stood in the journal: opened with its
/// day's key. Sets `event`, or `unreadable`, or neither if the key has ended.
void open_entry(key_store& keys, journal_entry& row, std::string_view sealed);

/// Files the id that Meta gave one of our own sends, so that its echo is known
/// for what it is, even after its conversation was erased.
void file_own_send(work& w, tenant_id tenant, std::string_view account_id,
                   std::string_view external_id);
bool is_own_send(work& w, tenant_id tenant, std::string_view account_id,
                 std::string_view external_id);

/// Owed events now, over all tenants: a figure for operators.
std::int64_t count_journal(sql::connection& db);

/// What was signed but unreadable, sealed with the operator's key: at most
/// 1,000 rows, then only counted. Returns false if it was not kept.
bool quarantine(work& w, const crypto::root_key& root, std::string_view body);

} // namespace assistly::storage
