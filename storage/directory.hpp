/// Who owns which account, as one immutable picture that is swapped whole. The
/// HTTP threads look it up without asking anybody (DESIGN section 2).
#pragma once

#include "crypto/key.hpp"
#include "model/tenant_settings.hpp"
#include "storage/writer.hpp"

#include <array>
#include <memory>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace assistly::storage {

struct directory_channel {
  tenant_id tenant;
  channel_id id;
  channel_kind kind = channel_kind::messenger;
  channel_mode mode = channel_mode::automatic;
  bool connected = true;
  channel_access access;
};

struct directory_tenant {
  tenant_id id;
  std::int64_t revision = 0;
  tenant_settings settings;
  crypto::key256 lookup;
  /// Journal keys of `first_day` and the days after it.
  std::int64_t first_day = 0;
  std::array<crypto::key256, 3> journal;

  /// The journal key of a day, or nothing if the picture is too old for it.
  const crypto::key256* journal_of(std::int64_t day) const noexcept {
    auto at = day - first_day;
    return at >= 0 && at < std::int64_t{3}
             ? &journal[static_cast<std::size_t>(at)]
             : nullptr;
  }
};

class directory {
public:
  directory(std::vector<directory_tenant> tenants,
            std::vector<directory_channel> channels);

  /// The channel of an account, connected or not; null if no tenant owns it.
  const directory_channel* find(channel_kind kind,
                                std::string_view account_id) const;
  const directory_channel* find(tenant_id tenant, channel_id id) const;
  const directory_tenant* tenant(tenant_id id) const;
  const directory_tenant* tenant(std::string_view slug) const;

  const std::vector<directory_tenant>& tenants() const noexcept {
    return tenants_;
  }

  const std::vector<directory_channel>& channels() const noexcept {
    return channels_;
  }

private:
  std::vector<directory_tenant> tenants_;
  std::vector<directory_channel> channels_;
  std::unordered_map<std::string, std::size_t> by_account_;
};

/// The day a moment belongs to, by UTC; the subject of journal keys.
std::int64_t day_of(timestamp t) noexcept;

/// Reads the picture anew, and makes the journal keys of today and the next two
/// days where they are missing. Hand it out after the commit only: until then
/// its new keys are not durable.
std::shared_ptr<const directory> read_directory(work& w);

} // namespace assistly::storage
