/// When the subscriptions are looked at, and how far back what was missed is
/// fetched. Pure.
#pragma once

#include "model/clock.hpp"

#include <algorithm>
#include <cstddef>
#include <optional>

namespace assistly {

/// Every subscription is looked at this often: no Page stays unsubscribed for
/// longer after an outage (RELIABILITY P12).
inline constexpr milliseconds watch_period = minutes{5};

/// The looks after a start are spread over this.
inline constexpr milliseconds first_looks_within = minutes{1};

/// What Meta could not deliver for less than this it delivers again by itself.
inline constexpr milliseconds outage_counts_from = minutes{15};

/// As far back as missed messages are fetched: older ones may not be answered
/// any more (CONTRACT 9).
inline constexpr milliseconds history_reaches = hours{24};

/// An own send is echoed within seconds.
inline constexpr milliseconds echo_is_late_after = minutes{2};

/// A look that taught nothing, and a subscription that was refused, are tried
/// again after this.
inline constexpr milliseconds watch_again_after = seconds{30};

/// When number `index` of `count` is looked at first.
constexpr timestamp first_look(timestamp start, std::size_t index,
                               std::size_t count) noexcept {
  if (count == 0)
    return start;
  return start
         + first_looks_within * static_cast<std::int64_t>(index)
             / static_cast<std::int64_t>(count);
}

/// Was the node away for so long that messages may be missing? `last_alive` as
/// it wrote it down; nothing if it never ran.
constexpr bool was_away(std::optional<timestamp> last_alive,
                        timestamp now) noexcept {
  return last_alive && now - *last_alive >= outage_counts_from;
}

/// From when on missed messages are ours: never from before the channel was
/// watched, for what was said then was said to others.
constexpr timestamp fill_from(timestamp watched_since, timestamp now) noexcept {
  return std::max(watched_since, now - history_reaches);
}

} // namespace assistly
