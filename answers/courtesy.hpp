/// Messages that need no reply: a mere "thanks", "ok" or heart.
#pragma once

#include "answers/normalise.hpp"

#include <string_view>

namespace assistly::answers {

/// Whether the message is thanks, assent or goodbye and nothing else. `raw` is
/// the text as written: with a question mark it asks something. In doubt false,
/// since silence towards a person who waits is worse than a needless hand-off.
bool is_mere_courtesy(const normal_text& message, std::string_view raw);

} // namespace assistly::answers
