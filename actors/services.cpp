#include "actors/services.hpp"

namespace assistly::actors {

bool is_shed_now(node_services& services, shed_work what) {
  if (!services.pressure
      || !is_shed(what, services.pressure->p99(services.clock->now())))
    return false;
  services.metrics->shed_total.at(what).add();
  return true;
}

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
