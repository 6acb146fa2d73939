#include "api/lookups.hpp"

#include "storage/conversations.hpp"
#include "storage/tenants.hpp"

namespace assistly::api {

outcome<tenant_id> tenant_named(access& a, const std::string& slug) {
  if (slug.empty())
    return fault{errc::invalid, "no tenant was named; give --tenant ID"};
  std::optional<tenant_id> found;
  auto asked = a.reader.run(
    [&](storage::session& s) { found = storage::find_tenant(*s.db, slug); });
  if (!asked)
    return asked.error();
  if (!found)
    return fault{errc::not_found,
                 "there is no tenant \"" + slug + "\"; apply its file first"};
  return *found;
}

outcome<uuid> id_named(const std::string& text, const char* what) {
  auto id = parse_uuid(text);
  if (!id)
    return fault{errc::invalid,
                 "\"" + text + "\" is not the id of a " + std::string{what}};
  return *id;
}

std::optional<conversation> find_live(storage::session& s, tenant_id tenant,
                                      conversation_id id) {
  try {
    return storage::find_conversation(*s.db, s.keys, tenant, id);
  } catch (const sql::failure& why) {
    if (why.code() != errc::key_destroyed)
      throw;
    return std::nullopt;
  }
}

outcome<conversation_policy> policy_for(access& a, tenant_id tenant,
                                        channel_id channel) {
  conversation_policy policy;
  auto asked = a.reader.run([&](storage::session& s) {
    auto stored = storage::read_tenant(*s.db, s.keys, tenant);
    if (!stored)
      throw sql::failure{errc::not_found, "there is no such tenant"};
    auto mode = policy.mode;
    for (const auto& c : storage::read_channels(*s.db, s.keys, tenant))
      if (c.id == channel)
        mode = c.connected ? c.settings.mode : channel_mode::off;
    policy = policy_of(stored->settings, mode, a.settings.answers.quiet);
  });
  if (!asked)
    return asked.error();
  return policy;
}

} // namespace assistly::api
