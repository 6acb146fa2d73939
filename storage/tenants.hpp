/// Businesses, their channels and what they know, as rows.
#pragma once

#include "model/tenant_settings.hpp"
#include "storage/writer.hpp"

#include <optional>
#include <string_view>
#include <vector>

namespace assistly::storage {

struct stored_tenant {
  tenant_id id;
  std::int64_t revision = 0;
  tenant_settings settings;
};

struct stored_channel {
  tenant_id tenant;
  channel_id id;
  bool connected = true;
  channel_settings settings;
};

std::optional<tenant_id> find_tenant(sql::connection& db,
                                     std::string_view slug);
/// Of all tenants, also those that are being erased.
std::vector<tenant_id> tenant_ids(sql::connection& db);
/// All but those whose keys are destroyed: they are being erased.
std::vector<stored_tenant> read_tenants(sql::connection& db, key_store& keys);
std::optional<stored_tenant> read_tenant(sql::connection& db, key_store& keys,
                                         tenant_id id);
std::vector<stored_channel> read_channels(sql::connection& db, key_store& keys,
                                          tenant_id id);
std::vector<knowledge_item> read_knowledge(sql::connection& db, key_store& keys,
                                           tenant_id id);

/// What `apply` did, in numbers.
struct apply_result {
  tenant_id tenant;
  bool created = false;
  bool changed = false;
  int channels_connected = 0;
  int channels_changed = 0;
  int channels_disconnected = 0;
  int knowledge_added = 0;
  int knowledge_changed = 0;
  int knowledge_removed = 0;
};

/// No tenant gets this number or one below it any more.
void raise_last_tenant(work& w, tenant_id least);

/// Makes the tenant what the file says; touches nothing that is so already.
/// Throws `sql::failure`: `conflict` if an account belongs to another tenant.
apply_result apply_tenant(work& w, const crypto::root_key& root,
                          const tenant_plan& plan);

} // namespace assistly::storage
