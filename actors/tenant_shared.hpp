/// What a tenant shares with its conversations: a view that is swapped whole,
/// and the way to the adapters.
#pragma once

#include "actors/adapter_gate.hpp"
#include "actors/interfaces.hpp"
#include "actors/services.hpp"

#include <map>
#include <memory>
#include <mutex>
#include <optional>

namespace assistly::actors {

struct adapter_seat {
  channel_adapter_actor handle;
  std::shared_ptr<adapter_gate> gate;
};

class tenant_shared {
public:
  swapped<tenant_view> view;

  std::optional<adapter_seat> adapter(channel_id id) const {
    std::lock_guard lock{mutex_};
    auto it = adapters_.find(id);
    if (it == adapters_.end())
      return std::nullopt;
    return it->second;
  }

  void seat(channel_id id, adapter_seat seat) {
    std::lock_guard lock{mutex_};
    adapters_.insert_or_assign(id, std::move(seat));
  }

  void clear() {
    std::lock_guard lock{mutex_};
    adapters_.clear();
  }

private:
  mutable std::mutex mutex_;
  std::map<channel_id, adapter_seat> adapters_;
};

} // namespace assistly::actors
