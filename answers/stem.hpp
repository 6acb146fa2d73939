/// Word stems by Snowball, for the languages it knows.
#pragma once

#include <string>
#include <string_view>

namespace assistly::answers {

/// Whether words of this language (ISO 639-1) can be stemmed.
bool can_stem(std::string_view language);

/// The stem of a lower-case UTF-8 word; the word itself in a language that
/// cannot be stemmed. Safe from any thread: each has its own stemmers.
std::string stem(std::string_view language, const std::string& word);

} // namespace assistly::answers
