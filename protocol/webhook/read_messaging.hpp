/// `messaging[]` and `standby[]` of Messenger and Instagram (CONTRACT 4 and 6).
/// Private to protocol/webhook.
#pragma once

#include "protocol/webhook/dedupe_key.hpp"
#include "protocol/webhook/json_reading.hpp"
#include "protocol/webhook/parse_webhook.hpp"

namespace assistly::webhook {

/// Reads one item into `out`. `broken`: nothing was added.
reading read_messaging(ondemand::object& item, const account_ref& account,
                       bool standby, parsed_webhook& out);

} // namespace assistly::webhook
