/// An event as the journal keeps it, before it is sealed.
#pragma once

#include "model/event.hpp"

#include <optional>
#include <string>

namespace assistly {

std::string to_record(const inbound_event& event);

/// Nothing if the record is cut or of an unknown version.
std::optional<inbound_event> event_from_record(std::string_view record);

} // namespace assistly
