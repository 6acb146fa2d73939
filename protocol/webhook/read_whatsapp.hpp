/// WhatsApp's changes (CONTRACT 7). Private to protocol/webhook.
#pragma once

#include "protocol/webhook/json_reading.hpp"
#include "protocol/webhook/parse_webhook.hpp"

#include <string_view>

namespace assistly::webhook {

/// Reads one change. `value` is its value, `whole` the change itself. Messages
/// and statuses that cannot be read are set aside one by one; `broken` if there
/// is no account to file the change under, or it nests too deep.
reading read_whatsapp(ondemand::object& value, ondemand::object& whole,
                      std::string_view waba_id, std::string_view field,
                      parsed_webhook& out);

} // namespace assistly::webhook
