/// Fixed phrases, looked for word by word in a normal text. Internal to the
/// tables of this room (`human_words`, `courtesy`).
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace assistly::answers {

/// Words of one phrase in normal form; one that ends in '*' stands for all its
/// longer forms.
using phrase = std::vector<std::string>;

/// Phrases separated by '|', spelled as people spell them.
std::vector<phrase> phrases_of(std::string_view list);

/// The words of `normal_text::line`.
std::vector<std::string_view> words_of(std::string_view line);

/// Words that the longest of `phrases` takes at `at`; 0 if none stands there.
std::size_t length_at(const std::vector<phrase>& phrases,
                      std::span<const std::string_view> words, std::size_t at);

} // namespace assistly::answers
