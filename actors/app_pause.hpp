/// Meta's limit for all calls of an app (CONTRACT 12, code 4): one answer that
/// names it holds every channel of that app, not only the one that got it.
#pragma once

#include "model/channel.hpp"
#include "model/clock.hpp"
#include "model/tenant_settings.hpp"

#include <array>
#include <atomic>
#include <optional>

namespace assistly::actors {

/// Shared by all adapters of a node; safe from any thread.
class app_pause {
public:
  /// Nothing more goes out for the channel's app until then. True if that is
  /// news: whoever is told so says it once.
  bool extend(channel_kind kind, const channel_access& access,
              timestamp until) noexcept {
    auto& held = until_[of(kind, access)];
    auto wanted = to_unix_ms(until);
    auto before = held.load();
    while (before < wanted)
      if (held.compare_exchange_weak(before, wanted))
        return true;
    return false;
  }

  /// Until when, if it is not over.
  std::optional<timestamp> until(channel_kind kind,
                                 const channel_access& access,
                                 timestamp now) const noexcept {
    auto end = from_unix_ms(until_[of(kind, access)].load());
    return now < end ? std::optional{end} : std::nullopt;
  }

private:
  /// An account connected by Instagram Login is called as another app than all
  /// that goes through Facebook's.
  static std::size_t of(channel_kind kind,
                        const channel_access& access) noexcept {
    return goes_by_instagram(kind, access) ? 1 : 0;
  }

  std::array<std::atomic<std::int64_t>, 2> until_{};
};

} // namespace assistly::actors
