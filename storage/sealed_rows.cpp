#include "storage/sealed_rows.hpp"

#include "storage/sealed.hpp"
#include "storage/sql/run.hpp"

namespace assistly::storage {

namespace {

/// What is known of a sealed value but its bytes. `row` is what `place` is
/// given; a number is spelt out by its eight bytes.
struct sealed_row {
  std::string row;
  key_name key;
};

struct sealed_table {
  const char* name;
  /// Gives the tenant, the sealed bytes, and then what `read` takes.
  sql::query all;
  sealed_row (*read)(tenant_id tenant, const sql::rows& found);
};

std::string number_text(std::int64_t number) {
  return std::string{sql::bytes{number_row{number}}.value};
}

key_name whole_tenant(tenant_id tenant) {
  return {tenant, key_kind::tenant, {}};
}

sealed_row of_tenant(tenant_id tenant, const sql::rows&) {
  return {number_text(tenant.value), whole_tenant(tenant)};
}

sealed_row of_channel(tenant_id tenant, const sql::rows& found) {
  return {number_text(found.integer(2)), whole_tenant(tenant)};
}

sealed_row of_entry(tenant_id tenant, const sql::rows& found) {
  return {std::string{found.bytes(2)}, whole_tenant(tenant)};
}

sealed_row of_person(tenant_id tenant, const sql::rows& found) {
  return {std::string{found.bytes(2)}, name_of(tenant, person_id{found.id(2)})};
}

sealed_row of_alias(tenant_id tenant, const sql::rows& found) {
  return {std::string{found.bytes(2)}, name_of(tenant, person_id{found.id(3)})};
}

sealed_row of_conversation(tenant_id tenant, const sql::rows& found) {
  return {std::string{found.bytes(2)},
          name_of(tenant, conversation_id{found.id(2)})};
}

sealed_row of_turn(tenant_id tenant, const sql::rows& found) {
  return {std::string{found.bytes(2)} + number_text(found.integer(3)),
          name_of(tenant, conversation_id{found.id(2)})};
}

sealed_row of_event(tenant_id tenant, const sql::rows& found) {
  return {std::string{found.bytes(2)}, journal_key(tenant, found.integer(3))};
}

// Each statement goes over all tenants: an operator's check, never on the hot
// path.
constexpr sealed_table tables[] = {
  {"tenant", {"SELECT tenant_id, sealed FROM tenant"}, of_tenant},
  {"channel",
   {"SELECT tenant_id, sealed, channel_id FROM channel"},
   of_channel},
  {"knowledge",
   {"SELECT tenant_id, sealed, entry_id FROM knowledge"},
   of_entry},
  {"person", {"SELECT tenant_id, sealed, person_id FROM person"}, of_person},
  {"alias",
   {"SELECT tenant_id, sealed, alias_hash, person_id FROM alias"},
   of_alias},
  {"conversation",
   {"SELECT tenant_id, sealed, conversation_id FROM conversation"},
   of_conversation},
  {"turn",
   {"SELECT tenant_id, sealed, conversation_id, seq FROM turn"},
   of_turn},
  {"journal",
   {"SELECT tenant_id, sealed, journal_id, key_day FROM journal"},
   of_event},
  {"kept_event",
   {"SELECT tenant_id, sealed, event_id, key_day FROM kept_event"},
   of_event},
  // As they stood in the journal, and sealed in its name.
  {"journal",
   {"SELECT tenant_id, sealed, letter_id, key_day FROM dead_letter"},
   of_event},
};

constexpr sql::query quarantined{
  "SELECT quarantine_id, sealed FROM quarantine"};

std::span<const std::byte> bytes_of(std::string_view text) {
  return std::as_bytes(std::span{text.data(), text.size()});
}

void attempt(seals_tried& n, const crypto::key256& key, const place& where,
             std::string_view sealed) {
  auto plain = crypto::open(
    key, {where.tenant, where.table, where.row, where.column}, sealed);
  ++(plain ? n.opened : n.failed);
}

} // namespace

seals_tried try_all_seals(session& s, const crypto::root_key& root) {
  seals_tried n;
  for (const auto& table : tables) {
    auto found = sql::ask_node(*s.db, table.all);
    while (found.next()) {
      tenant_id tenant{found.integer(0)};
      auto row = table.read(tenant, found);
      try {
        attempt(n, s.keys.get(row.key), {tenant, table.name, bytes_of(row.row)},
                found.bytes(1));
      } catch (const sql::failure& why) {
        if (why.code() != errc::wrong_key && why.code() != errc::key_destroyed)
          throw;
        ++n.failed;
      }
    }
  }
  // Of no tenant: nobody could read whose it is.
  auto found = sql::ask_node(*s.db, quarantined);
  while (found.next())
    attempt(n, root.quarantine_key(),
            {tenant_id{0}, "quarantine", bytes_of(found.bytes(0))},
            found.bytes(1));
  return n;
}

} // namespace assistly::storage
