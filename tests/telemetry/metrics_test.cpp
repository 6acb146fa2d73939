#include "telemetry/metrics.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <string>
#include <thread>
#include <vector>

namespace assistly::telemetry {

namespace {

enum class colour { red, green };
enum class size { small, large };

} // namespace

template <>
struct label_of<colour> {
  static constexpr std::string_view name = "colour";
  static constexpr std::array<std::string_view, 2> values{"red", "green"};

  static constexpr std::size_t index(colour value) noexcept {
    return static_cast<std::size_t>(value);
  }
};

template <>
struct label_of<size> {
  static constexpr std::string_view name = "size";
  static constexpr std::array<std::string_view, 2> values{"small", "lar\"ge"};

  static constexpr std::size_t index(size value) noexcept {
    return static_cast<std::size_t>(value);
  }
};

namespace {

constexpr metric_description apples{"apples_total", "Apples\nsold."};
constexpr metric_description waits{"waits_seconds", "Seconds waited."};
constexpr metric_description open_doors{"open_doors", "Doors open now."};
constexpr std::array<double, 2> two_bounds{0.1, 1.0};

TEST(registry, renders_a_counter_with_help_and_type) {
  registry all;
  all.add_counter(apples).add(3);
  EXPECT_EQ(all.render(), "# HELP apples_total Apples\\nsold.\n"
                          "# TYPE apples_total counter\n"
                          "apples_total 3\n");
}

TEST(registry, renders_a_gauge_that_goes_up_and_down) {
  registry all;
  gauge& doors = all.add_gauge(open_doors);
  doors.set(5);
  doors.add(-7);
  EXPECT_NE(all.render().find("# TYPE open_doors gauge\nopen_doors -2\n"),
            std::string::npos);
}

TEST(registry, renders_a_histogram_with_growing_buckets) {
  registry all;
  histogram& spread = all.add_histogram(waits, two_bounds);
  spread.observe(0.1); // A bound belongs to its own bucket.
  spread.observe(0.5);
  spread.observe(7);
  EXPECT_EQ(all.render(), "# HELP waits_seconds Seconds waited.\n"
                          "# TYPE waits_seconds histogram\n"
                          "waits_seconds_bucket{le=\"0.1\"} 1\n"
                          "waits_seconds_bucket{le=\"1\"} 2\n"
                          "waits_seconds_bucket{le=\"+Inf\"} 3\n"
                          "waits_seconds_sum 7.6\n"
                          "waits_seconds_count 3\n");
}

TEST(histogram, counts_the_negative_as_zero_and_no_number_not_at_all) {
  histogram spread{two_bounds};
  spread.observe(-4);
  spread.observe(std::nan(""));
  EXPECT_EQ(spread.count(), 1U);
  EXPECT_EQ(spread.in_bucket(0), 1U);
  EXPECT_EQ(spread.sum(), 0.0);
}

TEST(counter_family, shows_every_combination_from_the_start) {
  registry all;
  const counter_family<colour, size> family{all, apples};
  family.at(colour::green, size::small).add();
  family.at(colour::red, size::large).add(2);
  EXPECT_EQ(all.render(),
            "# HELP apples_total Apples\\nsold.\n"
            "# TYPE apples_total counter\n"
            "apples_total{colour=\"red\",size=\"small\"} 0\n"
            "apples_total{colour=\"red\",size=\"lar\\\"ge\"} 2\n"
            "apples_total{colour=\"green\",size=\"small\"} 1\n"
            "apples_total{colour=\"green\",size=\"lar\\\"ge\"} 0\n");
}

TEST(counter_family, counts_what_is_no_enumerator_as_the_last_one) {
  registry all;
  const counter_family<colour> family{all, apples};
  family.at(static_cast<colour>(77)).add();
  EXPECT_EQ(family.at(colour::green).value(), 1U);
}

TEST(registry, gives_the_same_handle_for_the_same_name) {
  registry all;
  EXPECT_EQ(&all.add_counter(apples), &all.add_counter(apples));
  EXPECT_EQ(&all.add_gauge(open_doors), &all.add_gauge(open_doors));
  const counter_family<colour> first{all, waits};
  const counter_family<colour> second{all, waits};
  EXPECT_EQ(&first.at(colour::red), &second.at(colour::red));
}

TEST(registry_death, stops_a_program_that_uses_one_name_for_two_types) {
  testing::FLAGS_gtest_death_test_style = "threadsafe";
  registry all;
  all.add_counter(apples);
  EXPECT_DEATH(all.add_gauge(apples), "");
}

TEST(metrics, lose_no_count_between_threads) {
  registry all;
  counter& sold = all.add_counter(apples);
  histogram& spread = all.add_histogram(waits, two_bounds);
  std::vector<std::thread> sellers;
  for (int seller = 0; seller < 4; ++seller)
    sellers.emplace_back([&] {
      for (int i = 0; i < 10000; ++i) {
        sold.add();
        spread.observe(0.5);
      }
    });
  for (auto& each : sellers)
    each.join();
  EXPECT_EQ(sold.value(), 40000U);
  EXPECT_EQ(spread.count(), 40000U);
  EXPECT_EQ(spread.sum(), 20000.0);
}

} // namespace
} // namespace assistly::telemetry
