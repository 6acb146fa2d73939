/// Counters, gauges and histograms for Prometheus.
///
/// Everything is registered once, when the program starts, and handed on as a
/// reference; afterwards a count is one relaxed atomic addition. A label's
/// values are those of an enum: there is no way to pass a text, so no tenant's
/// and no person's id can become one (INTERFACE section 5).
#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <mutex>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace assistly::telemetry {

/// Goes up only.
class counter {
public:
  void add(std::uint64_t by = 1) noexcept {
    value_.fetch_add(by, std::memory_order_relaxed);
  }

  std::uint64_t value() const noexcept {
    return value_.load(std::memory_order_relaxed);
  }

private:
  std::atomic<std::uint64_t> value_{0};
};

/// How many there are now.
class gauge {
public:
  void set(std::int64_t to) noexcept {
    value_.store(to, std::memory_order_relaxed);
  }

  void add(std::int64_t by) noexcept {
    value_.fetch_add(by, std::memory_order_relaxed);
  }

  std::int64_t value() const noexcept {
    return value_.load(std::memory_order_relaxed);
  }

private:
  std::atomic<std::int64_t> value_{0};
};

/// Upper ends of the buckets, in seconds: from a durable commit to a model
/// provider's slow answer.
inline constexpr std::array<double, 15> second_buckets{
  0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1,
  0.25,   0.5,   1.0,    2.5,   5.0,  10.0,  30.0};

/// Upper ends in seconds for what may be late by a day after an outage.
inline constexpr std::array<double, 9> lateness_buckets{
  0.5, 1.0, 2.0, 5.0, 10.0, 60.0, 600.0, 3600.0, 86400.0};

/// Upper ends in units of work.
inline constexpr std::array<double, 10> batch_buckets{
  1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 64.0, 128.0, 256.0, 512.0};

/// How often a value fell into each bucket, and the sum.
class histogram {
public:
  /// `bounds` ascend and live as long as the histogram.
  explicit histogram(std::span<const double> bounds);

  /// A negative value counts as 0; what is not a number is not counted.
  void observe(double value) noexcept;

  std::uint64_t count() const noexcept;
  double sum() const noexcept;

  std::span<const double> bounds() const noexcept {
    return bounds_;
  }

  /// How many fell into bucket `index` alone; the last index is "above all".
  std::uint64_t in_bucket(std::size_t index) const noexcept;

private:
  std::span<const double> bounds_;
  std::vector<std::atomic<std::uint64_t>> counts_;
  std::atomic<double> sum_{0.0};
};

/// What a label is called and which values it has; specialised for each enum
/// that may be one: `name`, `values` and `index(E)` below `values.size()`.
template <class E>
struct label_of;

/// A metric's name and its line of help, both literals.
struct metric_description {
  std::string_view name;
  std::string_view help;
};

/// One label with one of its values.
struct label {
  std::string_view name;
  std::string_view value;
};

/// Owns all metrics; the references it gives live as long as it does.
class registry {
public:
  registry();
  ~registry();
  registry(const registry&) = delete;
  registry& operator=(const registry&) = delete;

  counter& add_counter(const metric_description& what);
  gauge& add_gauge(const metric_description& what);
  histogram& add_histogram(const metric_description& what,
                           std::span<const double> bounds);

  /// All metrics in the order of their registration, in Prometheus' text format
  /// 0.0.4 (`text/plain; version=0.0.4`).
  std::string render() const;

private:
  template <class... Labels>
  friend class counter_family;

  struct series;
  struct entry;

  counter& add_series(const metric_description& what,
                      std::vector<label> labels);
  entry& entry_of(const metric_description& what, std::string_view type);

  mutable std::mutex lock_;
  std::deque<std::unique_ptr<entry>> entries_;
};

/// One counter for each combination of its labels' values, all there from the
/// start, so that a rate is right from the first scrape on.
template <class... Labels>
class counter_family {
public:
  counter_family(registry& all, const metric_description& what) {
    series_.resize((label_of<Labels>::values.size() * ...));
    std::array<std::size_t, sizeof...(Labels)> at{};
    for (std::size_t flat = 0; flat < series_.size(); ++flat) {
      std::size_t rest = flat;
      for (std::size_t i = sizeof...(Labels); i-- > 0;) {
        at[i] = rest % sizes[i];
        rest /= sizes[i];
      }
      std::vector<label> labels;
      std::size_t i = 0;
      ((labels.push_back(
          {label_of<Labels>::name, label_of<Labels>::values[at[i]]}),
        ++i),
       ...);
      series_[flat] = &all.add_series(what, std::move(labels));
    }
  }

  counter& at(Labels... values) const noexcept {
    std::size_t flat = 0;
    std::size_t i = 0;
    ((flat = flat * sizes[i++] + clamped<Labels>(values)), ...);
    return *series_[flat];
  }

private:
  static constexpr std::array<std::size_t, sizeof...(Labels)> sizes{
    label_of<Labels>::values.size()...};

  // A number that is no enumerator of its type counts as the last one, so that
  // a bug elsewhere cannot write outside of the list.
  template <class E>
  static std::size_t clamped(E value) noexcept {
    const std::size_t index = label_of<E>::index(value);
    constexpr std::size_t last = label_of<E>::values.size() - 1;
    return index > last ? last : index;
  }

  std::vector<counter*> series_;
};

} // namespace assistly::telemetry
