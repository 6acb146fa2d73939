/// A line for the team in a conversation, which the customer never sees.
#pragma once

#include "model/conversation.hpp"
#include "model/turn.hpp"

#include <string>

namespace assistly {

/// The next turn of `c`, said by the system now.
turn system_note(conversation& c, std::string text, timestamp now,
                 random_source& random);

} // namespace assistly
