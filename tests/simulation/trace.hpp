/// What happened in a run, line by line. The same seed gives the same lines,
/// byte for byte (RELIABILITY P24).
#pragma once

#include "model/clock.hpp"
#include "model/ids.hpp"

#include <deque>
#include <string>
#include <string_view>

namespace assistly::simulation {

/// Enough of an id to tell it from the others of a run.
std::string brief(const uuid& id);
std::string brief(const lookup_hash& hash);

class trace {
public:
  /// With `aloud` each line also goes to the standard output.
  explicit trace(bool aloud) : aloud_(aloud) {}

  void say(timestamp at, std::string_view line);

  /// FNV-1a (64 bits) over all lines.
  std::uint64_t hash() const noexcept {
    return hash_;
  }

  std::uint64_t lines() const noexcept {
    return lines_;
  }

  /// The end of it, for a person who looks for what went wrong.
  std::string last() const;

private:
  bool aloud_;
  std::uint64_t hash_ = 14695981039346656037U;
  std::uint64_t lines_ = 0;
  std::deque<std::string> last_;
};

} // namespace assistly::simulation
