/// What a business knows: the unit that is searched, quoted and named as a
/// source (INTERFACE section 4, `[[knowledge]]`).
#pragma once

#include <string>
#include <vector>

namespace assistly::answers {

/// One question with its phrasings and its one answer. All texts are UTF-8; a
/// broken byte is read as a gap between words, never as an error.
struct knowledge_entry {
  std::string id; ///< Unique within the tenant; the title where none is given.
  std::string title;
  std::string answer; ///< Sent word for word.
  std::string url;    ///< Where the customer may read more; may be empty.
  std::vector<std::string> questions;
  std::string language; ///< BCP 47 tag such as "es" or "pt-BR"; empty = guess.

  bool operator==(const knowledge_entry&) const = default;
};

/// An entry as it is named to a reader of an answer.
struct source {
  std::string id;
  std::string title;
  std::string url;

  bool operator==(const source&) const = default;
};

} // namespace assistly::answers
