// The simulation from the command line: one seed or many, and what a seed did.
#include "tests/simulation/run.hpp"

#include <charconv>
#include <cstdio>
#include <exception>
#include <string_view>

namespace {

using namespace assistly::simulation;

constexpr const char* usage =
  "usage: simulate [--seed N | --seeds FROM..TO] [--trace] [--off DEFENCE]\n";

bool read_number(std::string_view text, std::uint64_t& number) {
  auto [end, error] =
    std::from_chars(text.data(), text.data() + text.size(), number);
  return error == std::errc{} && end == text.data() + text.size();
}

struct wish {
  plan order;
  std::uint64_t from = 1;
  std::uint64_t to = 200;
};

bool read_seeds(std::string_view text, wish& w) {
  auto dots = text.find("..");
  return dots != std::string_view::npos
         && read_number(text.substr(0, dots), w.from)
         && read_number(text.substr(dots + 2), w.to) && w.from <= w.to;
}

bool read_defect(std::string_view text, wish& w) {
  for (auto one : all_defects)
    if (to_string(one) == text) {
      w.order.off = one;
      return true;
    }
  return false;
}

bool read_wish(int argc, char** argv, wish& w) {
  for (int i = 1; i < argc; ++i) {
    std::string_view name{argv[i]};
    if (name == "--trace") {
      w.order.aloud = true;
      continue;
    }
    if (++i == argc)
      return false;
    std::string_view value{argv[i]};
    bool good = name == "--seed"    ? read_number(value, w.from)
                : name == "--seeds" ? read_seeds(value, w)
                : name == "--off"   ? read_defect(value, w)
                                    : false;
    if (!good)
      return false;
    if (name == "--seed")
      w.to = w.from;
  }
  return true;
}

int simulate(wish w) {
  seed_bed bed;
  int bad = 0;
  verdict all;
  for (auto seed = w.from; seed <= w.to; ++seed) {
    w.order.seed = seed;
    auto v = run(bed, w.order);
    all.crashes += v.crashes;
    all.deliveries += v.deliveries;
    all.counted.acknowledged += v.counted.acknowledged;
    all.counted.arrived += v.counted.arrived;
    all.counted.doubts += v.counted.doubts;
    all.counted.erased += v.counted.erased;
    if (w.from == w.to)
      std::printf("seed %llu, %llu steps, trace %016llx\n",
                  static_cast<unsigned long long>(seed),
                  static_cast<unsigned long long>(v.steps),
                  static_cast<unsigned long long>(v.hash));
    if (!v.broken.empty()) {
      ++bad;
      std::fputs(report(v).c_str(), stderr);
    }
  }
  std::printf("%llu seeds, %d broken; %d crashes, %llu deliveries, %llu "
              "acknowledged, %llu sends arrived, %llu in doubt, %llu erased\n",
              static_cast<unsigned long long>(w.to - w.from + 1), bad,
              all.crashes, static_cast<unsigned long long>(all.deliveries),
              static_cast<unsigned long long>(all.counted.acknowledged),
              static_cast<unsigned long long>(all.counted.arrived),
              static_cast<unsigned long long>(all.counted.doubts),
              static_cast<unsigned long long>(all.counted.erased));
  return bad == 0 ? 0 : 1;
}

} // namespace

int main(int argc, char** argv) {
  wish w;
  if (!read_wish(argc, argv, w)) {
    std::fputs(usage, stderr);
    return 2;
  }
  try {
    return simulate(w);
  } catch (const std::exception& e) {
    std::fprintf(stderr, "simulate: %s\n", e.what());
    return 1;
  }
}
