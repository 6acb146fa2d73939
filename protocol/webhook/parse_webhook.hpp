/// From Meta's JSON to our words (CONTRACT sections 3 to 8).
#pragma once

#include "model/event.hpp"
#include "model/outcome.hpp"
#include "protocol/webhook/verify_signature.hpp"

#include <cstddef>
#include <string>
#include <vector>

namespace assistly::webhook {

/// What one POST held. Order of `events` = order in the body; two events with
/// the same dedupe key may stand in one body.
struct parsed_webhook {
  std::vector<inbound_event> events;
  /// Entries or single events that could not be read; their JSON is in
  /// `quarantine`, one each.
  std::size_t unreadable_parts = 0;
  std::vector<std::string> quarantine;
  /// 1 if the body is about an `object` we do not know; nothing of it is kept.
  std::size_t unknown_objects = 0;
  /// Events whose recipient is not the account of their entry: dropped.
  std::size_t mismatched = 0;
};

/// Deepest nesting of an event that is kept as it is. What lies deeper is not
/// an event but an attack on whoever reads it later; it goes to `quarantine`.
inline constexpr std::size_t deepest_kept_json = 64;

/// Parses in place: no copy of the body, no string of the result points into
/// it.
///
/// errc::unreadable if the body as a whole is not JSON, or has no `object`, or
/// no array `entry`: keep `webhook.body()` in quarantine and answer 200. A part
/// that is well-formed JSON but not what it should be only loses itself.
///
/// Text: bytes that are not UTF-8 and lone surrogates (`\ud83d`) become U+FFFD,
/// NUL is left out. Ids: JSON strings or integers, kept digit by digit; with a
/// control character or beyond 1,024 bytes the event is unreadable.
///
/// `account_id` is the Page id, Instagram user_id or WhatsApp phone_number_id;
/// for WhatsApp events about no number it is the WABA id, and for `permissions`
/// the account whose permission changed (one event each; empty if none is
/// named).
outcome<parsed_webhook> parse_webhook(const verified_webhook& webhook);

} // namespace assistly::webhook
