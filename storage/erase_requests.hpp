/// Erasures that are owed: asked for, or begun and not yet at their end.
#pragma once

#include "storage/writer.hpp"

#include <optional>
#include <string_view>
#include <vector>

namespace assistly::storage {

enum class erase_scope : std::uint8_t {
  conversation = 1,
  person = 2,
  tenant = 3
};
enum class erase_reason : std::uint8_t { retention = 1, request = 2 };

std::string_view to_string(erase_scope scope) noexcept;
std::string_view to_string(erase_reason reason) noexcept;

struct erase_request {
  /// Of the request; survives a crash with it. Holds the moment it was made.
  uuid id;
  tenant_id tenant;
  erase_scope scope = erase_scope::conversation;
  uuid subject; ///< conversation or person; unused for a tenant
  erase_reason reason = erase_reason::request;
};

/// Writes the request down, so that a crash does not lose it.
void request_erasure(work& w, const erase_request& r);
/// It was refused: nothing is owed.
void withdraw_erasure(work& w, const erase_request& r);
/// It is done: no other request for the same conversation or person is owed.
void close_requests(work& w, const erase_request& r);
/// True if an erasure of the conversation is written down.
bool is_erasure_owed(work& w, tenant_id tenant, conversation_id id);
/// True if its retention ran out and its rows have begun to go.
bool is_erasure_begun(work& w, tenant_id tenant, conversation_id id);

struct owed_erasures {
  std::int64_t count = 0;
  /// When the oldest was asked for; nothing if none is owed.
  std::optional<timestamp> oldest;
};

/// Over all tenants. One that cannot be carried out is never given up, so it
/// has to be seen.
owed_erasures count_erasures(sql::connection& db);

std::vector<erase_request> pending_erasures(sql::connection& db);

} // namespace assistly::storage
