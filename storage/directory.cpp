#include "storage/directory.hpp"

#include "storage/sql/run.hpp"
#include "storage/tenants.hpp"

namespace assistly::storage {

namespace {

std::string account_key(channel_kind kind, std::string_view account) {
  std::string key(1, static_cast<char>(kind));
  key += account;
  return key;
}

} // namespace

std::int64_t day_of(timestamp t) noexcept {
  return std::chrono::floor<days>(t).time_since_epoch().count();
}

directory::directory(std::vector<directory_tenant> tenants,
                     std::vector<directory_channel> channels)
  : tenants_(std::move(tenants)), channels_(std::move(channels)) {
  for (std::size_t i = 0; i < channels_.size(); ++i) {
    auto key = account_key(channels_[i].kind, channels_[i].access.account_id);
    auto [it, fresh] = by_account_.emplace(std::move(key), i);
    // An account that one tenant let go may be another's now.
    if (!fresh && channels_[i].connected)
      it->second = i;
  }
}

const directory_channel* directory::find(channel_kind kind,
                                         std::string_view account_id) const {
  auto it = by_account_.find(account_key(kind, account_id));
  return it == by_account_.end() ? nullptr : &channels_[it->second];
}

const directory_channel* directory::find(tenant_id tenant,
                                         channel_id id) const {
  for (const auto& c : channels_)
    if (c.tenant == tenant && c.id == id)
      return &c;
  return nullptr;
}

const directory_tenant* directory::tenant(tenant_id id) const {
  for (const auto& t : tenants_)
    if (t.id == id)
      return &t;
  return nullptr;
}

const directory_tenant* directory::tenant(std::string_view slug) const {
  for (const auto& t : tenants_)
    if (t.settings.slug == slug)
      return &t;
  return nullptr;
}

std::shared_ptr<const directory> read_directory(work& w) {
  std::vector<directory_tenant> tenants;
  std::vector<directory_channel> channels;
  auto today = day_of(w.now);
  for (auto& stored : read_tenants(w.db, w.keys)) {
    directory_tenant t;
    t.id = stored.id;
    t.revision = stored.revision;
    t.settings = std::move(stored.settings);
    t.lookup = w.keys.get({t.id, key_kind::lookup, {}});
    t.first_day = today;
    for (std::size_t i = 0; i < t.journal.size(); ++i)
      t.journal[i] = w.keys.get_or_make(
        journal_key(t.id, today + static_cast<std::int64_t>(i)), w.now);
    for (auto& c : read_channels(w.db, w.keys, t.id))
      channels.push_back({t.id, c.id, c.settings.kind, c.settings.mode,
                          c.connected, std::move(c.settings.access)});
    tenants.push_back(std::move(t));
  }
  return std::make_shared<const directory>(std::move(tenants),
                                           std::move(channels));
}

} // namespace assistly::storage
