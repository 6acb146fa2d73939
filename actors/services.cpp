#include "actors/services.hpp"

namespace assistly::actors {

const storage::directory_channel*
tenant_view::channel(channel_id id_) const noexcept {
  for (const auto& c : channels)
    if (c.id == id_)
      return &c;
  return nullptr;
}

conversation_policy tenant_view::policy(channel_id channel_,
                                        milliseconds default_quiet) const {
  const auto* c = channel(channel_);
  return policy_of(settings, c && c->connected ? c->mode : channel_mode::off,
                   default_quiet);
}

} // namespace assistly::actors
