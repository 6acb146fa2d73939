/// Whether Meta tells us of each connected account, asked of Meta itself.
#pragma once

#include "api/check.hpp"
#include "protocol/json/writer.hpp"

namespace assistly::api {

/// Adds `"subscriptions":[{"tenant","channel","account","state"}]`, where the
/// state is `subscribed`, `missing`, `unclear` (no answer that can be
/// understood) or `unwatched` (a WhatsApp number without its business account).
/// Changes nothing at Meta. Blocks until all have answered.
void add_subscriptions(const checked& c, json::json_writer& w);

} // namespace assistly::api
