/// An event whose try was refused: counted in storage, and tried again from
/// there, or not any more (decision 11).
#pragma once

#include "actors/services.hpp"
#include "storage/dead_letters.hpp"

#include <functional>

namespace assistly::actors {

/// Whether what was refused is a try of the event's: a full disk and a stop
/// say nothing about it.
bool is_events_fault(errc code) noexcept;

/// Writes the try down; the journal hands the event out again when its time has
/// come. `then` hears whether that could be written: if not, whoever has the
/// event still owes it. Called on the writer's thread.
void count_failed_try(node_services& services,
                      const storage::journal_entry& event,
                      std::function<void(bool counted)> then);

/// An event that is a dead letter from now on: told to operators, once.
void tell_dead_letter(node_services& services, dead_reason reason,
                      std::int32_t tries);

} // namespace assistly::actors
