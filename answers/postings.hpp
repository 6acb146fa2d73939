/// Feature -> where it occurs, in two flat arrays: a hash table without chains
/// and one run of postings for each feature.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace assistly::answers {

/// Immutable after construction; then safe to read from any thread. `Posting`
/// has a member `where` by which a feature's postings are sorted.
template <class Posting>
class posting_lists {
public:
  struct occurrence {
    std::uint64_t feature;
    Posting posting;
  };

  posting_lists() = default;

  /// Each (feature, where) pair must occur once.
  explicit posting_lists(std::vector<occurrence> all) {
    std::sort(all.begin(), all.end(), [](const auto& a, const auto& b) {
      return a.feature != b.feature ? a.feature < b.feature
                                    : a.posting.where < b.posting.where;
    });
    std::size_t features = 0;
    for (std::size_t i = 0; i < all.size(); ++i)
      features += i == 0 || all[i].feature != all[i - 1].feature ? 1U : 0U;
    std::size_t slots = 16;
    while (slots < features * 2)
      slots *= 2;
    slots_.resize(slots);
    postings_.reserve(all.size());
    for (std::size_t i = 0; i < all.size(); ++i) {
      if (i == 0 || all[i].feature != all[i - 1].feature)
        open(all[i].feature);
      postings_.push_back(all[i].posting);
      ++slots_[last_].count;
    }
  }

  /// Empty for a feature that never occurred.
  std::span<const Posting> find(std::uint64_t feature) const {
    if (slots_.empty())
      return {};
    for (auto i = feature & (slots_.size() - 1); slots_[i].count != 0;
         i = (i + 1) & (slots_.size() - 1))
      if (slots_[i].feature == feature)
        return std::span(postings_).subspan(slots_[i].first, slots_[i].count);
    return {};
  }

  /// The posting of `feature` at `where`, or null.
  const Posting* find(std::uint64_t feature, std::uint32_t where) const {
    const auto list = find(feature);
    const auto at = std::lower_bound(
      list.begin(), list.end(), where,
      [](const Posting& p, std::uint32_t w) { return p.where < w; });
    return at == list.end() || at->where != where ? nullptr : &*at;
  }

private:
  struct slot {
    std::uint64_t feature = 0;
    std::uint32_t first = 0;
    std::uint32_t count = 0; // 0 = free
  };

  void open(std::uint64_t feature) {
    last_ = feature & (slots_.size() - 1);
    while (slots_[last_].count != 0)
      last_ = (last_ + 1) & (slots_.size() - 1);
    slots_[last_].feature = feature;
    slots_[last_].first = static_cast<std::uint32_t>(postings_.size());
  }

  std::vector<slot> slots_;
  std::vector<Posting> postings_;
  std::size_t last_ = 0;
};

} // namespace assistly::answers
