#include "model/tries.hpp"

#include <algorithm>

namespace assistly {

std::string_view to_string(dead_reason reason) noexcept {
  switch (reason) {
  case dead_reason::unreadable:
    return "unreadable";
  case dead_reason::failed:
    return "failed";
  case dead_reason::died:
    return "died";
  }
  return "unknown";
}

milliseconds try_again_after(std::int32_t tries) noexcept {
  auto doublings = std::clamp(tries, 1, 10) - 1;
  return std::min<milliseconds>(seconds{4LL << doublings}, minutes{5});
}

std::size_t tried_together(std::int32_t tries, std::size_t page) noexcept {
  constexpr std::size_t part = 32;
  // One try means that it was refused by name: it is known.
  if (tries == 0)
    return page;
  return tries == 2 ? std::min(part, page) : 1;
}

} // namespace assistly
