#include "sandbox/recording.hpp"

#include <algorithm>
#include <bit>

namespace assistly::sandbox {

namespace {

/// FNV-1a, 64 bits: spread is all that is asked of it.
std::uint64_t mark_of(const observed_call& call) noexcept {
  std::uint64_t hash = 0xcbf29ce484222325;
  const auto mix = [&](std::string_view part) {
    for (const char c : part)
      hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3;
    hash = (hash ^ 0xff) * 0x100000001b3;
  };
  mix(call.account_id);
  mix(call.recipient);
  mix(call.comment_id);
  mix(call.text);
  mix(call.metadata);
  return hash;
}

/// Below 8 each value has its own; above, the three bits behind the first one
/// choose among the eight of a doubling.
std::size_t bucket_of(std::uint64_t value) noexcept {
  if (value < 8)
    return static_cast<std::size_t>(value);
  const auto exponent = static_cast<unsigned>(std::bit_width(value)) - 1;
  return (exponent - 2) * std::size_t{8} + ((value >> (exponent - 3)) & 7);
}

/// The first value behind a bucket.
std::uint64_t end_of(std::size_t bucket) noexcept {
  if (bucket < 8)
    return bucket + 1;
  const auto exponent = bucket / 8 + 2;
  return (8 + bucket % 8 + 1) << (exponent - 3);
}

} // namespace

bool recent_marks::seen_before(std::uint64_t mark) {
  if (newer_.contains(mark) || older_.contains(mark))
    return true;
  if (newer_.size() >= generation) {
    older_ = std::move(newer_);
    newer_.clear();
  }
  newer_.insert(mark);
  return false;
}

void recent_marks::clear() {
  newer_.clear();
  older_.clear();
}

void time_histogram::add(std::int64_t microseconds) noexcept {
  const auto value =
    static_cast<std::uint64_t>(std::max<std::int64_t>(microseconds, 0));
  ++buckets_[std::min(bucket_of(value), buckets_.size() - 1)];
  ++count_;
  longest_ = std::max(longest_, static_cast<std::int64_t>(value));
}

std::int64_t time_histogram::quantile(double share) const noexcept {
  const auto wanted = share * static_cast<double>(count_);
  std::uint64_t seen = 0;
  for (std::size_t n = 0; n < buckets_.size(); ++n) {
    seen += buckets_[n];
    if (seen > 0 && static_cast<double>(seen) >= wanted)
      return std::min(longest_, static_cast<std::int64_t>(end_of(n)));
  }
  return longest_;
}

void recording::set_keep(bool keep) {
  keep_ = keep;
  if (!keep)
    calls_.clear();
}

void recording::add(observed_call call) {
  call.number = ++last_number_;
  ++counts_.calls;
  if (call.is_send) {
    ++counts_.sends;
    ++(call.accepted ? counts_.accepted : counts_.refused);
    if (call.accepted) {
      if (call.channel)
        ++counts_.accepted_by_channel[static_cast<std::size_t>(*call.channel)];
      counts_.duplicates += marks_.seen_before(mark_of(call));
    }
  }
  if (!keep_)
    return;
  calls_.push_back(std::move(call));
  if (calls_.size() > most_kept)
    calls_.pop_front();
}

void recording::clear() {
  calls_.clear();
  counts_ = {};
  marks_.clear();
  answer_times_ = {};
}

} // namespace assistly::sandbox
