/// One simulated run, from its seed to its verdict.
#pragma once

#include "tests/simulation/checker.hpp"
#include "tests/simulation/node.hpp"
#include "tests/simulation/plan.hpp"

#include <string>
#include <vector>

namespace assistly::simulation {

struct verdict {
  std::uint64_t seed = 0;
  /// What was broken, in order; empty if nothing was.
  std::vector<std::string> broken;
  std::uint64_t hash = 0;
  std::uint64_t steps = 0;
  int crashes = 0;
  std::uint64_t deliveries = 0;
  checker::figures counted;
  /// The last lines of the trace.
  std::string last;
};

/// Never throws for what the product does wrong.
verdict run(seed_bed& bed, const plan& order);

/// What a person needs of a run that failed: what broke, how it went at the
/// end, and how to see it again.
std::string report(const verdict& v);

} // namespace assistly::simulation
