#include "model/window.hpp"

namespace assistly {

std::optional<timestamp> window_closes_at(const conversation& c) {
  if (!c.customer_acted_at)
    return std::nullopt;
  if (is_comment_channel(c.kind))
    return *c.customer_acted_at + private_reply_window;
  return *c.customer_acted_at + reply_window;
}

bool may_send(const conversation& c, turn_kind kind, timestamp now) {
  auto closes = window_closes_at(c);
  switch (kind) {
  case turn_kind::public_reply:
    return is_comment_channel(c.kind) && closes.has_value();
  case turn_kind::private_reply:
    return is_comment_channel(c.kind) && closes && now < *closes
           && !c.to.aliases.empty();
  case turn_kind::text:
    return !is_comment_channel(c.kind) && closes && now < *closes;
  case turn_kind::note:
    return true;
  }
  return false;
}

} // namespace assistly
