/// What Meta's answer to a send means (CONTRACT 12).
#pragma once

#include "model/outbox_rules.hpp"
#include "protocol/graph/rate_headers.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace assistly::graph {

enum class outcome_class : std::uint8_t {
  sent,                ///< Accepted; `external_id` is known.
  refused_window,      ///< The reply window is over. Never retry; hand off.
  refused_permanent,   ///< Never retry as it is: our request, or its target, is
                       ///< wrong.
  refused_unreachable, ///< The person cannot or does not want to be reached.
  token_dead,          ///< Stop the channel's sends, keep them, connect again.
  permission,          ///< The business must grant something. No retry.
  rate_limited,        ///< Not sent. Wait `retry_after`, for `scope`.
  temporary,           ///< Clearly not sent; may be tried after `retry_after`.
  in_doubt,            ///< Perhaps sent. Reconcile, never repeat blindly.
  private_reply_spent, ///< The one private reply of this comment is gone.
  paused,              ///< The channel may not send. Try again after
                       ///< `retry_after`, and longer each time; tell the owner.
  duplicate_text, ///< A comment with this text stands already: published if
                  ///< we just sent it in doubt, else refused.
};

std::string_view to_string(outcome_class what) noexcept;

/// Whom a rate limit is for.
enum class rate_scope : std::uint8_t {
  none,
  app,     ///< All calls of the app.
  account, ///< This token, Page, account or number.
  pair,    ///< This number to this person; others go on.
};

struct send_result {
  outcome_class what = outcome_class::in_doubt;
  rate_scope scope = rate_scope::none;
  /// message_id, wamid or comment id of what was sent.
  std::string external_id;
  /// Who got it, as Meta names them: for a private reply the only link between
  /// a comment's author and a PSID or IGSID (CONTRACT 10); for WhatsApp the
  /// wa_id, which may differ from the number given.
  std::string recipient_id;
  /// 0 where Meta gave none.
  std::int32_t code = 0;
  std::int32_t subcode = 0;
  /// For Meta's support; safe to log. Empty if absent.
  std::string fbtrace_id;
  /// Meta's own time if the headers name one, else what fits the code. For
  /// `pair` it is the first wait; it grows fourfold with each try.
  milliseconds retry_after{0};
};

/// Decides by `code`, then `error_subcode`; never by message text, and by the
/// HTTP status only in so far as an answer without an `error` object must be
/// 2xx to be a success. An `error` object with HTTP 200 is an error. Whatever
/// is not understood (no JSON, HTML, empty, no id, an unknown code) is
/// `in_doubt`.
send_result classify(int http_status, std::string_view body,
                     header_fields headers = {});

/// The same in the words of the outbox.
send_report report_of(const send_result& result);

} // namespace assistly::graph
