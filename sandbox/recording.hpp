/// What the Graph side was asked, for tests and for the load bench.
#pragma once

#include "model/channel.hpp"

#include <array>
#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

namespace assistly::sandbox {

/// One call of the Graph API and its result. Tokens are never in it.
struct observed_call {
  std::uint64_t number = 0;
  std::int64_t at_us = 0; ///< Arrival, microseconds since 1970.
  std::string method;
  std::string path;
  std::string_view token_in; ///< header, query, body or none
  bool proof = false;        ///< An appsecret_proof came with it.
  std::optional<channel_kind> channel;
  std::string account_id;
  std::string recipient;  ///< As sent; empty for comments.
  std::string comment_id; ///< Replied to, publicly or privately.
  std::string text;
  std::string metadata;   ///< metadata or biz_opaque_callback_data
  std::string_view fault; ///< Kind of the fault that struck; empty: none.
  /// The message exists now, whatever the answer said.
  bool accepted = false;
  bool is_send = false; ///< A message or a comment with text.
  int status = 0;       ///< HTTP; 0 if it was left without an answer.
  int code = 0;
  int subcode = 0;
  std::string id; ///< Of the message or comment made.
};

/// Whether a 64-bit mark was seen before, among the last half million at least.
class recent_marks {
public:
  bool seen_before(std::uint64_t mark);
  void clear();

private:
  static constexpr std::size_t generation = 500000;

  std::unordered_set<std::uint64_t> newer_;
  std::unordered_set<std::uint64_t> older_;
};

/// Times in buckets of a fixed number: eight to each doubling, so that a bucket
/// is off by an eighth at most.
class time_histogram {
public:
  void add(std::int64_t microseconds) noexcept;

  std::uint64_t count() const noexcept {
    return count_;
  }

  std::int64_t longest() const noexcept {
    return longest_;
  }

  /// Upper bound of the bucket that holds that share (0..1) of all, at most the
  /// longest seen; 0 without any.
  std::int64_t quantile(double share) const noexcept;

private:
  std::array<std::uint64_t, 8 * 48> buckets_{};
  std::uint64_t count_ = 0;
  std::int64_t longest_ = 0;
};

struct send_counts {
  std::uint64_t calls = 0; ///< Of any kind.
  std::uint64_t sends = 0;
  std::uint64_t accepted = 0;
  std::uint64_t refused = 0;
  /// Accepted once more with the same recipient, text and metadata.
  std::uint64_t duplicates = 0;
  std::array<std::uint64_t, 6> accepted_by_channel{}; ///< By channel_kind.
};

/// Keeps the last calls, or only counts them.
class recording {
public:
  static constexpr std::size_t most_kept = 10000;

  /// With `keep` off, memory does not grow with the number of calls.
  void set_keep(bool keep);

  bool keeps() const noexcept {
    return keep_;
  }

  void add(observed_call call);

  /// From a customer's message to the first answer to it, microseconds.
  void answered_after(std::int64_t microseconds) noexcept {
    answer_times_.add(microseconds);
  }

  const std::deque<observed_call>& calls() const noexcept {
    return calls_;
  }

  const send_counts& counts() const noexcept {
    return counts_;
  }

  const time_histogram& answer_times() const noexcept {
    return answer_times_;
  }

  void clear();

private:
  bool keep_ = true;
  std::uint64_t last_number_ = 0;
  std::deque<observed_call> calls_;
  send_counts counts_;
  recent_marks marks_;
  time_histogram answer_times_;
};

} // namespace assistly::sandbox
