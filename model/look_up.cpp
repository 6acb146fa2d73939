#include "model/look_up.hpp"

#include "model/ids.hpp"

#include <algorithm>

namespace assistly {

namespace {

/// The channel's clock and ours differ a little, and it tells whole seconds.
constexpr milliseconds clocks_differ = seconds{5};

std::string_view trimmed(std::string_view text) noexcept {
  constexpr std::string_view blank = " \t\r\n";
  const auto from = text.find_first_not_of(blank);
  if (from == std::string_view::npos)
    return {};
  return text.substr(from, text.find_last_not_of(blank) - from + 1);
}

/// Newest first, and back to before `first`: nothing newer can be missing.
bool reaches_back(const shown_page& page, timestamp first) {
  const auto& all = page.messages;
  return !all.empty() && all.back().at < first
         && std::is_sorted(
           all.begin(), all.end(),
           [](const auto& a, const auto& b) { return a.at > b.at; });
}

} // namespace

bool can_look_up(channel_kind channel, turn_kind kind) noexcept {
  switch (channel) {
  case channel_kind::messenger:
  case channel_kind::instagram:
  case channel_kind::instagram_comments:
    return true;
  case channel_kind::page_comments:
    return kind != turn_kind::private_reply;
  case channel_kind::whatsapp:
    return false;
  }
  return false;
}

look_up_finding judge_look_up(const outbox_row& row, std::string_view text,
                              const shown_page& page) {
  if (!row.claimed_at)
    return {};
  const auto first = *row.claimed_at - clocks_differ;
  const auto mark = to_string(row.id);
  for (const auto& m : page.messages)
    if (!m.callback.empty() && m.callback == mark && !m.external_id.empty())
      return {look_up_verdict::found, m.external_id};
  bool unplaced = false;
  const shown_message* found = nullptr;
  for (const auto& m : page.messages) {
    if (m.known || m.at < first)
      continue;
    const bool same = trimmed(m.text) == trimmed(text);
    if (same && m.from == shown_side::business && !m.external_id.empty()) {
      // The oldest: what was said again later is something else.
      if (!found || m.at <= found->at)
        found = &m;
    } else {
      unplaced |= same || m.from != shown_side::customer;
    }
  }
  if (found)
    return {look_up_verdict::found, found->external_id};
  if (unplaced || !(page.whole || reaches_back(page, first)))
    return {};
  return {look_up_verdict::absent, {}};
}

bool may_repeat(const outbox_row& row, bool later_line_left) noexcept {
  return row.state == turn_state::unknown && row.next_try_at != timestamp{}
         && row.kind != turn_kind::private_reply && row.attempts <= 1
         && !later_line_left;
}

} // namespace assistly
