/// Events that are kept as they came. Private to protocol/webhook.
#pragma once

#include "protocol/webhook/dedupe_key.hpp"
#include "protocol/webhook/json_reading.hpp"
#include "protocol/webhook/parse_webhook.hpp"

#include <string_view>
#include <utility>

namespace assistly::webhook {

/// Adds `event` as `other`, with the source of `whole` as its JSON and, if it
/// has no key yet, as its key. `broken` if that nests too deep to be kept.
inline reading keep_raw(ondemand::object& whole, const account_ref& account,
                        std::string_view what, inbound_event event,
                        parsed_webhook& out) {
  const auto source = source_of(whole);
  if (!source)
    return reading::dead;
  if (!nests_at_most(*source, deepest_kept_json))
    return reading::broken;
  event.kind = event_kind::other;
  event.channel = account.channel;
  event.account_id = account.id;
  event.what = what;
  event.raw = *source;
  if (event.dedupe_key.empty())
    event.dedupe_key = content_key(account, *source);
  out.events.push_back(std::move(event));
  return reading::done;
}

/// Puts a part that could not be read aside. `part` is a value nothing has been
/// read of, or an object.
template <class Part>
reading set_aside(Part& part, parsed_webhook& out) {
  const auto source = source_of(part);
  if (!source)
    return reading::dead;
  ++out.unreadable_parts;
  out.quarantine.emplace_back(*source);
  return reading::done;
}

/// Reads one element of a batch. If it is broken it goes aside, and the others
/// are as if it were not there.
template <class Reader>
reading read_or_set_aside(ondemand::value& element, parsed_webhook& out,
                          Reader&& read) {
  ondemand::object object;
  auto how = open(element, object);
  if (how == reading::broken)
    return set_aside(element, out);
  if (how == reading::done)
    how = read(object);
  return how == reading::broken ? set_aside(object, out) : how;
}

/// The same for each element of a list; null is an empty one, and anything but
/// an array goes aside as a whole.
template <class Reader>
reading read_batch(ondemand::value& list, parsed_webhook& out, Reader&& read) {
  if (is_null(token_of(list)))
    return reading::done;
  ondemand::array elements;
  const auto how = open(list, elements);
  if (how == reading::broken)
    return set_aside(list, out);
  if (how == reading::dead)
    return how;
  return each_element(elements, [&](ondemand::value& element) {
    return read_or_set_aside(element, out, read);
  });
}

} // namespace assistly::webhook
