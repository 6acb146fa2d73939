/// Comments: the Page's feed (CONTRACT 5) and Instagram (CONTRACT 6). Private
/// to protocol/webhook.
#pragma once

#include "protocol/webhook/dedupe_key.hpp"
#include "protocol/webhook/json_reading.hpp"
#include "protocol/webhook/parse_webhook.hpp"

namespace assistly::webhook {

/// Reads `value` of a change of field `feed`. `whole` is what is kept of what
/// is no comment: the change, or `value` itself.
reading read_feed(ondemand::object& value, ondemand::object& whole,
                  std::string_view page_id, parsed_webhook& out);

/// Reads `value` of a change of field `comments` or `live_comments`.
reading read_instagram_comment(ondemand::object& value, ondemand::object& whole,
                               std::string_view account_id,
                               std::string_view field, parsed_webhook& out);

} // namespace assistly::webhook
