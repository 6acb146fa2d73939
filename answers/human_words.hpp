/// Asking for a person, in many languages. Words alone are not enough: "what
/// are your agent fees" asks for a price.
#pragma once

#include "answers/normalise.hpp"

#include <span>
#include <string_view>

namespace assistly::answers {

/// Whether the message clearly asks for a person: it is nothing but that
/// ("human please", "agente"), or a verb of contact or of wanting stands beside
/// a word for a person ("can I talk to someone").
bool asks_for_human(const normal_text& message);

/// ISO 639-1 codes of the languages the table has.
std::span<const std::string_view> human_word_languages();

} // namespace assistly::answers
