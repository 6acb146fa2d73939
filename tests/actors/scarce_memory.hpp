/// Memory that runs out in an actor: the one failure that can meet any handler.
#pragma once

#include <cstddef>

namespace assistly::fakes {

/// The next allocation of just so many bytes on a thread that runs actors
/// fails with `std::bad_alloc`, once.
void refuse_once(std::size_t bytes) noexcept;

/// False once that allocation was asked for.
bool is_refusing() noexcept;

} // namespace assistly::fakes
