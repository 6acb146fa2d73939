/// What the channel's own record says of a send that nobody vouched for
/// (DESIGN section 2, reconcile). Pure: what was read goes in.
#pragma once

#include "model/channel.hpp"
#include "model/policy.hpp"
#include "model/turn.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace assistly {

/// A send in doubt is looked up this long after its claim, where the channel
/// has a record of what was said: by then an echo or status would have come
/// (CONTRACT 12), and there is time left before people are told.
inline constexpr milliseconds looked_up_after = seconds{30};

/// Who said something, as far as the channel tells.
enum class shown_side : std::uint8_t {
  unsaid, ///< It names nobody, or somebody we cannot place.
  customer,
  business,
};

/// A message or comment as the channel's read interface shows it.
struct shown_message {
  std::string external_id;
  std::string text;
  /// What we attach to our sends, where the channel shows it.
  std::string callback;
  /// Whole seconds; that is all the channel tells (CONTRACT 3.4).
  timestamp at{};
  shown_side from = shown_side::unsaid;
  /// It is in our books already, as something else than the send looked for.
  bool known = false;
};

/// One well-formed answer of the read interface, in the channel's order.
struct shown_page {
  std::vector<shown_message> messages;
  /// The channel has nothing beyond what the page shows.
  bool whole = false;
};

/// Has the channel a place where such a send could be seen? WhatsApp has none,
/// and a Page names no conversation for a private reply before its author has
/// answered it (CONTRACT 10, 12).
bool can_look_up(channel_kind channel, turn_kind kind) noexcept;

/// When a send in doubt is looked up, from the time at which people are told.
constexpr timestamp look_up_at(timestamp shown_at) noexcept {
  return shown_at - (doubt_shown_after - looked_up_after);
}

enum class look_up_verdict : std::uint8_t {
  found,   ///< It is there: sent.
  absent,  ///< The page covers the time of its claim and does not hold it.
  unclear, ///< Neither is proved.
};

struct look_up_finding {
  look_up_verdict verdict = look_up_verdict::unclear;
  /// The channel's id, with `found`.
  std::string external_id;
};

/// Looks for the send with these words. Whatever the business said since the
/// claim and nobody can place makes it `unclear`: it may be the send in other
/// words.
look_up_finding judge_look_up(const outbox_row& row, std::string_view text,
                              const shown_page& page);

/// May a send that is proved absent go out again? Once, while people were not
/// told of it yet, and not behind what was said after it. Never a private
/// reply: there is one per comment, and a second try may burn it (CONTRACT 10).
bool may_repeat(const outbox_row& row, bool later_line_left) noexcept;

} // namespace assistly
