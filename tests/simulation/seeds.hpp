/// Runs of many seeds, as the tests ask for them.
#pragma once

#include "tests/simulation/run.hpp"

#include <cstdlib>
#include <string>

namespace assistly::simulation {

/// The number in an environment variable, or `fallback`.
inline std::uint64_t wanted(const char* variable, std::uint64_t fallback) {
  const char* text = std::getenv(variable);
  return text ? std::strtoull(text, nullptr, 10) : fallback;
}

struct total {
  std::uint64_t seeds = 0;
  std::uint64_t broken = 0;
  int crashes = 0;
  std::uint64_t deliveries = 0;
  std::uint64_t arrived = 0;
  std::uint64_t doubts = 0;
  std::uint64_t erased = 0;
  /// Of the first that broke.
  std::string first_report;

  void add(const verdict& v) {
    ++seeds;
    crashes += v.crashes;
    deliveries += v.deliveries;
    arrived += v.counted.arrived;
    doubts += v.counted.doubts;
    erased += v.counted.erased;
    if (v.broken.empty())
      return;
    if (broken++ == 0)
      first_report = report(v);
  }

  /// One line for whoever reads the log of a test.
  std::string figures() const {
    return std::to_string(seeds) + " runs, " + std::to_string(crashes)
           + " crashes, " + std::to_string(deliveries) + " deliveries, "
           + std::to_string(arrived) + " sends at Meta, "
           + std::to_string(doubts) + " in doubt, " + std::to_string(erased)
           + " erasures, " + std::to_string(broken) + " broken";
  }
};

/// Seeds 1 … `seeds` of one plan.
inline total run_seeds(plan order, std::uint64_t seeds) {
  seed_bed bed;
  total all;
  for (order.seed = 1; order.seed <= seeds; ++order.seed)
    all.add(run(bed, order));
  return all;
}

} // namespace assistly::simulation
