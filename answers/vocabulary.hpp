/// The words an index knows, to be found again under a typing slip or another
/// ending.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace assistly::answers {

/// Immutable after `seal()`; then safe to read from any thread.
class vocabulary {
public:
  /// A known stem and its feature id. Repeats are dropped by `seal()`.
  void add(std::string_view stem, std::uint64_t id);
  void seal();

  struct match {
    std::uint64_t id = 0;
    float likeness = 0; ///< 0 = none, 1 = the same word.
  };

  /// The known word nearest to `stem` that begins with the same letter: one
  /// slip (two from 8 letters on; a swap of neighbours is one), or one word
  /// being a longer form of the other. Words under 4 letters have no near ones.
  match nearest(std::string_view stem) const;

private:
  struct known {
    std::u32string letters;
    std::uint64_t id;
  };

  std::vector<known> words_; // sorted by letters
};

} // namespace assistly::answers
