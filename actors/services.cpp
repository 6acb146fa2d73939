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
  conversation_policy p;
  const auto* c = channel(channel_);
  p.mode = c && c->connected ? c->mode : channel_mode::off;
  p.quiet = settings.quiet.value_or(default_quiet);
  p.return_after = settings.return_after;
  p.retention = settings.retention;
  return p;
}

} // namespace assistly::actors
