/// What happens when, in virtual time; of two things at one moment the one
/// noted first comes first.
#pragma once

#include "model/clock.hpp"

#include <functional>
#include <map>
#include <optional>
#include <utility>

namespace assistly::simulation {

class agenda {
public:
  void at(timestamp when, std::function<void()> what) {
    entries_.emplace(when, std::move(what));
  }

  std::optional<timestamp> next() const {
    if (entries_.empty())
      return std::nullopt;
    return entries_.begin()->first;
  }

  /// Precondition: there is something.
  void run_one() {
    auto first = entries_.extract(entries_.begin());
    first.mapped()();
  }

  void clear() {
    entries_.clear();
  }

private:
  std::multimap<timestamp, std::function<void()>> entries_;
};

} // namespace assistly::simulation
