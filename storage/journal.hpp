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

/// The end of a row, as part of *take in*.
void finish_entry(work& w, tenant_id tenant, journal_id id);
/// It cannot be worked off yet: the row stays.
void defer_entry(work& w, tenant_id tenant, journal_id id, timestamp until);

/// Files the id that Meta gave one of our own sends, so that its echo is known
/// for what it is, even after its conversation was erased.
void file_own_send(work& w, tenant_id tenant, std::string_view account_id,
                   std::string_view external_id);
bool is_own_send(work& w, tenant_id tenant, const inbound_event& event);

/// Owed events now, over all tenants: a figure for operators.
std::int64_t count_journal(sql::connection& db);

/// What was signed but unreadable, sealed with the operator's key: at most
/// 1,000 rows, then only counted. Returns false if it was not kept.
bool quarantine(work& w, const crypto::root_key& root, std::string_view body);

} // namespace assistly::storage
