#include "telemetry/metrics.hpp"

#include <charconv>
#include <cmath>
#include <exception>
#include <utility>

namespace assistly::telemetry {

namespace {

std::string number(double value) {
  std::array<char, 32> buffer{};
  const auto end =
    std::to_chars(buffer.data(), buffer.data() + buffer.size(), value);
  return {buffer.data(), end.ptr};
}

/// Prometheus' text format: backslash, quote and line end are escaped; in a
/// help line the quote is not.
std::string escaped(std::string_view text, bool in_quotes) {
  std::string out;
  for (const char c : text) {
    if (c == '\\' || (c == '"' && in_quotes))
      out += '\\';
    out += c == '\n' ? std::string{"\\n"} : std::string(1, c);
  }
  return out;
}

std::string label_text(std::span<const label> labels) {
  std::string out;
  for (const label& each : labels) {
    out += out.empty() ? '{' : ',';
    out += each.name;
    out += "=\"" + escaped(each.value, true) + '"';
  }
  return out.empty() ? out : out + '}';
}

void append_sample(std::string& out, std::string_view name,
                   std::string_view suffix, std::string_view labels,
                   const std::string& value) {
  out += name;
  out += suffix;
  out += labels;
  out += ' ';
  out += value;
  out += '\n';
}

void append_histogram(std::string& out, std::string_view name,
                      const histogram& what) {
  std::uint64_t below = 0;
  const auto bounds = what.bounds();
  for (std::size_t i = 0; i <= bounds.size(); ++i) {
    below += what.in_bucket(i);
    const std::string end = i < bounds.size() ? number(bounds[i]) : "+Inf";
    append_sample(out, name, "_bucket", "{le=\"" + end + "\"}",
                  std::to_string(below));
  }
  append_sample(out, name, "_sum", "", number(what.sum()));
  // From the buckets just read, so that a count is never less than a bucket.
  append_sample(out, name, "_count", "", std::to_string(below));
}

} // namespace

histogram::histogram(std::span<const double> bounds)
  : bounds_(bounds), counts_(bounds.size() + 1) {}

void histogram::observe(double value) noexcept {
  if (std::isnan(value))
    return;
  if (value < 0)
    value = 0;
  std::size_t index = 0;
  while (index < bounds_.size() && value > bounds_[index])
    ++index;
  counts_[index].fetch_add(1, std::memory_order_relaxed);
  sum_.fetch_add(value, std::memory_order_relaxed);
}

std::uint64_t histogram::count() const noexcept {
  std::uint64_t all = 0;
  for (const auto& each : counts_)
    all += each.load(std::memory_order_relaxed);
  return all;
}

double histogram::sum() const noexcept {
  return sum_.load(std::memory_order_relaxed);
}

std::uint64_t histogram::in_bucket(std::size_t index) const noexcept {
  return counts_[index].load(std::memory_order_relaxed);
}

struct registry::series {
  std::string labels; // Rendered once: `{outcome="sent"}`.
  counter value;
};

struct registry::entry {
  metric_description what;
  std::string_view type;
  // Exactly one of the three is in use; a deque keeps its elements in place.
  std::deque<series> counters;
  std::unique_ptr<gauge> level;
  std::unique_ptr<histogram> spread;
};

registry::registry() = default;
registry::~registry() = default;

registry::entry& registry::entry_of(const metric_description& what,
                                    std::string_view type) {
  for (const auto& each : entries_) {
    if (each->what.name != what.name)
      continue;
    // One name, two types: a mistake in the table of metrics that every start
    // of the program would show.
    if (each->type != type)
      std::terminate();
    return *each;
  }
  entries_.push_back(std::make_unique<entry>());
  entries_.back()->what = what;
  entries_.back()->type = type;
  return *entries_.back();
}

counter& registry::add_series(const metric_description& what,
                              std::vector<label> labels) {
  const std::lock_guard hold(lock_);
  entry& into = entry_of(what, "counter");
  std::string text = label_text(labels);
  for (series& each : into.counters)
    if (each.labels == text)
      return each.value;
  series& made = into.counters.emplace_back();
  made.labels = std::move(text);
  return made.value;
}

counter& registry::add_counter(const metric_description& what) {
  return add_series(what, {});
}

gauge& registry::add_gauge(const metric_description& what) {
  const std::lock_guard hold(lock_);
  entry& into = entry_of(what, "gauge");
  if (!into.level)
    into.level = std::make_unique<gauge>();
  return *into.level;
}

histogram& registry::add_histogram(const metric_description& what,
                                   std::span<const double> bounds) {
  const std::lock_guard hold(lock_);
  entry& into = entry_of(what, "histogram");
  if (!into.spread)
    into.spread = std::make_unique<histogram>(bounds);
  return *into.spread;
}

std::string registry::render() const {
  const std::lock_guard hold(lock_);
  std::string out;
  for (const auto& each : entries_) {
    const std::string name{each->what.name};
    out += "# HELP " + name + ' ' + escaped(each->what.help, false) + '\n';
    out += "# TYPE " + name + ' ';
    out += each->type;
    out += '\n';
    for (const series& one : each->counters)
      append_sample(out, name, "", one.labels,
                    std::to_string(one.value.value()));
    if (each->level)
      append_sample(out, name, "", "", std::to_string(each->level->value()));
    if (each->spread)
      append_histogram(out, name, *each->spread);
  }
  return out;
}

} // namespace assistly::telemetry
