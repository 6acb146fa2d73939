/// The words of a hand-off: one message for the customer, one note for the
/// people who take over. Whether and when is decided elsewhere.
#pragma once

#include "answers/decide.hpp"

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace assistly::answers {

/// Customer's lines in a note, and code points of each.
inline constexpr std::size_t note_lines = 5;
inline constexpr std::size_t note_line_code_points = 300;

/// The one message the customer gets: the business's own
/// (`handover.message`), or where that is empty a sentence in `language` (BCP
/// 47), or in English.
std::string hand_off_message(std::string_view own_message,
                             std::string_view language);

/// The internal note: why, in words; the customer's last lines; what was found
/// and not sent. `lines` are oldest first. Contains customer text: for the
/// inbox, never for a log.
std::string hand_off_note(const answer& decided,
                          const std::vector<std::string>& lines);

} // namespace assistly::answers
